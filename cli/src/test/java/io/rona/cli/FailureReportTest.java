package io.rona.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.cli.config.ConfigException;
import io.rona.privacy.Adjacency;
import io.rona.privacy.PrivacyParameters;
import io.rona.privacy.certificate.VerificationException;
import io.rona.privacy.ledger.AccountKey;
import io.rona.privacy.ledger.BudgetExceededException;
import io.rona.privacy.ledger.LedgerIntegrityException;
import io.rona.privacy.ledger.SensitiveDataId;
import io.rona.query.data.DataException;
import java.nio.file.AccessDeniedException;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

final class FailureReportTest {
  private static final String RECORD = "39, State-gov, 77516";

  /** A command that fails as told. */
  @Command(name = "fail")
  private static final class Fail implements Callable<Integer> {
    private final Callable<Integer> work;

    Fail(Callable<Integer> work) {
      this.work = work;
    }

    @Override
    public Integer call() throws Exception {
      return work.call();
    }
  }

  private static CommandRun fail(Callable<Integer> work, String... options) {
    String[] args = new String[options.length + 1];
    args[0] = "fail";
    System.arraycopy(options, 0, args, 1, options.length);
    CommandLine commandLine = Main.commandLine();
    commandLine.addSubcommand(new Fail(work));
    Main.installHandlers(commandLine);
    return CommandRun.of(commandLine, args);
  }

  private static Callable<Integer> throwing(Error failure) {
    return () -> {
      throw failure;
    };
  }

  private static Callable<Integer> throwing(RuntimeException failure) {
    return () -> {
      throw failure;
    };
  }

  private static AccountKey account() {
    return new AccountKey(new SensitiveDataId("d", "0".repeat(64)), Adjacency.ADD_REMOVE);
  }

  private static void assertLine(int exitCode, String line, CommandRun run) {
    assertEquals(line + "\n", run.err());
    assertEquals(exitCode, run.exitCode());
  }

  @Test
  void failure_ofEachKind_hasItsExitCode() {
    assertLine(2, "rona: a.yaml: bad", fail(throwing(new ConfigException("a.yaml", "bad"))));
    assertEquals(3, fail(throwing(new BudgetExceededException(account(), 2, 1))).exitCode());
    assertEquals(4, fail(throwing(new VerificationException("changed"))).exitCode());
    assertEquals(4, fail(throwing(new LedgerIntegrityException("cut"))).exitCode());
    assertLine(5, "rona: f.gz: truncated", fail(throwing(new DataException("f.gz", "truncated"))));
    assertEquals(1, fail(throwing(new NullPointerException())).exitCode());
  }

  @Test
  void error_ofTheMachine_isOneLineToo() {
    Callable<Integer> work =
        () -> {
          throw new OutOfMemoryError("Java heap space");
        };
    assertLine(
        1,
        "rona: out of memory; give the program more with RONA_JAVA_OPTIONS=-Xmx4g, or use less data",
        fail(work));
    assertEquals(1, fail(throwing(new ExceptionInInitializerError(RECORD))).exitCode());
    assertFalse(fail(throwing(new ExceptionInInitializerError(RECORD))).err().contains(RECORD));
  }

  @Test
  void failure_inACause_countsToo() {
    RuntimeException wrapped = new IllegalStateException("x", new DataException("f", "short"));
    assertLine(5, "rona: f: short", fail(throwing(wrapped)));
  }

  @Test
  void failure_ofOwnArgumentCheck_isUsage() {
    CommandRun run =
        fail(
            () -> {
              PrivacyParameters bad = new PrivacyParameters(-1, 0.5);
              return bad.hashCode();
            });
    assertLine(2, "rona: epsilon must be finite and greater than 0, but is -1.0", run);
  }

  @Test
  void failure_ofFileSystem_namesTheFile() {
    CommandRun run =
        fail(
            () -> {
              throw new AccessDeniedException("/out");
            });
    assertLine(2, "rona: /out: access is denied", run);
  }

  @Test
  void failure_ofALibrary_doesNotRepeatItsMessage() {
    CommandRun run = fail(() -> Integer.parseInt(RECORD));
    assertEquals(1, run.exitCode());
    assertFalse(run.err().contains("State-gov"), run.err());
    assertTrue(run.err().contains("java.lang.NumberFormatException"), run.err());
    assertEquals(1, run.err().lines().count());
  }

  @Test
  void failure_withStackTrace_showsAll() {
    CommandRun run = fail(() -> Integer.parseInt(RECORD), "--stacktrace");
    assertTrue(run.err().contains("State-gov"), run.err());
    assertTrue(run.err().contains("\tat io.rona.cli.FailureReportTest"), run.err());
  }

  @Test
  void failure_withLineBreaks_staysOneLine() {
    CommandRun run = fail(throwing(new ConfigException("a\nb", "c\r\nd")));
    assertLine(2, "rona: a b: c d", run);
  }

  @Test
  void commandLine_wrong_isUsage() {
    CommandRun none = CommandRun.of();
    assertEquals(2, none.exitCode());
    assertEquals("rona: a command must be given\nSee: rona --help\n", none.err());
    CommandRun option = CommandRun.of("plan", "x.yaml", "--frobnicate");
    assertEquals(2, option.exitCode());
    assertTrue(option.err().startsWith("rona: Unknown option: '--frobnicate'"), option.err());
    assertEquals(2, CommandRun.of("plan").exitCode());
    CommandRun command = CommandRun.of("plans");
    assertEquals(2, command.exitCode());
    assertTrue(command.err().contains("plan"), command.err());
  }

  @Test
  void help_isAManual() {
    CommandRun help = CommandRun.of("--help");
    assertEquals(0, help.exitCode());
    assertTrue(help.out().contains("Exit codes:"), help.out());
    assertTrue(help.out().contains("RONA_HOME"), help.out());
    for (CommandLine sub : Main.commandLine().getSubcommands().values()) {
      CommandRun run = CommandRun.of("help", sub.getCommandName());
      assertEquals(0, run.exitCode(), sub.getCommandName());
      assertTrue(run.out().startsWith("Usage:") || run.out().contains("Usage:"), run.out());
    }
    CommandRun version = CommandRun.of("--version");
    assertEquals(0, version.exitCode());
    assertTrue(version.out().startsWith("rona "), version.out());
  }
}
