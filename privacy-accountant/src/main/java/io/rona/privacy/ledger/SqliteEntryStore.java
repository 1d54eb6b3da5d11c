package io.rona.privacy.ledger;

import java.nio.file.Path;
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
 * Entries in one SQLite file.
 *
 * <p>Writers of all processes take turns at the lock file, so that the anchor is written under the
 * same lock as the entry. SQLite's own lock ({@code BEGIN IMMEDIATE}) is taken as well and would
 * keep the budget safe alone.
 */
final class SqliteEntryStore implements EntryStore {
  private final Path file;
  private final Connection connection;
  private final @Nullable FileMutex mutex;
  private final String ledgerId;
  private boolean closed;

  SqliteEntryStore(Path file, Connection connection, @Nullable FileMutex mutex) {
    this.file = file;
    this.connection = connection;
    this.mutex = mutex;
    this.ledgerId = readLedgerId();
  }

  @Override
  public String ledgerId() {
    return ledgerId;
  }

  @Override
  public String place() {
    return file.toString();
  }

  @Override
  public boolean readOnly() {
    return mutex == null;
  }

  @Override
  public <T extends @Nullable Object> T exclusively(Function<Session, T> work) {
    if (mutex == null) {
      throw new IllegalStateException("ledger " + file + " is open for reading only");
    }
    return mutex.locked(() -> inTransaction("BEGIN IMMEDIATE", work));
  }

  @Override
  public synchronized <T extends @Nullable Object> T reading(Function<Session, T> work) {
    return inTransaction("BEGIN", work);
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      connection.close();
    } catch (SQLException e) {
      throw SqliteErrors.toLedgerException(file, "closed", e);
    } finally {
      if (mutex != null) {
        mutex.close();
      }
    }
  }

  private <T extends @Nullable Object> T inTransaction(String begin, Function<Session, T> work) {
    SqliteSession session = new SqliteSession();
    run(begin);
    try {
      return work.apply(session);
    } finally {
      if (!session.committed) {
        rollBack();
      }
    }
  }

  private void run(String sql) {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw SqliteErrors.toLedgerException(file, "used", e);
    }
  }

  /** After some errors SQLite has rolled back by itself; then there is nothing left to do. */
  private void rollBack() {
    try (Statement statement = connection.createStatement()) {
      statement.execute("ROLLBACK");
    } catch (SQLException e) {
      if (!SqliteErrors.noTransaction(e)) {
        throw SqliteErrors.toLedgerException(file, "rolled back", e);
      }
    }
  }

  private String readLedgerId() {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT id FROM ledger LIMIT 2")) {
      String id = rows.next() ? rows.getString(1) : "";
      LedgerChecks.sha256("ledger id", id);
      if (rows.next()) {
        throw new IllegalArgumentException("there are two ledger ids");
      }
      return id;
    } catch (IllegalArgumentException e) {
      throw new LedgerIntegrityException("ledger " + file + " has no valid id", e);
    } catch (SQLException e) {
      throw SqliteErrors.toLedgerException(file, "read", e);
    }
  }

  private final class SqliteSession implements Session {
    private boolean committed;

    @Override
    public void entriesAfter(long sequence, Consumer<LedgerEntry> consumer) {
      String sql =
          "SELECT sequence, previous_hash, account_tag, body, hash FROM entries"
              + " WHERE sequence > ? ORDER BY sequence";
      try (PreparedStatement query = connection.prepareStatement(sql)) {
        query.setLong(1, sequence);
        try (ResultSet rows = query.executeQuery()) {
          while (rows.next()) {
            consumer.accept(entry(rows));
          }
        }
      } catch (SQLException e) {
        throw SqliteErrors.toLedgerException(file, "read", e);
      }
    }

    @Override
    public Optional<LedgerHead> headAt(long sequence) {
      String sql = "SELECT hash FROM entries WHERE sequence = ?";
      try (PreparedStatement query = connection.prepareStatement(sql)) {
        query.setLong(1, sequence);
        try (ResultSet rows = query.executeQuery()) {
          return rows.next()
              ? Optional.of(new LedgerHead(ledgerId, sequence, rows.getString(1)))
              : Optional.empty();
        }
      } catch (IllegalArgumentException e) {
        throw new LedgerIntegrityException("entry " + sequence + " is invalid", e);
      } catch (SQLException e) {
        throw SqliteErrors.toLedgerException(file, "read", e);
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
      } catch (SQLException e) {
        throw SqliteErrors.toLedgerException(file, "written", e);
      }
      run("COMMIT");
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
