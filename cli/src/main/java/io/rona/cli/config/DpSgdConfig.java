package io.rona.cli.config;

import io.rona.query.NetworkDescent.Optimizer;
import io.rona.query.engine.RateSchedule;
import java.util.List;
import java.util.Optional;

/**
 * One network trained on all sensitive records by DP-SGD.
 *
 * @param layers hidden layers in the short notation
 * @param batchSize expected number of records in a step; empty for all records in each
 * @param clipNorm L2 norm that the gradient of one record is clipped to
 * @param descent how far and how fast
 * @param blocks how many blocks the steps are paid for in
 * @param augmentation distorted copies of each record in a step, if any
 * @param pretraining training on public labels before, if any
 * @param microBatch records whose gradients are computed at once
 */
public record DpSgdConfig(
    List<String> layers,
    Optional<Integer> batchSize,
    double clipNorm,
    Descent descent,
    int blocks,
    Optional<TeacherAugmentationConfig> augmentation,
    Optional<BackboneConfig.ScheduleConfig> pretraining,
    int microBatch) {
  /** Expected number of records in a step where nothing is said of it. */
  static final int USUAL_BATCH = 2048;

  /** What {@code batchSize} is where all records take part in each step. */
  public static final String ALL = "all";

  /**
   * Checks the ranges.
   *
   * @param layers hidden layers in the short notation
   * @param batchSize expected number of records in a step
   * @param clipNorm clip norm of one record's gradient
   * @param descent how far and how fast
   * @param blocks how many blocks the steps are paid for in
   * @param augmentation distorted copies of each record in a step
   * @param pretraining training on public labels before
   * @param microBatch records whose gradients are computed at once
   * @throws IllegalArgumentException if a value is out of range
   */
  public DpSgdConfig {
    layers = Layers.checked(layers);
    batchSize.ifPresent(size -> Checks.count("batchSize", size, 1, 100_000_000));
    Checks.positive("clipNorm", clipNorm);
    Checks.count("blocks", blocks, 1, Math.min(1000, descent.steps()));
    Checks.count("microBatch", microBatch, 1, 100_000);
  }

  /**
   * How far and how fast.
   *
   * @param steps released gradients
   * @param optimizer how a gradient becomes a step
   * @param learningRate step size at the start
   * @param schedule how the step size changes
   * @param momentum share of the last step's direction
   * @param averageDecay share of the old average of the weights in the new
   */
  public record Descent(
      int steps,
      Optimizer optimizer,
      double learningRate,
      RateSchedule schedule,
      double momentum,
      double averageDecay) {

    /** The usual descent of an optimizer. */
    static Descent usual(Optimizer optimizer) {
      boolean adam = optimizer == Optimizer.ADAM;
      return new Descent(600, optimizer, adam ? 1e-3 : 1, RateSchedule.CONSTANT, 0.9, 0.99);
    }

    /**
     * Checks the ranges.
     *
     * @param steps released gradients
     * @param optimizer how a gradient becomes a step
     * @param learningRate step size at the start
     * @param schedule how the step size changes
     * @param momentum share of the last step's direction
     * @param averageDecay share of the old average
     * @throws IllegalArgumentException if a value is out of range
     */
    public Descent {
      Checks.count("steps", steps, 1, 1_000_000);
      Checks.positive("learningRate", learningRate);
      Checks.require(
          momentum >= 0 && momentum < 1, "momentum", "be at least 0 and less than 1", momentum);
      Checks.require(
          averageDecay >= 0 && averageDecay < 1,
          "averageDecay",
          "be at least 0 and less than 1",
          averageDecay);
    }
  }

  /**
   * Returns a network with the usual settings.
   *
   * @param images whether the records are images
   * @param batchSize expected number of records in a step; empty for all records in each
   * @return the network, without distorted copies and pretraining
   */
  public static DpSgdConfig usual(boolean images, Optional<Integer> batchSize) {
    Descent descent = Descent.usual(Optimizer.SGD);
    return new DpSgdConfig(
        Layers.ofPrivateNetwork(images),
        batchSize,
        0.1,
        descent,
        blocks(descent.steps()),
        Optional.empty(),
        Optional.empty(),
        64);
  }

  /** The usual number of blocks: with few steps, one each. */
  static int blocks(int steps) {
    return Math.min(5, steps);
  }

  /**
   * Returns the expected number of records in a step.
   *
   * @param units declared number of privacy units
   * @return at least 1
   */
  public long expectedBatch(long units) {
    return batchSize.map(Integer::longValue).orElse(units);
  }
}
