package io.rona.cli;

import io.rona.privacy.ledger.BudgetExceededException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Tells people of failures in one line, and gives the exit code.
 *
 * <p>Only messages that the project writes are repeated, since those of libraries may quote what
 * they stumbled over, which may be a record. Everything else is named by its type and place.
 */
final class FailureReport implements IExecutionExceptionHandler, IParameterExceptionHandler {
  private static final String OWN_PACKAGE = "io.rona.";

  private final RonaCommand root;

  FailureReport(RonaCommand root) {
    this.root = root;
  }

  @Override
  public int handleExecutionException(
      Exception failure, CommandLine command, @Nullable ParseResult result) {
    return report(failure, command.getErr());
  }

  /** Writes one line, or everything where that was asked for. */
  int report(Throwable failure, PrintWriter err) {
    err.println("rona: " + describe(failure).replaceAll("\\p{Cntrl}+", " "));
    if (root.stackTrace()) {
      failure.printStackTrace(err);
    }
    err.flush();
    return code(failure);
  }

  private static int code(Throwable failure) {
    boolean refusedArgument =
        failure instanceof IllegalArgumentException && ours(failure) && known(failure) == null;
    return refusedArgument ? ExitCodes.USAGE : ExitCodes.of(failure);
  }

  private static @Nullable Throwable known(Throwable failure) {
    return ExitCodes.known(failure);
  }

  private static String describe(Throwable failure) {
    Throwable known = known(failure);
    if (known instanceof FileSystemException file) {
      return describe(file);
    }
    if (known instanceof BudgetExceededException) {
      return known.getMessage() + "; rona budget status tells what that is in epsilon";
    }
    if (known != null) {
      return String.valueOf(known.getMessage());
    }
    if (failure instanceof OutOfMemoryError) {
      return "out of memory; give the program more with RONA_JAVA_OPTIONS=-Xmx4g, or use less data";
    }
    if (ours(failure)) {
      return String.valueOf(failure.getMessage());
    }
    StackTraceElement[] trace = failure.getStackTrace();
    String place = trace.length == 0 ? "unknown place" : trace[0].toString();
    return "internal error: "
        + failure.getClass().getName()
        + " at "
        + place
        + "; --stacktrace shows more, which may quote data";
  }

  private static String describe(FileSystemException failure) {
    String file = String.valueOf(failure.getFile());
    if (failure instanceof NoSuchFileException) {
      return file + ": the file or directory does not exist";
    }
    if (failure instanceof AccessDeniedException) {
      return file + ": access is denied";
    }
    String reason = failure.getReason();
    return file + ": " + (reason == null ? failure.getClass().getSimpleName() : reason);
  }

  /**
   * Tells whether the project's own code threw this, so that its message holds no record. Errors
   * come from the virtual machine, whatever code it was running.
   */
  private static boolean ours(Throwable failure) {
    StackTraceElement[] trace = failure.getStackTrace();
    return !(failure instanceof Error)
        && failure.getMessage() != null
        && trace.length > 0
        && trace[0].getClassName().startsWith(OWN_PACKAGE);
  }

  @Override
  public int handleParseException(ParameterException failure, String[] args) {
    CommandLine command = failure.getCommandLine();
    PrintWriter err = command.getErr();
    String message = String.valueOf(failure.getMessage()).replaceAll("\\p{Cntrl}+", " ");
    err.println("rona: " + message);
    if (failure instanceof UnmatchedArgumentException unmatched
        && UnmatchedArgumentException.printSuggestions(unmatched, err)) {
      err.flush();
      return ExitCodes.USAGE;
    }
    err.println("See: " + command.getCommandSpec().qualifiedName() + " --help");
    err.flush();
    return ExitCodes.USAGE;
  }
}
