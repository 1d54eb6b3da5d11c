package io.rona.teacher;

import io.rona.query.NetworkDescent;
import io.rona.query.engine.LayerSpec;
import io.rona.query.engine.TrainingSchedule;
import io.rona.query.features.ImageAugmenter;
import java.util.List;
import java.util.Optional;

/**
 * How a network is trained with DP-SGD.
 *
 * @param layers hidden layers of the network
 * @param expectedBatch expected number of records in a step, at least 1; the declared number of
 *     units for full batches
 * @param clipNorm L2 norm that the gradient of one record is clipped to, greater than 0
 * @param schedule how far and how fast the network descends
 * @param blocks how many blocks the steps are paid for in
 * @param distortions distorted copies of each record, if any
 * @param pretraining how the network trains on public labels before, if it does
 * @param microBatch records whose gradients are computed at once, at least 1; bounds the memory
 * @param publicOnly what is learned from public data; its seed makes the start
 */
public record DpSgdSpec(
    List<LayerSpec> layers,
    long expectedBatch,
    double clipNorm,
    NetworkDescent.Schedule schedule,
    int blocks,
    Optional<Distortions> distortions,
    Optional<TrainingSchedule> pretraining,
    int microBatch,
    PublicOnlySpec publicOnly) {
  /**
   * Checks the ranges.
   *
   * @param layers hidden layers of the network
   * @param expectedBatch expected number of records in a step
   * @param clipNorm clip norm of one record's gradient
   * @param schedule how far and how fast the network descends
   * @param blocks how many blocks the steps are paid for in
   * @param distortions distorted copies of each record
   * @param pretraining training on public labels
   * @param microBatch records at once
   * @param publicOnly what is learned from public data
   * @throws IllegalArgumentException if a value is out of range
   */
  public DpSgdSpec {
    layers = List.copyOf(layers);
    if (!(expectedBatch >= 1 && microBatch >= 1)) {
      throw new IllegalArgumentException(
          "expected batch and micro-batch must be at least 1, but are "
              + expectedBatch
              + " and "
              + microBatch);
    }
    if (!(clipNorm > 0 && clipNorm < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("clip norm must be greater than 0, but is " + clipNorm);
    }
    StepBlocks.require(schedule.steps(), blocks);
  }

  /**
   * Copies whose mean gradient counts as one record's (De et al., 2022, section 3.1).
   *
   * @param copies of each record in a step, at least 1
   * @param augmenter distorts each
   */
  public record Distortions(int copies, ImageAugmenter augmenter) {
    /**
     * Checks the number.
     *
     * @param copies of each record in a step
     * @param augmenter distorts each
     * @throws IllegalArgumentException if there is no copy
     */
    public Distortions {
      if (!(copies >= 1)) {
        throw new IllegalArgumentException("copies must be at least 1, but are " + copies);
      }
    }
  }

  /**
   * Returns the blocks of steps.
   *
   * @return steps and blocks
   */
  public StepBlocks stepBlocks() {
    return new StepBlocks(schedule.steps(), blocks);
  }

  /** Rows that make one example. */
  int copies() {
    return distortions.map(Distortions::copies).orElse(1);
  }
}
