package io.rona.cli.budget;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The JSON Lines mode: one answer for each line, in order, whatever a line holds. */
final class BudgetLines {
  static final int OK = 0;
  static final int BAD_LINE = 2;

  /** Longer lines are refused, so that no line takes all memory. */
  static final int MOST_CHARACTERS = 1 << 24;

  private BudgetLines() {}

  /**
   * Answers every line of a file, or of the standard input for {@code -}.
   *
   * @return 0, or 2 if a line could not be answered
   */
  static int run(String source, PrintWriter out) throws IOException {
    if (source.equals("-")) {
      return run(System.in, out);
    }
    try (InputStream in = Files.newInputStream(Path.of(source))) {
      return run(in, out);
    }
  }

  static int run(InputStream in, PrintWriter out) throws IOException {
    BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    int code = OK;
    StringBuilder line = new StringBuilder();
    while (read(reader, line)) {
      BudgetLine.Answer answer =
          line.length() > MOST_CHARACTERS
              ? BudgetLine.refused("a line must have at most " + MOST_CHARACTERS + " characters")
              : BudgetLine.answer(line.toString());
      out.print(answer.json());
      out.print('\n');
      out.flush();
      code = answer.good() ? code : BAD_LINE;
    }
    return code;
  }

  /** Reads a line, of which one character more than allowed is kept; false at the end. */
  private static boolean read(BufferedReader reader, StringBuilder line) throws IOException {
    line.setLength(0);
    int next = reader.read();
    if (next < 0) {
      return false;
    }
    for (; next >= 0 && next != '\n'; next = reader.read()) {
      if (line.length() <= MOST_CHARACTERS) {
        line.append((char) next);
      }
    }
    return true;
  }
}
