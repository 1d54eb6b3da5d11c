package io.rona.privacy.ledger;

import java.sql.SQLException;

/**
 * PostgreSQL's error codes as the ledger's exceptions; none of the server's own text is repeated.
 */
final class PostgresErrors {
  private PostgresErrors() {}

  static LedgerException toLedgerException(String place, String what, SQLException e) {
    String state = e.getSQLState() == null ? "none" : e.getSQLState();
    String ledger = "ledger " + place;
    if (state.startsWith("08") || state.startsWith("57P")) {
      return new LedgerException(
          ledger + " cannot be " + what + ": the server cannot be reached or ended the session", e);
    }
    if (state.startsWith("28")) {
      return new LedgerException(
          ledger + " cannot be " + what + ": the server refuses this user or password", e);
    }
    return switch (state) {
      case "3D000" -> new LedgerException(ledger + ": there is no such database", e);
      case "42501" -> new LedgerException(ledger + " cannot be " + what + ": access is denied", e);
      case "25006" ->
          new LedgerException(ledger + " cannot be " + what + ": the server only reads", e);
      case "55P03" -> new LedgerException(ledger + " is in use by another program", e);
      case "53100" -> new LedgerException(ledger + " cannot be " + what + ": the disk is full", e);
      case "42P01", "42703" -> new LedgerIntegrityException(place + " is not a rona ledger", e);
      case "P0001", "23505" ->
          new LedgerIntegrityException(ledger + " refuses an entry that is out of order", e);
      case "XX001", "XX002" -> new LedgerIntegrityException(ledger + " is corrupt", e);
      default ->
          new LedgerException(ledger + " cannot be " + what + " (SQLSTATE " + state + ")", e);
    };
  }
}
