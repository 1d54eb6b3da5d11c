package io.rona.query.engine;

/** Hears how far a long piece of work has come. Gets counts of public or configured things only. */
@FunctionalInterface
public interface Progress {

  /** Hears nothing. */
  Progress NONE = (stage, done, total) -> {};

  /**
   * Some of the work is done.
   *
   * @param stage what is being done, in a few words
   * @param done parts done so far, from 0
   * @param total parts there are
   */
  void update(String stage, long done, long total);
}
