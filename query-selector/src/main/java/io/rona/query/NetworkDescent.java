package io.rona.query;

import io.rona.query.engine.RateSchedule;

/**
 * Descent of a network's weights on released gradients.
 *
 * <p>With \( s_t \) the released noised sum of clipped gradients, in multiples of the clip norm \(
 * C \), and \( B \) the expected number of examples in it, the gradient of a step is \( C s_t / B
 * \): the true number of examples is nowhere in it, and an empty batch steps along its noise. The
 * result is an exponential moving average of the weights (De et al., 2022, Unlocking High-Accuracy
 * Differentially Private Image Classification through Scale, section 3.1).
 *
 * <p><b>Privacy.</b> A function of public values and released vectors alone: post-processing. Not
 * thread-safe.
 */
public final class NetworkDescent {

  private static final double SECOND_MOMENT_DECAY = 0.999;
  private static final double SMALLEST_DEVIATION = 1e-8;

  private final Recipe recipe;
  private final double[] weights;
  private final double[] average;
  private final double[] velocity;
  private final double[] squares;
  private int taken;

  private NetworkDescent(Recipe recipe) {
    this.recipe = recipe;
    this.weights = recipe.start.clone();
    this.average = recipe.start.clone();
    this.velocity = new double[weights.length];
    this.squares = new double[weights.length];
  }

  /** How a gradient becomes a step. */
  public enum Optimizer {
    /** Stochastic gradient descent with heavy-ball momentum (Polyak, 1964). */
    SGD,
    /** Adam (Kingma and Ba, 2015) on noised gradients. */
    ADAM
  }

  /**
   * How far and how fast.
   *
   * @param steps planned number of steps, at least 1
   * @param optimizer how a gradient becomes a step
   * @param learningRate step size at the start, greater than 0
   * @param rate how the step size changes
   * @param momentum share of the last step's direction, or Adam's first decay; from 0 to below 1
   * @param averageDecay share of the old average in the new, from 0 to below 1
   */
  public record Schedule(
      int steps,
      Optimizer optimizer,
      double learningRate,
      RateSchedule rate,
      double momentum,
      double averageDecay) {
    /**
     * Checks the ranges.
     *
     * @param steps planned number of steps
     * @param optimizer how a gradient becomes a step
     * @param learningRate step size at the start
     * @param rate how the step size changes
     * @param momentum share of the last step's direction
     * @param averageDecay share of the old average
     * @throws IllegalArgumentException if a value is out of range
     */
    public Schedule {
      StepRules.require(steps, learningRate, momentum);
      StepRules.require(
          averageDecay >= 0 && averageDecay < 1,
          "average decay must be at least 0, below 1",
          averageDecay);
    }
  }

  /** Everything public that the descent depends on beside the released vectors. Immutable. */
  public static final class Recipe {
    private final Schedule schedule;
    private final double clipNorm;
    private final double expectedBatch;
    private final double[] start;

    /**
     * Takes the public parts together.
     *
     * @param schedule how far and how fast
     * @param clipNorm released vectors are multiples of it, greater than 0
     * @param expectedBatch expected number of examples in a sum, greater than 0
     * @param start weights before the first step; not modified
     * @throws IllegalArgumentException if a value is out of range
     */
    public Recipe(Schedule schedule, double clipNorm, double expectedBatch, float[] start) {
      if (!(clipNorm > 0 && clipNorm < Double.POSITIVE_INFINITY && expectedBatch > 0)) {
        throw new IllegalArgumentException(
            "clip norm and expected batch must be greater than 0, but are "
                + clipNorm
                + " and "
                + expectedBatch);
      }
      this.schedule = schedule;
      this.clipNorm = clipNorm;
      this.expectedBatch = expectedBatch;
      this.start = new double[start.length];
      for (int i = 0; i < start.length; i++) {
        this.start[i] = start[i];
      }
    }

    /**
     * Returns how far and how fast.
     *
     * @return the schedule
     */
    public Schedule schedule() {
      return schedule;
    }

    /**
     * Counts the weights.
     *
     * @return length of a released vector
     */
    public int length() {
      return start.length;
    }

    /**
     * Begins at the start.
     *
     * @return a descent of no step
     */
    public NetworkDescent begin() {
      return new NetworkDescent(this);
    }
  }

  /**
   * Takes one step.
   *
   * @param released noised sum of clipped gradients in multiples of the clip norm; not modified
   * @throws IllegalArgumentException if it has another length than the weights
   */
  public void step(double[] released) {
    if (released.length != weights.length) {
      throw new IllegalArgumentException(
          "a step needs " + weights.length + " values, but has " + released.length);
    }
    Schedule schedule = recipe.schedule;
    double progress = Math.min(1, (double) taken / schedule.steps());
    double rate = schedule.learningRate() * schedule.rate().factor(progress);
    taken++;
    double scale = recipe.clipNorm / recipe.expectedBatch;
    for (int i = 0; i < weights.length; i++) {
      double gradient = scale * released[i];
      weights[i] -=
          rate * (schedule.optimizer() == Optimizer.SGD ? sgd(i, gradient) : adam(i, gradient));
    }
    // Young averages remember briefly.
    double decay = Math.min(schedule.averageDecay(), (1.0 + taken) / (10.0 + taken));
    for (int i = 0; i < weights.length; i++) {
      average[i] = decay * average[i] + (1 - decay) * weights[i];
    }
  }

  private double sgd(int i, double gradient) {
    velocity[i] = recipe.schedule.momentum() * velocity[i] + gradient;
    return velocity[i];
  }

  private double adam(int i, double gradient) {
    double first = recipe.schedule.momentum();
    velocity[i] = first * velocity[i] + (1 - first) * gradient;
    squares[i] = SECOND_MOMENT_DECAY * squares[i] + (1 - SECOND_MOMENT_DECAY) * gradient * gradient;
    double mean = velocity[i] / (1 - Math.pow(first, taken));
    double deviation = Math.sqrt(squares[i] / (1 - Math.pow(SECOND_MOMENT_DECAY, taken)));
    return mean / (deviation + SMALLEST_DEVIATION);
  }

  /**
   * Counts the steps taken.
   *
   * @return at least 0
   */
  public int taken() {
    return taken;
  }

  /**
   * Returns where the next gradient is asked for.
   *
   * @return a copy, in single precision
   */
  public float[] weights() {
    return single(weights);
  }

  /**
   * Returns what has been learned so far.
   *
   * @return the moving average of the weights, in single precision
   */
  public float[] result() {
    return single(average);
  }

  private static float[] single(double[] values) {
    float[] single = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      single[i] = (float) values[i];
    }
    return single;
  }
}
