package io.rona.cli.progress;

import io.rona.query.engine.Progress;
import java.io.PrintStream;
import java.io.PrintWriter;
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
   * Opens a display of plain lines.
   *
   * @param err where they are written
   * @param nanoTime measures durations
   * @return the display
   */
  static ConsoleProgress lines(PrintWriter err, LongSupplier nanoTime) {
    return new PlainProgress(err, nanoTime);
  }

  /**
   * Opens a display of bars.
   *
   * @param terminal where they are drawn
   * @return the display
   */
  static ConsoleProgress bars(PrintStream terminal) {
    return new BarProgress(terminal);
  }

  /**
   * Shows progress as fits the process: bars on a terminal, else lines.
   *
   * @param err where lines go
   * @return progress to be closed at the end
   */
  static ConsoleProgress ofProcess(PrintWriter err) {
    return onTerminal() ? bars(System.err) : lines(err, System::nanoTime);
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
