/**
 * The guarantee as a document that outsiders can check: an in-toto statement in a DSSE envelope,
 * the keys that sign it, the bundle it travels in and the verifier that trusts none of them.
 *
 * <p>Formats: in-toto Attestation Framework, Statement v1; Dead Simple Signing Envelope (DSSE) 1.0;
 * RFC 8032 (Ed25519); FIPS 204 (ML-DSA); RFC 5958 and RFC 8018 (private keys under a passphrase).
 */
@NullMarked
package io.rona.privacy.certificate;

import org.jspecify.annotations.NullMarked;
