package io.rona.cli.progress;

import java.io.PrintStream;
import java.time.Duration;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** One bar a stage, with the time that is left. */
final class BarProgress implements ConsoleProgress {
  private static final int COLUMNS = 100;
  private static final int MILLIS_BETWEEN_UPDATES = 250;

  private final PrintStream err;
  private String stage = "";
  private @Nullable ProgressBar bar;

  BarProgress(PrintStream err) {
    this.err = err;
  }

  @Override
  public synchronized void update(String newStage, long done, long total) {
    boolean complete = done >= total;
    if (!newStage.equals(stage) || (bar == null && !complete)) {
      close();
      stage = newStage;
      bar = open(newStage, done, total);
    }
    if (bar != null) {
      bar.maxHint(total);
      bar.stepTo(done);
      if (complete) {
        close();
      }
    }
  }

  private ProgressBar open(String name, long done, long total) {
    return new ProgressBarBuilder()
        .setTaskName(name)
        .setInitialMax(total)
        .startsFrom(done, Duration.ZERO)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(MILLIS_BETWEEN_UPDATES)
        .setConsumer(new ConsoleProgressBarConsumer(err, COLUMNS))
        .build();
  }

  @Override
  public synchronized void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
