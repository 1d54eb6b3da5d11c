package io.rona.privacy.release;

import io.rona.privacy.ledger.BudgetLedger;
import io.rona.privacy.ledger.PostgresAddress;
import io.rona.privacy.ledger.PostgresLedger;
import io.rona.privacy.ledger.PostgresServer;
import io.rona.privacy.ledger.SqliteLedger;
import java.nio.file.Path;
import java.time.Clock;

/**
 * A ledger in a file or on a server of the tests, as one word that can be handed to another
 * process: the path, or URL and path of the witness with a bar between them.
 */
record LedgerPlace(String text) {
  static LedgerPlace file(Path file) {
    return new LedgerPlace(file.toString());
  }

  static LedgerPlace server(PostgresServer server, Path witness) {
    return new LedgerPlace(server.url(server.newSchema().schema()) + "|" + witness);
  }

  BudgetLedger openOrCreate() {
    return onServer()
        ? PostgresLedger.openOrCreate(address(), witness(), Clock.systemUTC())
        : SqliteLedger.openOrCreate(Path.of(text), Clock.systemUTC());
  }

  BudgetLedger openReadOnly() {
    return onServer()
        ? PostgresLedger.openReadOnly(address(), witness())
        : SqliteLedger.openReadOnly(Path.of(text));
  }

  private boolean onServer() {
    return PostgresAddress.matches(text);
  }

  private PostgresAddress address() {
    return PostgresAddress.of(text.substring(0, text.indexOf('|')), "postgres", "postgres");
  }

  private Path witness() {
    return Path.of(text.substring(text.indexOf('|') + 1));
  }
}
