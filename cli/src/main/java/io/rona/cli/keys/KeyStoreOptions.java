package io.rona.cli.keys;

import io.rona.privacy.certificate.KeyException;
import io.rona.privacy.certificate.KeyStores;
import io.rona.privacy.certificate.SigningKey;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that name a key of a PKCS#12 file or a PKCS#11 token. */
public final class KeyStoreOptions {
  @Option(
      names = "--pkcs12",
      paramLabel = "FILE",
      description = "A PKCS#12 file that holds the key.")
  private @Nullable Path pkcs12;

  @Option(
      names = "--pkcs11",
      paramLabel = "CONF",
      description = "A PKCS#11 configuration (name, library) of the token that holds the key.")
  private @Nullable Path pkcs11;

  @Option(
      names = "--alias",
      paramLabel = "ALIAS",
      description = "The key's alias in the file or token.")
  private @Nullable String alias;

  @Option(
      names = "--passphrase-file",
      paramLabel = "FILE",
      description =
          "A file whose first line is the passphrase or PIN; else "
              + Passphrases.VARIABLE
              + ", else asked.")
  private @Nullable Path passphraseFile;

  /** Makes the options; picocli fills them. */
  public KeyStoreOptions() {}

  /**
   * Tells whether a file or token is named.
   *
   * @return whether {@link #open} has something to open
   */
  public boolean isUsed() {
    return pkcs12 != null || pkcs11 != null;
  }

  /**
   * Opens the key.
   *
   * @param passphrases where the passphrase or PIN comes from
   * @return the key
   * @throws KeyException if the options do not name one key, or it cannot be opened
   */
  public SigningKey open(Passphrases passphrases) {
    if (alias == null || (pkcs12 == null) == (pkcs11 == null)) {
      throw new KeyException("give --alias with either --pkcs12 or --pkcs11");
    }
    return pkcs12 != null
        ? KeyStores.pkcs12(pkcs12, alias, passphrases.existing(passphraseFile))
        : KeyStores.pkcs11(
            Objects.requireNonNull(pkcs11), alias, passphrases.existing(passphraseFile));
  }

  @Nullable Path passphraseFile() {
    return passphraseFile;
  }
}
