package io.rona.privacy.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Entries in the tables of a PostgreSQL database.
 *
 * <p>Writers of all machines take turns at an advisory lock. The primary key and a trigger, which
 * take an entry only right behind the newest one, would keep the budget safe alone. A connection
 * that broke is made anew at the next use; what it left behind is found in the entries.
 */
final class PostgresEntryStore extends JdbcEntryStore {
  private final PostgresAddress address;
  private final boolean readOnly;
  private final String ledgerId;
  private Connection connection;
  private boolean closed;

  PostgresEntryStore(PostgresAddress address, Connection connection, boolean readOnly) {
    this.address = address;
    this.connection = connection;
    this.readOnly = readOnly;
    this.ledgerId = readLedgerId(connection);
  }

  @Override
  public String ledgerId() {
    return ledgerId;
  }

  @Override
  public String place() {
    return address.toString();
  }

  @Override
  public boolean readOnly() {
    return readOnly;
  }

  @Override
  public synchronized <T extends @Nullable Object> T exclusively(Function<Session, T> work) {
    reconnectIfBroken();
    boolean done = false;
    try {
      T result = inTransaction(work);
      done = true;
      return result;
    } finally {
      unlock(done);
    }
  }

  @Override
  public synchronized <T extends @Nullable Object> T reading(Function<Session, T> work) {
    reconnectIfBroken();
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
    }
  }

  @Override
  Connection connection() {
    return connection;
  }

  @Override
  void begin(Connection open) throws SQLException {
    if (!readOnly) {
      PostgresSession.lock(open, address.schema());
    }
  }

  @Override
  void commit(Connection open) throws SQLException {
    open.commit();
  }

  @Override
  void rollBack(Connection open) throws SQLException {
    open.rollback();
  }

  @Override
  LedgerException failure(String what, SQLException e) {
    return PostgresErrors.toLedgerException(place(), what, e);
  }

  private void reconnectIfBroken() {
    if (closed) {
      throw new LedgerException("ledger " + address + " was closed");
    }
    try {
      if (PostgresSession.usable(connection)) {
        return;
      }
      connection.close();
    } catch (SQLException e) {
      throw failure("used", e);
    }
    connection = PostgresSession.connect(address, readOnly);
    if (!readLedgerId(connection).equals(ledgerId)) {
      throw new LedgerIntegrityException(
          "ledger " + address + " was replaced by another one while it was open");
    }
  }

  /** The server frees the lock of a session that ends, so a broken one need not be unlocked. */
  private void unlock(boolean done) {
    try {
      PostgresSession.unlock(connection, address.schema());
    } catch (SQLException e) {
      abandon();
      if (done) {
        throw failure("unlocked", e);
      }
    }
  }

  private void abandon() {
    try {
      connection.close();
    } catch (SQLException e) {
      return; // It is made anew at the next use, whatever is left of it.
    }
  }
}
