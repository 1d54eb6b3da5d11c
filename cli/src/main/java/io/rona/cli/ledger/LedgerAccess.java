package io.rona.cli.ledger;

import io.rona.privacy.Sha256;
import io.rona.privacy.ledger.BudgetLedger;
import io.rona.privacy.ledger.PostgresAddress;
import io.rona.privacy.ledger.PostgresLedger;
import io.rona.privacy.ledger.SqliteLedger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;

/**
 * A ledger that can be opened, wherever it is.
 *
 * <p>What belongs to a ledger on a server but stays on this machine, the witness of the newest head
 * that was seen and the key of its data sets, is in {@code ledgers} of the rona home.
 */
public abstract class LedgerAccess {
  private LedgerAccess() {}

  /**
   * Finds a ledger.
   *
   * @param place path of a file, or URL of a PostgreSQL database without credentials
   * @param ronaHome the rona home
   * @param credentials who asks, if it is on a server
   * @return access to the ledger, which need not exist
   * @throws IllegalArgumentException if it looks like a URL but is not one that is allowed
   */
  public static LedgerAccess of(String place, Path ronaHome, LedgerCredentials credentials) {
    return PostgresAddress.matches(place)
        ? new OnServer(credentials.address(place), ronaHome.resolve("ledgers"))
        : new InFile(Path.of(place));
  }

  /**
   * Opens the ledger for reading and writing, and makes it if it is not there.
   *
   * @param clock what entries are dated by
   * @return the ledger
   * @throws IOException if a directory cannot be made
   */
  public abstract BudgetLedger openOrCreate(Clock clock) throws IOException;

  /**
   * Opens the ledger, which must exist, for reading and writing.
   *
   * @param clock what entries are dated by
   * @return the ledger
   * @throws IOException if a directory cannot be made
   */
  public abstract BudgetLedger open(Clock clock) throws IOException;

  /**
   * Opens the ledger, which must exist, for reading.
   *
   * @return the ledger
   */
  public abstract BudgetLedger openReadOnly();

  /**
   * Tells whether it can be seen from here that there is no ledger.
   *
   * @return true for a file that does not exist; a server has to be asked by opening
   */
  public abstract boolean isMissing();

  /**
   * Reads the secret under which the ledger knows data sets by their content, or draws one for a
   * ledger that knows none.
   *
   * @param clock what entries are dated by
   * @param random secret randomness
   * @return the key, not yet written if it is new
   * @throws IOException if it cannot be read, is damaged, or is missing although the ledger is in
   *     use
   */
  public abstract InstallationKey installationKey(Clock clock, SecureRandom random)
      throws IOException;

  private static final class InFile extends LedgerAccess {
    private final Path file;

    InFile(Path file) {
      this.file = file;
    }

    @Override
    public BudgetLedger openOrCreate(Clock clock) throws IOException {
      makeDirectory();
      return SqliteLedger.openOrCreate(file, clock);
    }

    @Override
    public BudgetLedger open(Clock clock) {
      return SqliteLedger.open(file, clock);
    }

    @Override
    public BudgetLedger openReadOnly() {
      return SqliteLedger.openReadOnly(file);
    }

    @Override
    public boolean isMissing() {
      return !Files.exists(file);
    }

    @Override
    public InstallationKey installationKey(Clock clock, SecureRandom random) throws IOException {
      Path key = file.resolveSibling(file.getFileName() + ".key");
      return InstallationKey.of(key, toString(), Files.exists(file), random);
    }

    private void makeDirectory() throws IOException {
      Path parent = file.toAbsolutePath().getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
    }

    @Override
    public String toString() {
      return file.toString();
    }
  }

  private static final class OnServer extends LedgerAccess {
    private final PostgresAddress address;
    private final Path directory;

    OnServer(PostgresAddress address, Path directory) {
      this.address = address;
      this.directory = directory;
    }

    @Override
    public BudgetLedger openOrCreate(Clock clock) throws IOException {
      Files.createDirectories(directory);
      return PostgresLedger.openOrCreate(address, file(".head"), clock);
    }

    @Override
    public BudgetLedger open(Clock clock) throws IOException {
      Files.createDirectories(directory);
      return PostgresLedger.open(address, file(".head"), clock);
    }

    @Override
    public BudgetLedger openReadOnly() {
      return PostgresLedger.openReadOnly(address, file(".head"));
    }

    @Override
    public boolean isMissing() {
      return false;
    }

    @Override
    public InstallationKey installationKey(Clock clock, SecureRandom random) throws IOException {
      boolean inUse;
      try (BudgetLedger ledger = openOrCreate(clock)) {
        inUse = ledger.head().sequence() > 0;
      }
      return InstallationKey.of(file(".key"), toString(), inUse, random);
    }

    /** Named by where the ledger is, so that another ledger put in its place is noticed. */
    private Path file(String suffix) {
      return directory.resolve(Sha256.ofLines(address.toString()).substring(0, 16) + suffix);
    }

    @Override
    public String toString() {
      return address.toString();
    }
  }
}
