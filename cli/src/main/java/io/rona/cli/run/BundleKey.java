package io.rona.cli.run;

import io.rona.cli.config.ReleaseConfig;
import io.rona.privacy.certificate.KeyHome;
import io.rona.privacy.certificate.KeyStores;
import io.rona.privacy.certificate.PassphraseSource;
import io.rona.privacy.certificate.SigningKey;
import java.nio.file.Path;

/** The key that signs a run's bundle. */
final class BundleKey {
  private BundleKey() {}

  /**
   * Opens the key that the configuration names, or else that of the rona home, which is made if
   * there is none.
   *
   * @throws io.rona.privacy.certificate.KeyException if it cannot be opened
   */
  static SigningKey open(ReleaseConfig release, Surroundings surroundings) {
    PassphraseSource passphrase = surroundings.passphrase();
    if (release.key().isEmpty()) {
      return KeyHome.of(surroundings.ronaHome())
          .firstRunKey(passphrase, surroundings.random(), surroundings.notices());
    }
    Path file = Path.of(release.key().get());
    return switch (release.store()) {
      case PEM -> KeyHome.openFile(file, passphrase);
      case PKCS12 -> KeyStores.pkcs12(file, release.alias().orElseThrow(), passphrase);
      case PKCS11 -> KeyStores.pkcs11(file, release.alias().orElseThrow(), passphrase);
    };
  }
}
