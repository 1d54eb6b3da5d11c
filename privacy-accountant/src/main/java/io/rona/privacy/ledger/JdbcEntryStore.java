package io.rona.privacy.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Entries in the tables of a database: the statements that all databases share.
 *
 * <p>How a transaction begins and ends, who takes turns with whom, and what an error means is the
 * database's.
 */
abstract class JdbcEntryStore implements EntryStore {
  private static final int ROWS_AT_ONCE = 1000;

  /** The connection to be used now. */
  abstract Connection connection();

  abstract void begin(Connection connection) throws SQLException;

  abstract void commit(Connection connection) throws SQLException;

  abstract void rollBack(Connection connection) throws SQLException;

  /** Says what went wrong, for people. */
  abstract LedgerException failure(String what, SQLException e);

  final <T extends @Nullable Object> T inTransaction(Function<Session, T> work) {
    Connection connection = connection();
    try {
      begin(connection);
    } catch (SQLException e) {
      throw failure("used", e);
    }
    JdbcSession session = new JdbcSession(connection);
    boolean failed = true;
    try {
      T result = work.apply(session);
      failed = false;
      return result;
    } finally {
      if (!session.committed) {
        rollBack(connection, failed);
      }
    }
  }

  /** A failure to roll back never hides the failure that made it necessary. */
  private void rollBack(Connection connection, boolean failed) {
    try {
      rollBack(connection);
    } catch (SQLException e) {
      if (!failed) {
        throw failure("rolled back", e);
      }
    }
  }

  final String readLedgerId(Connection connection) {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT id FROM ledger LIMIT 2")) {
      String id = rows.next() ? rows.getString(1) : "";
      LedgerChecks.sha256("ledger id", id);
      if (rows.next()) {
        throw new IllegalArgumentException("there are two ledger ids");
      }
      return id;
    } catch (IllegalArgumentException e) {
      throw new LedgerIntegrityException("ledger " + place() + " has no valid id", e);
    } catch (SQLException e) {
      throw failure("read", e);
    }
  }

  private final class JdbcSession implements Session {
    private final Connection connection;
    private boolean committed;

    JdbcSession(Connection connection) {
      this.connection = connection;
    }

    @Override
    public void entriesAfter(long sequence, Consumer<LedgerEntry> consumer) {
      String sql =
          "SELECT sequence, previous_hash, account_tag, body, hash FROM entries"
              + " WHERE sequence > ? ORDER BY sequence";
      try (PreparedStatement query = connection.prepareStatement(sql)) {
        query.setFetchSize(ROWS_AT_ONCE);
        query.setLong(1, sequence);
        try (ResultSet rows = query.executeQuery()) {
          while (rows.next()) {
            consumer.accept(entry(rows));
          }
        }
      } catch (SQLException e) {
        throw failure("read", e);
      }
    }

    @Override
    public Optional<LedgerHead> headAt(long sequence) {
      String sql = "SELECT hash FROM entries WHERE sequence = ?";
      try (PreparedStatement query = connection.prepareStatement(sql)) {
        query.setLong(1, sequence);
        try (ResultSet rows = query.executeQuery()) {
          return rows.next()
              ? Optional.of(new LedgerHead(ledgerId(), sequence, rows.getString(1)))
              : Optional.empty();
        }
      } catch (IllegalArgumentException e) {
        throw new LedgerIntegrityException("entry " + sequence + " is invalid", e);
      } catch (SQLException e) {
        throw failure("read", e);
      }
    }

    @Override
    public void append(LedgerEntry entry) {
      String sql = "INSERT INTO entries VALUES (?, ?, ?, ?, ?)";
      try (PreparedStatement insert = connection.prepareStatement(sql)) {
        insert.setLong(1, entry.sequence());
        insert.setString(2, entry.previousHash());
        insert.setString(3, entry.accountTag());
        insert.setString(4, entry.body());
        insert.setString(5, entry.hash());
        insert.executeUpdate();
        commit(connection);
      } catch (SQLException e) {
        throw failure("written", e);
      }
      committed = true;
    }

    private static LedgerEntry entry(ResultSet row) throws SQLException {
      long sequence = row.getLong(1);
      try {
        return new LedgerEntry(
            sequence, row.getString(2), row.getString(3), row.getString(4), row.getString(5));
      } catch (IllegalArgumentException e) {
        throw new LedgerIntegrityException(
            "entry " + sequence + " is invalid: " + e.getMessage(), e);
      }
    }
  }
}
