package io.rona.privacy.certificate;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;

/**
 * A private key that signs certificates, with the public key that checks them.
 *
 * <p>The private part has no accessor and no text form; a key in a hardware token never leaves it.
 * Immutable and safe to share between threads.
 */
public final class SigningKey {
  private final PrivateKey privateKey;
  private final VerificationKey verificationKey;
  private final Provider provider;

  private SigningKey(PrivateKey privateKey, VerificationKey verificationKey, Provider provider) {
    this.privateKey = privateKey;
    this.verificationKey = verificationKey;
    this.provider = provider;
  }

  /**
   * Makes a new key.
   *
   * @param algorithm the signature algorithm
   * @param random where the key comes from; never seeded by a user outside tests
   * @return the key
   */
  public static SigningKey generate(SigningAlgorithm algorithm, SecureRandom random) {
    try {
      KeyPairGenerator generator =
          KeyPairGenerator.getInstance(generatorName(algorithm), Providers.bouncyCastle());
      if (algorithm == SigningAlgorithm.ECDSA_P256) {
        generator.initialize(new ECGenParameterSpec("secp256r1"), random);
      } else {
        generator.initialize(PrivateKeys.parameters(algorithm), random);
      }
      return PrivateKeys.signingKey(
          PrivateKeyInfo.getInstance(generator.generateKeyPair().getPrivate().getEncoded()));
    } catch (GeneralSecurityException | IOException e) {
      throw new KeyException("cannot make a key of " + algorithm, e);
    }
  }

  /**
   * Joins the two halves of a key that a provider holds, and tries them on each other.
   *
   * @param privateKey the private half, perhaps only a handle into a token
   * @param verificationKey the public half
   * @param provider the provider that signs
   * @return the key
   * @throws KeyException if the provider cannot sign with it or the halves do not belong together
   */
  static SigningKey of(PrivateKey privateKey, VerificationKey verificationKey, Provider provider) {
    SigningKey key = new SigningKey(privateKey, verificationKey, provider);
    key.sign(new byte[] {0});
    return key;
  }

  /**
   * Returns the public half.
   *
   * @return the key that checks what this one signs
   */
  public VerificationKey verificationKey() {
    return verificationKey;
  }

  /**
   * Signs a message, and checks the signature before it is given out: a fault in the computation
   * could otherwise betray the key.
   *
   * @param message the message; not modified
   * @return the signature, of the algorithm's fixed length
   * @throws KeyException if the provider cannot sign
   */
  public byte[] sign(byte[] message) {
    try {
      Signature signer = Signature.getInstance(verificationKey.algorithm().jcaName(), provider);
      signer.initSign(privateKey);
      signer.update(message);
      byte[] signature = signer.sign();
      if (!verificationKey.verifies(message, signature)) {
        throw new KeyException("private key does not belong to " + verificationKey);
      }
      return signature;
    } catch (GeneralSecurityException e) {
      throw new KeyException("cannot sign with " + verificationKey, e);
    }
  }

  PrivateKey privateKey() {
    return privateKey;
  }

  @Override
  public String toString() {
    return "signing half of " + verificationKey;
  }

  private static String generatorName(SigningAlgorithm algorithm) {
    return algorithm == SigningAlgorithm.ECDSA_P256 ? "EC" : algorithm.jcaName();
  }
}
