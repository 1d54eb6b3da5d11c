package io.rona.cli;

import io.rona.cli.config.ConfigException;
import io.rona.privacy.certificate.KeyException;
import io.rona.privacy.certificate.VerificationException;
import io.rona.privacy.ledger.BudgetExceededException;
import io.rona.privacy.ledger.LedgerIntegrityException;
import io.rona.query.data.DataException;
import java.nio.file.FileSystemException;
import org.jspecify.annotations.Nullable;

/** What the exit codes of the program mean; part of its interface. */
public final class ExitCodes {
  /** All went well. */
  public static final int OK = 0;

  /** Something unforeseen happened. */
  public static final int INTERNAL = 1;

  /** The command line or the configuration is wrong. */
  public static final int USAGE = 2;

  /** The privacy budget does not suffice; nothing was released. */
  public static final int BUDGET = 3;

  /** A bundle, a ledger or a signature did not pass its checks. */
  public static final int VERIFICATION = 4;

  /** A data file cannot be used. */
  public static final int DATA = 5;

  /** An audit found a leak. */
  public static final int AUDIT = 6;

  private ExitCodes() {}

  /**
   * Returns the exit code for a failure, by the first failure in its chain of causes that has one.
   *
   * @param failure what went wrong
   * @return the exit code, {@link #INTERNAL} if nothing in the chain is known
   */
  public static int of(Throwable failure) {
    Throwable known = known(failure);
    if (known instanceof BudgetExceededException) {
      return BUDGET;
    }
    if (known instanceof VerificationException || known instanceof LedgerIntegrityException) {
      return VERIFICATION;
    }
    if (known instanceof DataException) {
      return DATA;
    }
    return known == null ? INTERNAL : USAGE;
  }

  /** Returns the first failure in a chain that is meant for people, or null. */
  static @Nullable Throwable known(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause() == t ? null : t.getCause()) {
      if (t instanceof BudgetExceededException
          || t instanceof VerificationException
          || t instanceof LedgerIntegrityException
          || t instanceof DataException
          || t instanceof ConfigException
          || t instanceof KeyException
          || t instanceof FileSystemException) {
        return t;
      }
    }
    return null;
  }
}
