package io.rona.cli.progress;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongSupplier;

/** One line at the start and the end of a stage, and one every few seconds between. */
final class PlainProgress implements ConsoleProgress {
  private static final double SECONDS_BETWEEN_LINES = 5;

  private final PrintWriter err;
  private final LongSupplier nanoTime;
  private String stage = "";
  private boolean running;
  private long startNanos;
  private long lineNanos;
  private long firstDone;

  PlainProgress(PrintWriter err, LongSupplier nanoTime) {
    this.err = err;
    this.nanoTime = nanoTime;
  }

  @Override
  public synchronized void update(String newStage, long done, long total) {
    long now = nanoTime.getAsLong();
    boolean complete = done >= total;
    if (!newStage.equals(stage) || (!running && !complete)) {
      start(newStage, done, total, now);
    }
    if (running && complete) {
      running = false;
      print("%s: done in %s%n", stage, duration(seconds(startNanos, now)));
    } else if (running && seconds(lineNanos, now) >= SECONDS_BETWEEN_LINES) {
      lineNanos = now;
      print("%s: %d of %d%s%n", stage, done, total, left(done, total, now));
    }
  }

  private void start(String newStage, long done, long total, long now) {
    stage = newStage;
    running = true;
    startNanos = now;
    lineNanos = now;
    firstDone = done;
    if (done < total) {
      print("%s: %d of %d%n", stage, done, total);
    }
  }

  /** What was done before this process started says nothing of its speed. */
  private String left(long done, long total, long now) {
    if (done <= firstDone) {
      return "";
    }
    double perPart = seconds(startNanos, now) / (done - firstDone);
    return ", about " + duration(perPart * (total - done)) + " left";
  }

  private void print(String format, Object... values) {
    err.printf(Locale.ROOT, format, values);
    err.flush();
  }

  private static double seconds(long fromNanos, long toNanos) {
    return (toNanos - fromNanos) / 1e9;
  }

  private static String duration(double seconds) {
    long whole = Math.round(seconds);
    return whole < 60 ? whole + " s" : whole / 60 + " min " + whole % 60 + " s";
  }

  @Override
  public void close() {}
}
