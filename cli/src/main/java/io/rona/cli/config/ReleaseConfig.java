package io.rona.cli.config;

import java.util.Locale;
import java.util.Optional;

/**
 * The bundle that is released.
 *
 * @param key path of the key that signs the certificate, or of what names its token; the key of the
 *     rona home if left out
 * @param store what is at that path
 * @param alias the key's name in the store; none for a key in a file of its own
 */
public record ReleaseConfig(Optional<String> key, Store store, Optional<String> alias) {
  /** Where a signing key is kept. */
  public enum Store {
    /** A PEM file of its own. */
    PEM,
    /** A PKCS#12 file. */
    PKCS12,
    /** A token, named by a PKCS#11 configuration. */
    PKCS11;

    /**
     * The word for it in configurations.
     *
     * @return the name in lower case
     */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Checks that one key is named.
   *
   * @param key path of the key that signs the certificate
   * @param store what is at that path
   * @param alias the key's name in the store
   * @throws IllegalArgumentException if a text is blank or holds control characters, a store has no
   *     path or no alias, or a key file has an alias
   */
  public ReleaseConfig {
    key.ifPresent(path -> Checks.path("key", path));
    alias.ifPresent(name -> Checks.path("alias", name));
    boolean kept = store != Store.PEM;
    if (kept && key.isEmpty()) {
      throw new IllegalArgumentException("key must be given with store " + store.label());
    }
    if (kept != alias.isPresent()) {
      throw new IllegalArgumentException(
          "alias must be given if and only if store is pkcs12 or pkcs11");
    }
  }
}
