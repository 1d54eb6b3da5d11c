package io.rona.query;

import java.util.Arrays;

/**
 * Gradient descent of a linear head on released gradients.
 *
 * <p>With \( s_t \) the released noised sum of clipped gradients at \( W_t \) and \( n \) the
 * declared number of privacy units, \( V_{t+1} = m V_t + s_t / n \) and \( W_{t+1} = W_t - \eta d
 * V_{t+1} \), \( d \) the length of a feature vector. The result is the mean of the last iterates,
 * which averages noise out (Polyak and Juditsky, 1992).
 *
 * <p><b>Privacy.</b> A function of public values and released vectors alone: post-processing. The
 * true number of units is nowhere in it. Not thread-safe.
 */
public final class HeadDescent {

  private final Recipe recipe;
  private final double[] weights;
  private final double[] velocity;
  private final double[] total;
  private int taken;
  private int averaged;

  private HeadDescent(Recipe recipe) {
    this.recipe = recipe;
    this.weights = recipe.start.clone();
    this.velocity = new double[weights.length];
    this.total = new double[weights.length];
  }

  /**
   * How far and how fast.
   *
   * @param steps planned number of steps, at least 1
   * @param learningRate \( \eta \), step size over the length of a feature vector, greater than 0
   * @param momentum \( m \), from 0 to below 1
   * @param averagedShare last part of the planned steps whose iterates are averaged, greater than 0
   *     and at most 1
   */
  public record Schedule(int steps, double learningRate, double momentum, double averagedShare) {
    /**
     * Checks the ranges.
     *
     * @param steps planned number of steps
     * @param learningRate step size over the length of a feature vector
     * @param momentum momentum
     * @param averagedShare last part of the steps
     * @throws IllegalArgumentException if a value is out of range
     */
    public Schedule {
      StepRules.require(steps, learningRate, momentum);
      StepRules.require(
          averagedShare > 0 && averagedShare <= 1,
          "averaged share must be greater than 0 and at most 1",
          averagedShare);
    }
  }

  /** Everything public that the descent depends on beside the released vectors. Immutable. */
  public static final class Recipe {
    private final Schedule schedule;
    private final double clipNorm;
    private final long declaredUnits;
    private final int classes;
    private final double[] start;

    /**
     * Takes the public parts together.
     *
     * @param schedule how far and how fast
     * @param clipNorm released vectors are multiples of it, greater than 0
     * @param declaredUnits declared number of privacy units, at least 1
     * @param classes number of classes, at least 2
     * @param start weights before the first step, class by class; not modified
     * @throws IllegalArgumentException if a value is out of range
     */
    public Recipe(
        Schedule schedule, double clipNorm, long declaredUnits, int classes, double[] start) {
      if (!(clipNorm > 0 && clipNorm < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("clip norm must be greater than 0, but is " + clipNorm);
      }
      if (!(declaredUnits >= 1 && classes >= 2)) {
        throw new IllegalArgumentException(
            "declared units must be at least 1 and classes at least 2, but are "
                + declaredUnits
                + " and "
                + classes);
      }
      if (start.length == 0 || start.length % classes != 0) {
        throw new IllegalArgumentException(
            "start must hold as many weights for each class, but holds " + start.length);
      }
      this.schedule = schedule;
      this.clipNorm = clipNorm;
      this.declaredUnits = declaredUnits;
      this.classes = classes;
      this.start = start.clone();
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
     * Returns the number of classes.
     *
     * @return at least 2
     */
    public int classes() {
      return classes;
    }

    /**
     * Returns the length of a feature vector.
     *
     * @return at least 1
     */
    public int dimension() {
      return start.length / classes;
    }

    /**
     * Begins at the start.
     *
     * @return a descent of no step
     */
    public HeadDescent begin() {
      return new HeadDescent(this);
    }
  }

  /**
   * Takes one step.
   *
   * @param released noised sum of clipped gradients in multiples of the clip norm, class by class;
   *     not modified
   * @throws IllegalArgumentException if it has another length than the weights
   */
  public void step(double[] released) {
    if (released.length != weights.length) {
      throw new IllegalArgumentException(
          "a step needs " + weights.length + " values, but has " + released.length);
    }
    double rate = recipe.schedule.learningRate() * recipe.dimension();
    for (int i = 0; i < weights.length; i++) {
      velocity[i] =
          recipe.schedule.momentum() * velocity[i]
              + recipe.clipNorm * released[i] / recipe.declaredUnits;
      weights[i] -= rate * velocity[i];
    }
    taken++;
    if (taken > (1 - recipe.schedule.averagedShare()) * recipe.schedule.steps()) {
      averaged++;
      for (int i = 0; i < weights.length; i++) {
        total[i] += weights[i];
      }
    }
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
   * @return a copy, class by class
   */
  public double[] weights() {
    return weights.clone();
  }

  /**
   * Returns what has been learned so far.
   *
   * @return mean of the last iterates, or the last one before any is averaged; class by class
   */
  public double[] result() {
    return averaged == 0
        ? weights()
        : Arrays.stream(total).map(value -> value / averaged).toArray();
  }
}
