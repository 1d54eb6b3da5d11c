package io.rona.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** One command run within the test's process. */
record CommandRun(int exitCode, String out, String err) {
  static CommandRun of(String... args) {
    return of(Main.commandLine(), args);
  }

  static CommandRun of(CommandLine commandLine, String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    commandLine.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    int exitCode = Main.execute(commandLine, args);
    return new CommandRun(exitCode, out.toString(), err.toString());
  }
}
