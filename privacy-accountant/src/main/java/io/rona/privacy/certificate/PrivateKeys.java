package io.rona.privacy.certificate;

import java.io.IOException;
import java.security.PrivateKey;
import java.security.spec.AlgorithmParameterSpec;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.jcajce.interfaces.MLDSAPrivateKey;
import org.bouncycastle.jcajce.spec.EdDSAParameterSpec;
import org.bouncycastle.jcajce.spec.MLDSAParameterSpec;

/** Private keys in PKCS#8 (RFC 5958); the public half is always computed, never believed. */
final class PrivateKeys {
  private PrivateKeys() {}

  static AlgorithmParameterSpec parameters(SigningAlgorithm algorithm) {
    return switch (algorithm) {
      case ED25519 -> new EdDSAParameterSpec(EdDSAParameterSpec.Ed25519);
      case ML_DSA_44 -> MLDSAParameterSpec.ml_dsa_44;
      case ML_DSA_65 -> MLDSAParameterSpec.ml_dsa_65;
      case ML_DSA_87 -> MLDSAParameterSpec.ml_dsa_87;
      case ECDSA_P256 -> throw new IllegalArgumentException("P-256 is named by its curve");
    };
  }

  /** The PKCS#8 form, version 1: the algorithm and the private key, no public key beside it. */
  static byte[] pkcs8(SigningKey key) throws IOException {
    PrivateKeyInfo info = PrivateKeyInfo.getInstance(key.privateKey().getEncoded());
    return new PrivateKeyInfo(info.getPrivateKeyAlgorithm(), info.parsePrivateKey()).getEncoded();
  }

  static SigningKey signingKey(byte[] pkcs8) throws IOException {
    try {
      return signingKey(PrivateKeyInfo.getInstance(pkcs8));
    } catch (IllegalArgumentException e) {
      throw new IOException("not a PKCS#8 private key", e);
    }
  }

  static SigningKey signingKey(PrivateKeyInfo info) throws IOException {
    SigningAlgorithm.ofIdentifier(info.getPrivateKeyAlgorithm());
    PrivateKey key = Providers.privateKey(info);
    if (key == null) {
      throw new IOException("no private key of " + info.getPrivateKeyAlgorithm().getAlgorithm());
    }
    return SigningKey.of(key, publicHalf(info, key), Providers.bouncyCastle());
  }

  private static VerificationKey publicHalf(PrivateKeyInfo info, PrivateKey key)
      throws IOException {
    if (key instanceof MLDSAPrivateKey mlDsa) {
      return VerificationKey.ofDer(mlDsa.getPublicKey().getEncoded());
    }
    AsymmetricKeyParameter parameter = PrivateKeyFactory.createKey(info);
    if (parameter instanceof Ed25519PrivateKeyParameters ed25519) {
      return encoded(ed25519.generatePublicKey());
    }
    if (parameter instanceof ECPrivateKeyParameters ec) {
      ECDomainParameters domain = ec.getParameters();
      return encoded(new ECPublicKeyParameters(domain.getG().multiply(ec.getD()), domain));
    }
    throw new IOException("no private key of a supported algorithm");
  }

  private static VerificationKey encoded(AsymmetricKeyParameter publicKey) throws IOException {
    SubjectPublicKeyInfo info = SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(publicKey);
    return VerificationKey.ofDer(info.getEncoded());
  }
}
