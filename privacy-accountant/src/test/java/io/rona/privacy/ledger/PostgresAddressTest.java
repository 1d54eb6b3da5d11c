package io.rona.privacy.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PostgresAddressTest {
  @Test
  void of_url_showsThePlaceAlone() {
    PostgresAddress address =
        PostgresAddress.of(
            "jdbc:postgresql://db.example:5433/budget?currentSchema=study&sslmode=verify-full",
            "alice",
            "canary");
    assertEquals("postgresql://db.example:5433/budget schema study", address.toString());
    assertEquals("verify-full", address.properties().getProperty("sslmode"));
    assertEquals("alice", address.properties().getProperty("user"));
    assertEquals("canary", address.properties().getProperty("password"));
  }

  @Test
  void of_urlWithoutSchema_takesTheDefault() {
    PostgresAddress address = PostgresAddress.of("jdbc:postgresql://db/budget", null, null);
    assertEquals(PostgresAddress.DEFAULT_SCHEMA, address.schema());
    assertFalse(address.properties().containsKey("password"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://db/budget?user=alice",
        "jdbc:postgresql://db/budget?password=canary",
        "jdbc:postgresql://db/budget?ssl=true&password=canary",
        "jdbc:postgresql://db/budget?ssl=true%26password=canary",
        "jdbc:postgresql://alice:canary@db/budget",
        "jdbc:postgresql://db/budget?socketFactory=canary.Loader",
        "jdbc:postgresql://db/budget?loggerFile=/etc/canary",
        "jdbc:postgresql://db/budget?options=-c%20fsync=off-canary",
        "jdbc:postgresql://db/budget?currentSchema=a;drop-canary",
        "jdbc:postgresql://db/budget?currentSchema=one,canary",
        "jdbc:postgresql://db/budget?currentSchema",
        "jdbc:postgresql:budget",
        "jdbc:postgresql://db:canary/budget",
        "jdbc:sqlite:canary.db",
        "canary"
      })
  void of_otherForm_isRefusedWithoutRepeatingIt(String url) {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> PostgresAddress.of(url, "alice", "secret"));
    assertFalse(String.valueOf(e.getMessage()).contains("canary"), String.valueOf(e));
  }

  @Test
  void matches_urlInAnyCase() {
    assertTrue(PostgresAddress.matches("JDBC:PostgreSQL://db/x"));
    assertFalse(PostgresAddress.matches("budget.db"));
  }
}
