package io.rona.privacy.certificate;

import io.rona.privacy.Sha256;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * A public key that checks signatures.
 *
 * <p>Its id is the SHA-256 of its SubjectPublicKeyInfo in DER (RFC 5280), so that two keys share an
 * id only if they are the same key. Immutable and safe to share between threads.
 */
public final class VerificationKey {
  private static final int MAX_DER_BYTES = 8192;

  private final SigningAlgorithm algorithm;
  private final byte[] der;
  private final PublicKey key;
  private final String keyId;

  private VerificationKey(SigningAlgorithm algorithm, byte[] der, PublicKey key) {
    this.algorithm = algorithm;
    this.der = der;
    this.key = key;
    this.keyId = Sha256.of(der);
  }

  /**
   * Reads a key from its SubjectPublicKeyInfo.
   *
   * @param der the DER encoding; copied
   * @return the key
   * @throws VerificationException if the bytes are not the DER encoding of a key of a supported
   *     algorithm, or the key is one no honest signer has (an Ed25519 point of small order)
   */
  public static VerificationKey ofDer(byte[] der) {
    if (!(der.length <= MAX_DER_BYTES)) {
      throw new VerificationException(
          "public key must be at most " + MAX_DER_BYTES + " bytes, but has " + der.length);
    }
    try {
      SubjectPublicKeyInfo info =
          SubjectPublicKeyInfo.getInstance(ASN1Primitive.fromByteArray(der));
      if (!Arrays.equals(info.getEncoded(ASN1Encoding.DER), der)) {
        throw new VerificationException("public key must be in DER");
      }
      return of(info, der.clone());
    } catch (IOException | RuntimeException e) {
      throw e instanceof VerificationException known
          ? known
          : new VerificationException("public key is not a SubjectPublicKeyInfo", e);
    }
  }

  private static VerificationKey of(SubjectPublicKeyInfo info, byte[] der) throws IOException {
    SigningAlgorithm algorithm = SigningAlgorithm.ofIdentifier(info.getAlgorithm());
    if (algorithm == SigningAlgorithm.ED25519
        && !Ed25519.validatePublicKeyFull(info.getPublicKeyData().getOctets(), 0)) {
      throw new VerificationException("public key is not an Ed25519 point of full order");
    }
    PublicKey key = Providers.publicKey(info);
    if (key == null) {
      throw new VerificationException("public key of " + algorithm + " cannot be read");
    }
    return new VerificationKey(algorithm, der, key);
  }

  /**
   * Reads a key from PEM text.
   *
   * @param pem one block labelled PUBLIC KEY (RFC 7468)
   * @return the key
   * @throws VerificationException if the text is not such a block or the key not a supported one
   */
  public static VerificationKey ofPem(String pem) {
    PemBlock block = PemBlock.parse(pem, "public key");
    if (!block.label().equals(PemBlock.PUBLIC_KEY)) {
      throw new VerificationException(
          "public key must be a PEM block labelled "
              + PemBlock.PUBLIC_KEY
              + ", but is labelled "
              + block.label());
    }
    return ofDer(block.content());
  }

  /**
   * Returns the key's algorithm.
   *
   * @return the algorithm
   */
  public SigningAlgorithm algorithm() {
    return algorithm;
  }

  /**
   * Returns the SHA-256 of the key's SubjectPublicKeyInfo.
   *
   * @return 64 lower-case hexadecimal digits
   */
  public String keyId() {
    return keyId;
  }

  /**
   * Returns the SubjectPublicKeyInfo in DER.
   *
   * @return a copy
   */
  public byte[] der() {
    return der.clone();
  }

  /**
   * Returns the key as PEM text.
   *
   * @return one block labelled PUBLIC KEY, with a final line feed
   */
  public String pem() {
    return new PemBlock(PemBlock.PUBLIC_KEY, der).format();
  }

  /**
   * Checks a signature.
   *
   * @param message what was signed; not modified
   * @param signature the signature; not modified
   * @return whether the holder of this key made the signature over the message; false for anything
   *     that is no signature at all
   */
  public boolean verifies(byte[] message, byte[] signature) {
    if (signature.length != algorithm.signatureBytes()) {
      return false;
    }
    try {
      Signature verifier = Signature.getInstance(algorithm.jcaName(), Providers.bouncyCastle());
      verifier.initVerify(key);
      verifier.update(message);
      return verifier.verify(signature);
    } catch (GeneralSecurityException | RuntimeException e) {
      return false;
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VerificationKey that && keyId.equals(that.keyId);
  }

  @Override
  public int hashCode() {
    return keyId.hashCode();
  }

  @Override
  public String toString() {
    return algorithm + " key " + keyId;
  }
}
