package io.rona.privacy.ledger;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The tables of the embedded store, and how older ones become the newest. */
final class SqliteSchema {
  /** "rona" in ASCII, as SQLite's application id. */
  static final int APPLICATION_ID = 0x726f6e61;

  private static final String[][] MIGRATIONS = {
    {
      "CREATE TABLE ledger (id TEXT NOT NULL PRIMARY KEY, created_at TEXT NOT NULL)"
          + " STRICT, WITHOUT ROWID",
      "CREATE TABLE migrations (version INTEGER NOT NULL PRIMARY KEY, applied_at TEXT NOT NULL)"
          + " STRICT",
      "CREATE TABLE entries (sequence INTEGER NOT NULL PRIMARY KEY, previous_hash TEXT NOT NULL,"
          + " account_tag TEXT NOT NULL, body TEXT NOT NULL, hash TEXT NOT NULL) STRICT",
      "CREATE TRIGGER entries_in_order BEFORE INSERT ON entries WHEN NEW.sequence IS NOT"
          + " (SELECT coalesce(max(sequence), 0) + 1 FROM entries)"
          + " BEGIN SELECT raise(ABORT, 'entries are appended in order'); END",
      "CREATE TRIGGER entries_unchanged BEFORE UPDATE ON entries"
          + " BEGIN SELECT raise(ABORT, 'entries are never changed'); END",
      "CREATE TRIGGER entries_kept BEFORE DELETE ON entries"
          + " BEGIN SELECT raise(ABORT, 'entries are never deleted'); END",
    },
  };

  static final int VERSION = MIGRATIONS.length;

  private SqliteSchema() {}

  /** Makes the tables of a new file; to be called within a transaction. */
  static void create(Connection connection, String ledgerId, String now) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA application_id = " + APPLICATION_ID);
    }
    migrate(connection, 0, now);
    SchemaLog.name(connection, ledgerId, now);
  }

  /** Brings an older file up; to be called within a transaction. */
  static void migrate(Connection connection, int from, String now) throws SQLException {
    SchemaLog.migrate(connection, MIGRATIONS, from, now);
    if (from < VERSION) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("PRAGMA user_version = " + VERSION);
      }
    }
  }

  /** The version of the file's tables. */
  static int versionOf(Connection connection, String place) throws SQLException {
    if (pragma(connection, "application_id") != APPLICATION_ID) {
      throw new LedgerIntegrityException(place + " is not a rona ledger");
    }
    return SchemaLog.requireKnown(place, pragma(connection, "user_version"), VERSION);
  }

  /** Checks that the file holds our tables and triggers, to the letter, and nothing else. */
  static void requireOwn(Connection connection, String place) throws SQLException {
    Set<String> expected = new TreeSet<>();
    for (String[] migration : MIGRATIONS) {
      expected.addAll(List.of(migration));
    }
    List<String> found = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL")) {
      while (rows.next() && found.size() <= expected.size()) {
        found.add(rows.getString(1));
      }
    }
    if (found.size() != expected.size() || !expected.containsAll(found)) {
      throw new LedgerIntegrityException(
          "ledger " + place + " has tables or triggers that rona did not make");
    }
  }

  private static int pragma(Connection connection, String name) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("PRAGMA " + name)) {
      return rows.next() ? rows.getInt(1) : 0;
    }
  }
}
