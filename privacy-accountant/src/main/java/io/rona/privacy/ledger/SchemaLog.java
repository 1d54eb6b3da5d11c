package io.rona.privacy.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * How the tables of a ledger come up to a version, whatever the database.
 *
 * <p>A migration that was published is never changed; a change of the schema is one more migration.
 */
final class SchemaLog {
  private SchemaLog() {}

  /** Runs the migrations after a version; to be called within a transaction. */
  static void migrate(Connection connection, String[][] migrations, int from, String now)
      throws SQLException {
    for (int version = from + 1; version <= migrations.length; version++) {
      try (Statement statement = connection.createStatement()) {
        for (String sql : migrations[version - 1]) {
          statement.execute(sql);
        }
      }
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO migrations VALUES (?, ?)")) {
        insert.setInt(1, version);
        insert.setString(2, now);
        insert.executeUpdate();
      }
    }
  }

  /** Gives a new ledger its id. */
  static void name(Connection connection, String ledgerId, String now) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO ledger VALUES (?, ?)")) {
      insert.setString(1, ledgerId);
      insert.setString(2, now);
      insert.executeUpdate();
    }
  }

  /** Refuses a version that this program does not know. */
  static int requireKnown(String place, int version, int newest) {
    if (version > newest) {
      throw new LedgerException(
          "ledger "
              + place
              + " has schema version "
              + version
              + ", but this version of rona knows "
              + newest
              + " at most; use a newer one");
    }
    if (version < 1) {
      throw new LedgerIntegrityException("ledger " + place + " has no schema version");
    }
    return version;
  }

  /** Refuses, to a reader, a version that only a writer can bring up. */
  static void requireNewest(String place, int version, int newest) {
    if (version < newest) {
      throw new LedgerException(
          "ledger "
              + place
              + " has schema version "
              + version
              + "; open it for writing once to bring it to version "
              + newest);
    }
  }
}
