package io.rona.privacy.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The tables in PostgreSQL, and how older ones become the newest. */
final class PostgresSchema {
  private static final String[][] MIGRATIONS = {
    {
      "CREATE TABLE ledger (id text NOT NULL PRIMARY KEY, created_at text NOT NULL)",
      "CREATE TABLE migrations (version integer NOT NULL PRIMARY KEY, applied_at text NOT NULL)",
      "CREATE TABLE entries (sequence bigint NOT NULL PRIMARY KEY, previous_hash text NOT NULL,"
          + " account_tag text NOT NULL, body text NOT NULL, hash text NOT NULL)",
      "CREATE FUNCTION entries_in_order() RETURNS trigger LANGUAGE plpgsql"
          + " SET search_path FROM CURRENT AS $$ BEGIN"
          + " IF NEW.sequence IS DISTINCT FROM"
          + " (SELECT coalesce(max(sequence), 0) + 1 FROM entries)"
          + " THEN RAISE EXCEPTION 'entries are appended in order'; END IF;"
          + " RETURN NEW; END $$",
      "CREATE FUNCTION entries_unchanged() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
          + " RAISE EXCEPTION 'entries are neither changed nor deleted'; END $$",
      "CREATE TRIGGER entries_in_order BEFORE INSERT ON entries"
          + " FOR EACH ROW EXECUTE FUNCTION entries_in_order()",
      "CREATE TRIGGER entries_unchanged BEFORE UPDATE OR DELETE OR TRUNCATE ON entries"
          + " FOR EACH STATEMENT EXECUTE FUNCTION entries_unchanged()",
      "ALTER TABLE entries ENABLE ALWAYS TRIGGER entries_in_order",
      "ALTER TABLE entries ENABLE ALWAYS TRIGGER entries_unchanged",
    },
  };

  static final int VERSION = MIGRATIONS.length;

  /** Kind and name of every relation, type of every column, and state of every trigger. */
  private static final String CONTENTS =
      "SELECT c.relkind::text || ' ' || c.relname FROM pg_catalog.pg_class c"
          + " WHERE c.relnamespace = ?::regnamespace AND c.relkind NOT IN ('i', 't')"
          + " UNION ALL SELECT c.relname || '.' || a.attname || ' '"
          + " || pg_catalog.format_type(a.atttypid, a.atttypmod)"
          + " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid"
          + " WHERE c.relnamespace = ?::regnamespace AND c.relkind = 'r'"
          + " AND a.attnum > 0 AND NOT a.attisdropped"
          + " UNION ALL SELECT t.tgname || ' ' || t.tgenabled::text || ' on ' || c.relname"
          + " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_trigger t ON t.tgrelid = c.oid"
          + " WHERE c.relnamespace = ?::regnamespace AND NOT t.tgisinternal";

  private static final List<String> EXPECTED =
      List.of(
          "entries.account_tag text",
          "entries.body text",
          "entries.hash text",
          "entries.previous_hash text",
          "entries.sequence bigint",
          "entries_in_order A on entries",
          "entries_unchanged A on entries",
          "ledger.created_at text",
          "ledger.id text",
          "migrations.applied_at text",
          "migrations.version integer",
          "r entries",
          "r ledger",
          "r migrations");

  private PostgresSchema() {}

  /** Tells whether the schema is there and holds anything; an empty one is made into a ledger. */
  static boolean exists(Connection connection, String schema) throws SQLException {
    String sql =
        "SELECT count(*) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n"
            + " ON n.oid = c.relnamespace WHERE n.nspname = ?";
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setString(1, schema);
      try (ResultSet rows = query.executeQuery()) {
        return rows.next() && rows.getLong(1) > 0;
      }
    }
  }

  /** Makes the tables of a new ledger; to be called within a transaction. */
  static void create(Connection connection, String schema, String ledgerId, String now)
      throws SQLException {
    PostgresSession.run(connection, "CREATE SCHEMA IF NOT EXISTS " + schema);
    SchemaLog.migrate(connection, MIGRATIONS, 0, now);
    SchemaLog.name(connection, ledgerId, now);
  }

  /** Brings older tables up; to be called within a transaction. */
  static void migrate(Connection connection, int from, String now) throws SQLException {
    SchemaLog.migrate(connection, MIGRATIONS, from, now);
  }

  /** The version of the tables. */
  static int versionOf(Connection connection, String place) throws SQLException {
    String version =
        PostgresSession.show(connection, "SELECT coalesce(max(version), 0) FROM migrations");
    return SchemaLog.requireKnown(place, Integer.parseInt(version), VERSION);
  }

  /** Checks that the schema holds our tables and triggers, and nothing else. */
  static void requireOwn(Connection connection, String schema, String place) throws SQLException {
    List<String> found = new ArrayList<>();
    try (PreparedStatement query = connection.prepareStatement(CONTENTS)) {
      for (int i = 1; i <= 3; i++) {
        query.setString(i, schema);
      }
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next() && found.size() <= EXPECTED.size()) {
          found.add(rows.getString(1));
        }
      }
    }
    if (!found.stream().sorted().toList().equals(EXPECTED)) {
      throw new LedgerIntegrityException(
          "ledger " + place + " has other tables or triggers than rona made");
    }
  }
}
