package io.rona.student;

import io.rona.query.data.ExampleSet;
import io.rona.query.data.PublicSeed;
import io.rona.query.engine.EpochCheckpoint;
import io.rona.query.engine.Network;
import io.rona.query.engine.NetworkTrainer;
import io.rona.query.engine.Progress;
import io.rona.query.engine.TrainingSchedule;
import java.io.IOException;
import java.util.SplittableRandom;

/** Runs a phase of a network's training, or takes its end from where it is kept. */
final class PhaseRunner {

  private final StudentStore store;
  private final long seed;
  private final Progress progress;
  private final String prefix;
  private final boolean repeating;

  /**
   * Prepares the phases.
   *
   * @param store where the weights are kept after each phase and epoch
   * @param seed public seed of order and distortion
   * @param progress hears of every epoch
   */
  PhaseRunner(StudentStore store, long seed, Progress progress) {
    this(store, seed, progress, "", false);
  }

  private PhaseRunner(
      StudentStore store, long seed, Progress progress, String prefix, boolean repeating) {
    this.repeating = repeating;
    this.store = store;
    this.seed = seed;
    this.progress = progress;
    this.prefix = prefix;
  }

  /** Returns a runner of the phases of another network, whose names begin with a word. */
  PhaseRunner of(String network) {
    return new PhaseRunner(store, seed, progress, prefix + network + "-", repeating);
  }

  /**
   * Returns a runner that begins a stopped phase again, for a loss that gives again what it gave.
   */
  PhaseRunner repeating() {
    return new PhaseRunner(store, seed, progress, prefix, true);
  }

  /**
   * Runs one phase, or what a stopped run left of it.
   *
   * @param phase its name, of one network no other's
   * @param schedule how long and how fast
   * @param network starts from its weights and ends with those after the phase
   * @param examples inputs
   * @param loss gives the gradient at the outputs
   */
  void run(
      String phase,
      TrainingSchedule schedule,
      Network network,
      ExampleSet examples,
      NetworkTrainer.BatchLoss loss)
      throws IOException {
    String name = prefix + phase;
    if (store.restore(name, network)) {
      return;
    }
    // Each phase draws from a stream of its own, so that a resumed run draws what an unbroken one
    // does.
    SplittableRandom random = new SplittableRandom(PublicSeed.of(seed, name.hashCode()));
    EpochCheckpoint epochs = repeating ? EpochCheckpoint.none() : store.epochs(name);
    new NetworkTrainer(schedule, random, progress, epochs)
        .train(network, examples, "student: " + name, loss);
    store.keep(name, network);
  }
}
