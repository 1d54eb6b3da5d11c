package io.rona.cli.progress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class ConsoleProgressTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream err = new PrintStream(bytes, true, StandardCharsets.UTF_8);
  private long now;

  private String shown() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void plain_longStage_printsStartEndAndALineEveryFewSeconds() {
    try (ConsoleProgress progress =
        ConsoleProgress.lines(new PrintWriter(err, false, StandardCharsets.UTF_8), () -> now)) {
      for (int done = 0; done <= 20; done++) {
        progress.update("teachers", done, 20);
        now += 1_000_000_000L;
      }
      progress.update("teachers", 20, 20);
    }
    assertEquals(
        """
        teachers: 0 of 20
        teachers: 5 of 20, about 15 s left
        teachers: 10 of 20, about 10 s left
        teachers: 15 of 20, about 5 s left
        teachers: done in 20 s
        """,
        shown());
  }

  @Test
  void plain_resumedStage_countsItsOwnSpeedOnly() {
    try (ConsoleProgress progress =
        ConsoleProgress.lines(new PrintWriter(err, false, StandardCharsets.UTF_8), () -> now)) {
      progress.update("teachers", 90, 100);
      now += 70_000_000_000L;
      progress.update("teachers", 91, 100);
      progress.update("student", 0, 3);
    }
    assertEquals(
        """
        teachers: 90 of 100
        teachers: 91 of 100, about 10 min 30 s left
        student: 0 of 3
        """,
        shown());
  }

  @Test
  void plain_stageThatIsDoneAtOnce_saysSo() {
    try (ConsoleProgress progress =
        ConsoleProgress.lines(new PrintWriter(err, false, StandardCharsets.UTF_8), () -> now)) {
      progress.update("answers", 1, 1);
    }
    assertEquals("answers: done in 0 s\n", shown());
  }

  @Test
  void bar_stages_showNamesAndCounts() {
    try (ConsoleProgress progress = ConsoleProgress.bars(err)) {
      progress.update("teachers", 0, 2);
      progress.update("teachers", 2, 2);
      progress.update("teachers", 2, 2);
      progress.update("student", 1, 2);
    }
    assertTrue(shown().contains("teachers 100%"), shown());
    assertTrue(shown().contains("2/2"), shown());
    assertTrue(shown().contains("student"), shown());
  }
}
