package io.rona.privacy.ledger;

import io.rona.privacy.internal.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;

/**
 * Ledgers in one SQLite file, for one machine.
 *
 * <p>Beside the file {@code F} stand {@code F.head}, the anchor, and {@code F.lock}, at which
 * writers take turns; during a write SQLite adds {@code F-journal}. All of them are readable by
 * their owner alone. The anchor shows that the file was not replaced by an older copy; keep it, or
 * better the head that a certificate signs, where the file's backups are not.
 *
 * <p>Opening checks every entry. The directory must be on a local file system: locks and syncs of
 * network file systems cannot be relied on.
 *
 * <p>The ledgers are safe for use by several threads and several processes.
 */
public final class SqliteLedger {
  private static final int BUSY_TIMEOUT_MILLIS = 60_000;
  private static final int SYNCHRONOUS_EXTRA = 3;

  private SqliteLedger() {}

  /**
   * Makes a new ledger.
   *
   * @param file the file, which must not exist, nor its anchor
   * @param clock what entries are dated by
   * @return the ledger, open
   * @throws LedgerException if the file or its anchor exists or cannot be made
   */
  public static BudgetLedger create(Path file, Clock clock) {
    Path real = realPath(file);
    if (Files.exists(real) && size(real) > 0) {
      throw new LedgerException("ledger " + real + " exists already");
    }
    if (Files.exists(anchorOf(real))) {
      throw new LedgerIntegrityException(
          "ledger " + real + " is missing, but its anchor is there: restore it, it was not empty");
    }
    return openForWriting(real, clock);
  }

  /**
   * Opens a ledger for reading and writing.
   *
   * @param file the file, which must exist
   * @param clock what entries are dated by
   * @return the ledger
   * @throws LedgerIntegrityException if the file is foreign, corrupt, changed or rolled back
   * @throws LedgerException if the file does not exist, is newer than this program, or cannot be
   *     opened
   */
  public static BudgetLedger open(Path file, Clock clock) {
    Path real = realPath(file);
    requireThere(real);
    return openForWriting(real, clock);
  }

  /**
   * Opens a ledger for reading and writing, and makes it if neither it nor its anchor exists.
   *
   * @param file the file
   * @param clock what entries are dated by
   * @return the ledger
   * @throws LedgerIntegrityException if the file is foreign, corrupt, changed or rolled back, or
   *     missing while its anchor is there
   * @throws LedgerException if the file is newer than this program, or cannot be opened or made
   */
  public static BudgetLedger openOrCreate(Path file, Clock clock) {
    Path real = realPath(file);
    // An empty file is what a crash during the making of a ledger can leave.
    boolean there = Files.exists(real) && size(real) > 0;
    return there ? openForWriting(real, clock) : create(file, clock);
  }

  /**
   * Opens a ledger for reading; nothing on disk is changed.
   *
   * @param file the file, which must exist
   * @return the ledger
   * @throws LedgerIntegrityException if the file is foreign, corrupt, changed or rolled back
   * @throws LedgerException if the file does not exist, is newer than this program, was left in the
   *     middle of a write, or cannot be opened
   */
  public static BudgetLedger openReadOnly(Path file) {
    Path real = realPath(file);
    requireThere(real);
    Connection connection = connect(real, true);
    try {
      int version = SqliteSchema.versionOf(connection, real.toString());
      SchemaLog.requireNewest(real.toString(), version, SqliteSchema.VERSION);
      SqliteSchema.requireOwn(connection, real.toString());
      SqliteEntryStore store = new SqliteEntryStore(real, connection, null);
      return ledger(store, real, Clock.systemUTC());
    } catch (SQLException e) {
      closeQuietly(connection, e);
      throw SqliteErrors.toLedgerException(real, "read", e);
    } catch (RuntimeException e) {
      closeQuietly(connection, e);
      throw e;
    }
  }

  private static BudgetLedger openForWriting(Path file, Clock clock) {
    FileMutex mutex = FileMutex.of(lockOf(file));
    try {
      return mutex.locked(() -> openLocked(file, clock, mutex));
    } catch (RuntimeException e) {
      mutex.close();
      throw e;
    }
  }

  private static BudgetLedger openLocked(Path file, Clock clock, FileMutex mutex) {
    Connection connection = connect(file, false);
    try {
      prepare(connection, file, clock);
      return ledger(new SqliteEntryStore(file, connection, mutex), file, clock);
    } catch (SQLException e) {
      closeQuietly(connection, e);
      throw SqliteErrors.toLedgerException(file, "opened", e);
    } catch (RuntimeException e) {
      closeQuietly(connection, e);
      throw e;
    }
  }

  private static BudgetLedger ledger(SqliteEntryStore store, Path file, Clock clock) {
    return ChainedLedger.open(
        store, new AnchorFile(anchorOf(file), true), clock, new SecureRandom());
  }

  private static void prepare(Connection connection, Path file, Clock clock) throws SQLException {
    String place = file.toString();
    String now = clock.instant().truncatedTo(ChronoUnit.MILLIS).toString();
    try (Statement statement = connection.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      if (size(file) == 0) {
        SqliteSchema.create(connection, LedgerIds.next(), now);
      } else {
        SqliteSchema.migrate(connection, SqliteSchema.versionOf(connection, place), now);
      }
      SqliteSchema.requireOwn(connection, place);
      statement.execute("COMMIT");
    }
    try {
      DurableFiles.forceDirectory(DurableFiles.parent(file));
    } catch (IOException e) {
      throw new LedgerException("the directory of ledger " + file + " cannot be synced", e);
    }
  }

  private static Connection connect(Path file, boolean readOnly) {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(readOnly);
    config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
    if (!readOnly) {
      createOwnerOnly(file);
      config.resetOpenMode(SQLiteOpenMode.CREATE);
      config.setJournalMode(SQLiteConfig.JournalMode.DELETE);
    }
    try {
      Connection connection = config.createConnection("jdbc:sqlite:" + file);
      harden(connection);
      if (!readOnly) {
        requireSynchronous(connection);
      }
      return connection;
    } catch (SQLException e) {
      throw SqliteErrors.toLedgerException(file, "opened", e);
    }
  }

  private static void harden(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA trusted_schema = OFF");
      statement.execute("PRAGMA cell_size_check = ON");
      statement.execute("PRAGMA mmap_size = 0");
      statement.execute("PRAGMA fullfsync = ON");
    }
  }

  /**
   * The level also syncs the directory after the journal is deleted; the driver has no name for it.
   */
  private static void requireSynchronous(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA synchronous = EXTRA");
      try (ResultSet rows = statement.executeQuery("PRAGMA synchronous")) {
        if (!rows.next() || rows.getInt(1) != SYNCHRONOUS_EXTRA) {
          throw new LedgerException("SQLite must know synchronous = EXTRA, but does not");
        }
      }
    }
  }

  private static void createOwnerOnly(Path file) {
    try {
      if (Files.notExists(file)) {
        Files.createFile(file, DurableFiles.ownerOnly(DurableFiles.parent(file)));
      }
    } catch (IOException e) {
      throw new LedgerException("ledger " + file + " cannot be made", e);
    }
  }

  private static void requireThere(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new LedgerException("ledger " + file + " does not exist");
    }
    if (size(file) == 0) {
      throw new LedgerIntegrityException(file + " is not a rona ledger: it is empty");
    }
  }

  /** One path for one file, whatever links lead to it; the file itself need not exist. */
  private static Path realPath(Path file) {
    try {
      Path real =
          Files.exists(file)
              ? file.toRealPath()
              : DurableFiles.parent(file).toRealPath().resolve(file.getFileName());
      if (real.toString().indexOf('?') >= 0) {
        throw new LedgerException("the path of a ledger must not hold a question mark");
      }
      return real;
    } catch (IOException e) {
      throw new LedgerException("the directory of ledger " + file + " does not exist", e);
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new LedgerException("ledger " + file + " cannot be read", e);
    }
  }

  private static Path anchorOf(Path file) {
    return file.resolveSibling(file.getFileName() + ".head");
  }

  private static Path lockOf(Path file) {
    return file.resolveSibling(file.getFileName() + ".lock");
  }

  private static void closeQuietly(Connection connection, Exception reason) {
    try {
      connection.close();
    } catch (SQLException e) {
      reason.addSuppressed(e);
    }
  }
}
