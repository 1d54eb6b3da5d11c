package io.rona.privacy.ledger;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Ledgers in a PostgreSQL database, for teams: one budget for the runs of several machines.
 *
 * <p>The tables are in a schema of their own. Who spends needs the right to read them and to insert
 * entries; an auditor needs the right to read them; only who makes or migrates a ledger needs to
 * own them.
 *
 * <p>Each machine keeps a witness, a small file with the newest head it has seen, readable by its
 * owner alone. A ledger that no longer holds that head, because the database was restored from an
 * older backup or rewritten, is refused. A machine that has no witness yet takes the ledger as it
 * finds it, after the check of all its entries.
 *
 * <p>The server must run with {@code fsync} and {@code full_page_writes}; a session commits
 * synchronously whatever the server's default. The ledgers are safe for use by several threads,
 * processes and machines.
 */
public final class PostgresLedger {
  private PostgresLedger() {}

  /**
   * Opens a ledger for reading and writing.
   *
   * @param address where it is
   * @param witness file of the newest head this machine has seen; made if it is not there
   * @param clock what entries are dated by
   * @return the ledger
   * @throws LedgerIntegrityException if the tables are foreign, corrupt, changed or rolled back
   * @throws LedgerException if there is no ledger, it is newer than this program, the server cannot
   *     be reached, or it does not keep what it commits
   */
  public static BudgetLedger open(PostgresAddress address, Path witness, Clock clock) {
    return openForWriting(address, witness, clock, false);
  }

  /**
   * Opens a ledger for reading and writing, and makes it if its schema is missing or empty.
   *
   * @param address where it is
   * @param witness file of the newest head this machine has seen; made if it is not there
   * @param clock what entries are dated by
   * @return the ledger
   * @throws LedgerIntegrityException if the tables are foreign, corrupt, changed or rolled back, or
   *     missing while the witness is there
   * @throws LedgerException if the ledger is newer than this program, the server cannot be reached,
   *     or it does not keep what it commits
   */
  public static BudgetLedger openOrCreate(PostgresAddress address, Path witness, Clock clock) {
    return openForWriting(address, witness, clock, true);
  }

  /**
   * Opens a ledger for reading, in a session that cannot write.
   *
   * @param address where it is
   * @param witness file of the newest head this machine has seen; read only, and need not be there
   * @return the ledger
   * @throws LedgerIntegrityException if the tables are foreign, corrupt, changed or rolled back
   * @throws LedgerException if there is no ledger, it is newer or older than this program, or the
   *     server cannot be reached
   */
  public static BudgetLedger openReadOnly(PostgresAddress address, Path witness) {
    Connection connection = PostgresSession.connect(address, true);
    try {
      requireThere(connection, address);
      String place = address.toString();
      int version = PostgresSchema.versionOf(connection, place);
      SchemaLog.requireNewest(place, version, PostgresSchema.VERSION);
      PostgresSchema.requireOwn(connection, address.schema(), place);
      connection.rollback();
      return ledger(new PostgresEntryStore(address, connection, true), witness, Clock.systemUTC());
    } catch (SQLException e) {
      closeQuietly(connection, e);
      throw PostgresErrors.toLedgerException(address.toString(), "read", e);
    } catch (RuntimeException e) {
      closeQuietly(connection, e);
      throw e;
    }
  }

  private static BudgetLedger openForWriting(
      PostgresAddress address, Path witness, Clock clock, boolean create) {
    Connection connection = PostgresSession.connect(address, false);
    try {
      prepare(connection, address, witness, clock, create);
      return ledger(new PostgresEntryStore(address, connection, false), witness, clock);
    } catch (SQLException e) {
      closeQuietly(connection, e);
      throw PostgresErrors.toLedgerException(address.toString(), "opened", e);
    } catch (RuntimeException e) {
      closeQuietly(connection, e);
      throw e;
    }
  }

  private static BudgetLedger ledger(PostgresEntryStore store, Path witness, Clock clock) {
    return ChainedLedger.open(store, new AnchorFile(witness, false), clock, new SecureRandom());
  }

  private static void prepare(
      Connection connection, PostgresAddress address, Path witness, Clock clock, boolean create)
      throws SQLException {
    String now = clock.instant().truncatedTo(ChronoUnit.MILLIS).toString();
    String place = address.toString();
    PostgresSession.lock(connection, address.schema());
    if (create && !PostgresSchema.exists(connection, address.schema())) {
      requireNeverSeen(address, witness);
      PostgresSchema.create(connection, address.schema(), LedgerIds.next(), now);
    } else {
      requireThere(connection, address);
      int version = PostgresSchema.versionOf(connection, place);
      PostgresSchema.migrate(connection, version, now);
    }
    PostgresSchema.requireOwn(connection, address.schema(), place);
    connection.commit();
    PostgresSession.unlock(connection, address.schema());
  }

  private static void requireThere(Connection connection, PostgresAddress address)
      throws SQLException {
    if (!PostgresSchema.exists(connection, address.schema())) {
      throw new LedgerException("ledger " + address + " does not exist");
    }
  }

  private static void requireNeverSeen(PostgresAddress address, Path witness) {
    Optional<LedgerHead> seen = new AnchorFile(witness, false).read();
    if (seen.isPresent() && seen.get().sequence() > 0) {
      throw new LedgerIntegrityException(
          "ledger "
              + address
              + " is missing, but its anchor is there: restore it, it was not empty");
    }
  }

  private static void closeQuietly(Connection connection, Exception reason) {
    try {
      connection.close();
    } catch (SQLException e) {
      reason.addSuppressed(e);
    }
  }
}
