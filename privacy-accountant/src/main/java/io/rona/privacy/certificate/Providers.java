package io.rona.privacy.certificate;

import java.security.Provider;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/** The Bouncy Castle provider, passed by hand and never registered with the whole JVM. */
final class Providers {
  private static final Provider BOUNCY_CASTLE = new BouncyCastleProvider();

  private Providers() {}

  static Provider bouncyCastle() {
    return BOUNCY_CASTLE;
  }
}
