package io.rona.privacy.certificate;

/** Where a passphrase comes from, asked only when a key needs one. */
@FunctionalInterface
public interface PassphraseSource {
  /**
   * Returns the passphrase.
   *
   * @return a fresh array, which the caller overwrites after use
   * @throws KeyException if there is none to be had
   */
  char[] get();

  /**
   * Returns a source that has no passphrase, for keys that need none.
   *
   * @return a source whose every answer is a {@link KeyException}
   */
  static PassphraseSource none() {
    return () -> {
      throw new KeyException("private key is protected by a passphrase, and none was given");
    };
  }
}
