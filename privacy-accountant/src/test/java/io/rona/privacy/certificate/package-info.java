/** Tests of keys, certificates, bundles and their verifier. */
@NullMarked
package io.rona.privacy.certificate;

import org.jspecify.annotations.NullMarked;
