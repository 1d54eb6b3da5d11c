package io.rona.student;

import io.rona.query.engine.TrainingSchedule;

/** Counts the steps of one phase. */
final class Progression {

  private final long steps;
  private long taken;

  private Progression(long steps) {
    this.steps = steps;
  }

  static Progression of(TrainingSchedule schedule, int examples) {
    return new Progression(schedule.steps(examples));
  }

  /** Part of the phase that is over before the next step: 0 at the first, 1 at the last. */
  double next() {
    double progress = steps == 1 ? 1 : Math.min(1, (double) taken / (steps - 1));
    taken++;
    return progress;
  }
}
