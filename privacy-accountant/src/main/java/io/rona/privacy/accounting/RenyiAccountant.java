package io.rona.privacy.accounting;

import io.rona.privacy.event.DpEvent;
import java.util.function.DoubleUnaryOperator;

/**
 * The moments accountant: composition by adding R&eacute;nyi divergences.
 *
 * <h2>Guarantee</h2>
 *
 * <p>Every value is an upper bound for the neighboring relation of the event (see {@link
 * EventAdjacency}), for any adaptive order of composition. Sources: Mironov (2017), R&eacute;nyi
 * Differential Privacy, proposition 1; for each mechanism the class that computes it. Orders are
 * real numbers and are searched for the smallest bound. Thread-safe.
 */
public final class RenyiAccountant {
  private RenyiAccountant() {}

  /**
   * Returns the R&eacute;nyi divergence of an event at one order.
   *
   * @param event what was done
   * @param order the order; finite and at least 1, where 1 is the Kullback-Leibler divergence
   * @return an upper bound, in nats; positive infinity where none is known
   * @throws IllegalArgumentException if the order is out of range or NaN
   * @throws UnsupportedEventException if no accountant can charge the event
   */
  public static double rdp(DpEvent event, double order) {
    if (!(order >= 1 && order < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("order must be finite and at least 1, but is " + order);
    }
    return notNaN(RenyiCurves.of(event).applyAsDouble(order));
  }

  /**
   * Returns the smallest epsilon that any order gives.
   *
   * @param event what was done
   * @param delta the mass the bound may miss; greater than 0 and less than 1
   * @return epsilon from above and its order; positive infinity where no order gives one
   * @throws IllegalArgumentException if delta is out of range or NaN
   * @throws UnsupportedEventException if no accountant can charge the event
   */
  public static RenyiBound epsilon(DpEvent event, double delta) {
    Checks.openProbability("delta", delta);
    double rest = FailureMass.deltaForRest(event, delta);
    if (!(rest > 0)) {
      return new RenyiBound(Double.POSITIVE_INFINITY, 1);
    }
    return epsilon(RenyiCurves.withoutFailure(event), rest);
  }

  /**
   * Returns the smallest delta that any order gives.
   *
   * @param event what was done
   * @param epsilon the privacy loss bound, in nats; finite and at least 0
   * @return delta from above, at most 1, and its order
   * @throws IllegalArgumentException if epsilon is out of range or NaN
   * @throws UnsupportedEventException if no accountant can charge the event
   */
  public static RenyiBound delta(DpEvent event, double epsilon) {
    Checks.nonNegativeFinite("epsilon", epsilon);
    DoubleUnaryOperator curve = RenyiCurves.withoutFailure(event);
    RenyiBound log =
        RenyiOrders.minimize(
            order -> RenyiConversion.logDelta(order, notNaN(curve.applyAsDouble(order)), epsilon));
    double divergence = notNaN(curve.applyAsDouble(1));
    double rest =
        Math.min(
            Math.exp(log.value()) + Double.MIN_VALUE, RenyiConversion.totalVariation(divergence));
    return new RenyiBound(FailureMass.total(event, Math.min(1, rest)), log.order());
  }

  /** Returns the smallest epsilon of a curve. */
  static RenyiBound epsilon(DoubleUnaryOperator curve, double delta) {
    return RenyiOrders.minimize(
        order -> RenyiConversion.epsilon(order, notNaN(curve.applyAsDouble(order)), delta));
  }

  private static double notNaN(double rdp) {
    return rdp >= 0 ? rdp : Double.POSITIVE_INFINITY;
  }
}
