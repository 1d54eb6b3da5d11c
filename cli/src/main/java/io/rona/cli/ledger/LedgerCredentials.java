package io.rona.cli.ledger;

import io.rona.privacy.ledger.PostgresAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who asks a server for a ledger: from the environment, so that it stands in no configuration.
 *
 * <p>Its text form shows nothing.
 */
public final class LedgerCredentials {
  /** The environment variable that names the user. */
  public static final String USER = "RONA_LEDGER_USER";

  /** The environment variable that holds the password. */
  public static final String PASSWORD = "RONA_LEDGER_PASSWORD";

  private final @Nullable String user;
  private final @Nullable String password;

  private LedgerCredentials(@Nullable String user, @Nullable String password) {
    this.user = user;
    this.password = password;
  }

  /**
   * Reads them from an environment.
   *
   * @param environment environment variables; those that are blank count as missing
   * @return what is there of user and password
   */
  public static LedgerCredentials of(Map<String, String> environment) {
    return new LedgerCredentials(given(environment, USER), given(environment, PASSWORD));
  }

  PostgresAddress address(String url) {
    return PostgresAddress.of(url, user, password);
  }

  private static @Nullable String given(Map<String, String> environment, String name) {
    String value = environment.get(name);
    return value == null || value.isBlank() ? null : value;
  }

  @Override
  public String toString() {
    return "LedgerCredentials";
  }
}
