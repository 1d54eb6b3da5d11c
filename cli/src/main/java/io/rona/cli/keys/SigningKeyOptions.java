package io.rona.cli.keys;

import io.rona.privacy.certificate.KeyException;
import io.rona.privacy.certificate.KeyHome;
import io.rona.privacy.certificate.PassphraseSource;
import io.rona.privacy.certificate.SigningKey;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Options of commands that sign: which key, and where its passphrase comes from.
 *
 * <p>With none of them the home's default key signs; if there is none yet, one is made without a
 * passphrase, with a warning ({@link KeyHome#firstRunKey}).
 */
@SuppressWarnings("NullAway.Init") // picocli sets the fields.
public final class SigningKeyOptions {
  @Option(
      names = "--signing-key",
      paramLabel = "NAME",
      description = "The key of the rona home that signs the certificate.")
  private @Nullable String name;

  @Option(
      names = "--signing-key-file",
      paramLabel = "FILE",
      description = "A private key file (PKCS#8, PEM, mode 600) that signs the certificate.")
  private @Nullable Path file;

  @Mixin private KeyStoreOptions keyStore;

  /** Makes the options; picocli fills them. */
  public SigningKeyOptions() {}

  /**
   * Opens the key that signs.
   *
   * @param ronaHome the rona home
   * @param passphrases where passphrases come from
   * @param warnings told, in one line, what a key made now cannot promise
   * @return the key
   * @throws KeyException if the options name no key or more than one, or it cannot be opened
   */
  public SigningKey open(Path ronaHome, Passphrases passphrases, Consumer<String> warnings) {
    int named = (name != null ? 1 : 0) + (file != null ? 1 : 0) + (keyStore.isUsed() ? 1 : 0);
    if (named > 1) {
      throw new KeyException(
          "give one of --signing-key, --signing-key-file, --pkcs12 and --pkcs11");
    }
    PassphraseSource passphrase = passphrases.existing(keyStore.passphraseFile());
    if (keyStore.isUsed()) {
      return keyStore.open(passphrases);
    }
    if (file != null) {
      return KeyHome.openFile(file, passphrase);
    }
    KeyHome home = KeyHome.of(ronaHome);
    return name != null
        ? home.open(name, passphrase)
        : home.firstRunKey(passphrase, new SecureRandom(), warnings);
  }
}
