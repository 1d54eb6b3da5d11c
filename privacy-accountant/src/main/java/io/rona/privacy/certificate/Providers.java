package io.rona.privacy.certificate;

import java.io.IOException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.jspecify.annotations.Nullable;

/** The Bouncy Castle provider, passed by hand and never registered with the whole JVM. */
final class Providers {
  private static final Provider BOUNCY_CASTLE = new BouncyCastleProvider();

  private Providers() {}

  static Provider bouncyCastle() {
    return BOUNCY_CASTLE;
  }

  /**
   * Reads a public key. The provider's own static method knows no algorithm before a provider was
   * made in this process; going through this class makes one.
   */
  static @Nullable PublicKey publicKey(SubjectPublicKeyInfo info) throws IOException {
    return BouncyCastleProvider.getPublicKey(info);
  }

  /** Reads a private key; see {@link #publicKey}. */
  static @Nullable PrivateKey privateKey(PrivateKeyInfo info) throws IOException {
    return BouncyCastleProvider.getPrivateKey(info);
  }
}
