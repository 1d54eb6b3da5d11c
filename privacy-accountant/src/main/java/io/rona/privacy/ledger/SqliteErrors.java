package io.rona.privacy.ledger;

import java.nio.file.Path;
import java.sql.SQLException;

/** SQLite's result codes as the ledger's exceptions. */
final class SqliteErrors {
  private static final int ERROR = 1;
  private static final int BUSY = 5;
  private static final int READONLY = 8;
  private static final int CORRUPT = 11;
  private static final int FULL = 13;
  private static final int CANTOPEN = 14;
  private static final int NOTADB = 26;

  /** A hot journal is there and the file is open for reading only. */
  private static final int READONLY_ROLLBACK = READONLY | 3 << 8;

  private SqliteErrors() {}

  static LedgerException toLedgerException(Path file, String what, SQLException e) {
    String place = "ledger " + file;
    int code = e.getErrorCode();
    if (code == READONLY_ROLLBACK) {
      return new LedgerException(
          place + " was left in the middle of a write; open it for writing once to finish it", e);
    }
    return switch (code & 0xff) {
      case NOTADB -> new LedgerIntegrityException(file + " is not a rona ledger", e);
      case CORRUPT -> new LedgerIntegrityException(place + " is corrupt", e);
      case BUSY -> new LedgerException(place + " is in use by another program", e);
      case FULL -> new LedgerException(place + " cannot be " + what + ": the disk is full", e);
      case READONLY, CANTOPEN ->
          new LedgerException(place + " cannot be " + what + ": access is denied", e);
      default -> new LedgerException(place + " cannot be " + what + ": " + e.getMessage(), e);
    };
  }

  static boolean noTransaction(SQLException e) {
    return (e.getErrorCode() & 0xff) == ERROR
        && String.valueOf(e.getMessage()).contains("no transaction is active");
  }
}
