package io.rona.privacy.accounting.pld;

import java.util.Arrays;

/**
 * A loss with finitely many values, each with its mass under P, and a mass at infinity.
 *
 * <p>Both curves are kept at the values as sums of positive terms; between two values they are
 * linear in e^loss.
 */
final class AtomicCurve implements LossCurve {
  private final double[] losses;
  private final double infinite;
  private final Shape shape;

  /** f at each value, and e^loss Q(L >= value) there. */
  private final double[] above;

  private final double[] slopeAbove;

  /** g at each value, and e^loss Q(L <= value) there. */
  private final double[] below;

  private final double[] slopeBelow;

  /** P(L >= value) and P(L <= value). */
  private final double[] massAbove;

  private final double[] massBelow;

  /**
   * What is known of the values as a whole: their distance if a lattice, their own mirror image.
   */
  record Shape(double spacing, boolean symmetric) {}

  private AtomicCurve(double[] losses, double[] masses, double infinite, Shape shape) {
    this.losses = losses;
    this.infinite = infinite;
    this.shape = shape;
    int count = losses.length;
    above = new double[count];
    slopeAbove = new double[count];
    massAbove = new double[count];
    below = new double[count];
    slopeBelow = new double[count];
    massBelow = new double[count];
    sumDown(masses);
    sumUp(masses);
  }

  /**
   * Creates a curve.
   *
   * @param losses the values in increasing order; copied
   * @param masses P of each value; copied
   * @param infinite P of an infinite loss
   * @param shape what is known of the values as a whole
   */
  static AtomicCurve of(double[] losses, double[] masses, double infinite, Shape shape) {
    return new AtomicCurve(losses.clone(), masses, infinite, shape);
  }

  /** Returns the worst case of (epsilon, delta)-DP (Kairouz, Oh and Viswanath, 2015). */
  static AtomicCurve approximateDp(double epsilon, double delta) {
    if (epsilon == 0) {
      return of(new double[] {0}, new double[] {1 - delta}, delta, new Shape(0, true));
    }
    double low = 1 / (1 + Math.exp(epsilon));
    double high = 1 / (1 + Math.exp(-epsilon));
    return of(
        new double[] {-epsilon, epsilon},
        new double[] {(1 - delta) * low, (1 - delta) * high},
        delta,
        new Shape(2 * epsilon, true));
  }

  private void sumDown(double[] masses) {
    int last = losses.length - 1;
    above[last] = infinite;
    slopeAbove[last] = masses[last];
    massAbove[last] = masses[last] + infinite;
    for (int i = last - 1; i >= 0; i--) {
      double step = losses[i] - losses[i + 1];
      above[i] = above[i + 1] - Math.expm1(step) * slopeAbove[i + 1];
      slopeAbove[i] = masses[i] + Math.exp(step) * slopeAbove[i + 1];
      massAbove[i] = masses[i] + massAbove[i + 1];
    }
  }

  private void sumUp(double[] masses) {
    // What (P, Q) leave to Q alone, so that Q is complete: only where P has infinite losses or
    // cuts.
    double first = Math.max(0, Math.exp(losses[0]) - slopeAbove[0]);
    double lost = infinite == 0 ? 0 : first;
    below[0] = lost;
    slopeBelow[0] = masses[0] + lost;
    massBelow[0] = masses[0];
    for (int i = 1; i < losses.length; i++) {
      double step = losses[i] - losses[i - 1];
      below[i] = below[i - 1] + Math.expm1(step) * slopeBelow[i - 1];
      slopeBelow[i] = masses[i] + Math.exp(step) * slopeBelow[i - 1];
      massBelow[i] = masses[i] + massBelow[i - 1];
    }
  }

  /** Returns the index of the first value greater than the loss. */
  private int after(double loss) {
    int at = Arrays.binarySearch(losses, loss);
    return at >= 0 ? at + 1 : -at - 1;
  }

  @Override
  public double above(double loss) {
    int next = after(loss);
    if (next == losses.length) {
      return infinite;
    }
    return above[next] - Math.expm1(loss - losses[next]) * slopeAbove[next];
  }

  @Override
  public double below(double loss) {
    int next = after(loss);
    if (next == 0) {
      return below[0] * Math.exp(loss - losses[0]);
    }
    return below[next - 1] + Math.expm1(loss - losses[next - 1]) * slopeBelow[next - 1];
  }

  @Override
  public double massAbove(double loss) {
    int next = after(loss);
    return next == losses.length ? infinite : massAbove[next];
  }

  @Override
  public double massBelow(double loss) {
    int next = after(loss);
    return next == 0 ? 0 : massBelow[next - 1];
  }

  @Override
  public double slopeAbove(double loss) {
    int next = after(loss);
    return next == losses.length ? 0 : Math.exp(loss - losses[next]) * slopeAbove[next];
  }

  @Override
  public double slopeBelow(double loss) {
    int next = after(loss);
    return next == 0
        ? below[0] * Math.exp(loss - losses[0])
        : Math.exp(loss - losses[next - 1]) * slopeBelow[next - 1];
  }

  @Override
  public double infiniteMass() {
    return infinite;
  }

  /** Returns two knots around each value. */
  @Override
  public boolean isBounded() {
    return infinite == 0;
  }

  @Override
  public double[] knots() {
    double[] knots = new double[2 * losses.length];
    double edge = 1e-9 * (losses[losses.length - 1] - losses[0]) / losses.length + 1e-300;
    for (int i = 0; i < losses.length; i++) {
      knots[2 * i] = losses[i] - edge;
      knots[2 * i + 1] = losses[i] + edge;
    }
    return knots;
  }

  @Override
  public boolean isAtomic() {
    return shape.spacing > 0;
  }

  @Override
  public double spacing() {
    return shape.spacing;
  }

  @Override
  public LossCurve reversed() {
    return shape.symmetric ? this : new ReversedCurve(this);
  }

  @Override
  public double origin() {
    return losses[0];
  }

  /** Each value is a sum of at most as many positive terms as there are losses, good to 3e-13. */
  @Override
  public double relativeError() {
    return 3e-13 + 4e-16 * losses.length;
  }
}
