package io.rona.privacy.ledger;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Set;
import org.postgresql.Driver;

/** Connections to a ledger's database, set up so that a commit that returns is on disk. */
final class PostgresSession {
  /** With a number from the schema's name, what all writers of one ledger lock. */
  private static final int LOCK_CLASS = 0x726f6e61;

  private static final int VALID_SECONDS = 5;
  private static final Set<String> DURABLE_COMMITS = Set.of("on", "remote_apply");

  private PostgresSession() {}

  static Connection connect(PostgresAddress address, boolean readOnly) {
    try {
      Connection connection = new Driver().connect(address.url(), address.properties());
      if (connection == null) {
        throw new LedgerException("ledger " + address + ": the driver does not know such URLs");
      }
      try {
        setUp(connection, address, readOnly);
        return connection;
      } catch (SQLException | RuntimeException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw PostgresErrors.toLedgerException(address.toString(), "opened", e);
    }
  }

  /**
   * The session-level lock outlasts the commit, so that the anchor is written under it; the one of
   * the transaction keeps writers apart even where a connection pool between us and the server
   * loses the former.
   */
  static void lock(Connection connection, String schema) throws SQLException {
    String key = "(" + LOCK_CLASS + ", hashtext('" + schema + "'))";
    run(connection, "SELECT pg_advisory_lock" + key + ", pg_advisory_xact_lock" + key);
  }

  static void unlock(Connection connection, String schema) throws SQLException {
    run(connection, "SELECT pg_advisory_unlock(" + LOCK_CLASS + ", hashtext('" + schema + "'))");
    connection.commit();
  }

  static boolean usable(Connection connection) throws SQLException {
    return !connection.isClosed() && connection.isValid(VALID_SECONDS);
  }

  static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  static String show(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      String value = rows.next() ? rows.getString(1) : null;
      return value == null ? "" : value;
    }
  }

  private static void setUp(Connection connection, PostgresAddress address, boolean readOnly)
      throws SQLException {
    connection.setReadOnly(readOnly);
    // A writer must see what was committed while it waited for the lock, a reader one state.
    connection.setTransactionIsolation(
        readOnly ? Connection.TRANSACTION_REPEATABLE_READ : Connection.TRANSACTION_READ_COMMITTED);
    connection.setAutoCommit(false);
    // No table of another schema, nor a temporary one, can take the place of the ledger's.
    run(connection, "SET search_path TO " + address.schema() + ", pg_temp");
    run(connection, "SET lock_timeout TO '60s'");
    run(connection, "SET statement_timeout TO 0");
    run(connection, "SET idle_in_transaction_session_timeout TO 0");
    if (!readOnly) {
      requireDurable(connection, address);
    }
    connection.commit();
  }

  private static void requireDurable(Connection connection, PostgresAddress address)
      throws SQLException {
    for (String setting : new String[] {"fsync", "full_page_writes"}) {
      if (!show(connection, "SHOW " + setting).equals("on")) {
        throw new LedgerException(
            "ledger "
                + address
                + " cannot be used: the server runs with "
                + setting
                + " off, so that a crash could take back what was spent");
      }
    }
    String commits = show(connection, "SHOW synchronous_commit").toLowerCase(Locale.ROOT);
    if (!DURABLE_COMMITS.contains(commits)) {
      run(connection, "SET synchronous_commit TO on");
    }
  }
}
