package io.rona.cli.progress;

import io.rona.query.engine.Progress;
import java.io.PrintStream;
import java.util.function.LongSupplier;

/**
 * Progress for people: bars with the remaining time on a terminal, plain lines elsewhere.
 *
 * <p>Thread-safe. Shows counts of public or configured things only, as {@link Progress} promises.
 */
public interface ConsoleProgress extends Progress, AutoCloseable {
  /** The system property by which the launcher says whether standard error is a terminal. */
  String TERMINAL_PROPERTY = "rona.terminal";

  /**
   * Opens a display.
   *
   * @param err where it is shown
   * @param terminal whether that is a terminal
   * @param nanoTime measures durations
   * @return the display
   */
  static ConsoleProgress of(PrintStream err, boolean terminal, LongSupplier nanoTime) {
    return terminal ? new BarProgress(err) : new PlainProgress(err, nanoTime);
  }

  /**
   * Tells whether standard error is a terminal.
   *
   * @return what the launcher says; false without it, since Java cannot tell
   */
  static boolean onTerminal() {
    return Boolean.getBoolean(TERMINAL_PROPERTY);
  }

  @Override
  void close();
}
