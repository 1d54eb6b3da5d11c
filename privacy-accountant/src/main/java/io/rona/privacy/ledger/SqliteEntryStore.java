package io.rona.privacy.ledger;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Entries in one SQLite file.
 *
 * <p>Writers of all processes take turns at the lock file, so that the anchor is written under the
 * same lock as the entry. SQLite's own lock ({@code BEGIN IMMEDIATE}) is taken as well and would
 * keep the budget safe alone.
 */
final class SqliteEntryStore extends JdbcEntryStore {
  private final Path file;
  private final Connection connection;
  private final @Nullable FileMutex mutex;
  private final String ledgerId;
  private boolean closed;

  SqliteEntryStore(Path file, Connection connection, @Nullable FileMutex mutex) {
    this.file = file;
    this.connection = connection;
    this.mutex = mutex;
    this.ledgerId = readLedgerId(connection);
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
    return mutex.locked(() -> inTransaction(work));
  }

  @Override
  public synchronized <T extends @Nullable Object> T reading(Function<Session, T> work) {
    return inTransaction(work);
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
      throw failure("closed", e);
    } finally {
      if (mutex != null) {
        mutex.close();
      }
    }
  }

  @Override
  Connection connection() {
    return connection;
  }

  @Override
  void begin(Connection open) throws SQLException {
    run(open, readOnly() ? "BEGIN" : "BEGIN IMMEDIATE");
  }

  @Override
  void commit(Connection open) throws SQLException {
    run(open, "COMMIT");
  }

  /** After some errors SQLite has rolled back by itself; then there is nothing left to do. */
  @Override
  void rollBack(Connection open) throws SQLException {
    try {
      run(open, "ROLLBACK");
    } catch (SQLException e) {
      if (!SqliteErrors.noTransaction(e)) {
        throw e;
      }
    }
  }

  @Override
  LedgerException failure(String what, SQLException e) {
    return SqliteErrors.toLedgerException(file, what, e);
  }

  private static void run(Connection open, String sql) throws SQLException {
    try (Statement statement = open.createStatement()) {
      statement.execute(sql);
    }
  }
}
