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
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      BudgetLine.Answer answer = BudgetLine.answer(line);
      out.print(answer.json());
      out.print('\n');
      out.flush();
      code = answer.good() ? code : BAD_LINE;
    }
    return code;
  }
}
