package io.rona.privacy.certificate;

import io.rona.privacy.certificate.AuditedEvent.Release;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.complex.Complex;
import org.apache.commons.math3.transform.DftNormalization;
import org.apache.commons.math3.transform.FastFourierTransformer;
import org.apache.commons.math3.transform.TransformType;

/**
 * The privacy curve of Poisson-sampled Gaussian steps, with Gaussian releases beside them, by a
 * plain transform of the privacy loss: an estimate within about a thousandth of epsilon, down to a
 * delta of 1e-10.
 *
 * <p>A step's loss is \( \ln(1 - q + q e^{(2x - 1)/(2z^2)}) \) at outcome \( x \), or minus that
 * with the roles of both data sets exchanged; the losses of steps add up (Koskela, J&auml;lk&ouml;
 * and Honkela, 2020, Computing Tight Differential Privacy Guarantees Using FFT). Masses are put on
 * three grid points each so that mean and variance are kept. The accountant that makes the claims
 * bounds the loss from both sides on tilted grids; the two share no code.
 */
final class SampledCurve {
  private static final int POINTS = 1 << 16;
  private static final double STEPS_A_DEVIATION = 200;
  private static final double REACH = 12;
  private static final double WINDOW = 24;

  /** Below this an estimate in double precision says nothing. */
  static final double LEAST_DELTA = 1e-11;

  private final List<Direction> directions;

  private SampledCurve(List<Direction> directions) {
    this.directions = directions;
  }

  /**
   * Composes.
   *
   * @param steps how often each kind of sampled step happened
   * @param muSquared of the Gaussian releases beside them; 0 for none
   */
  static SampledCurve of(Map<Release, BigInteger> steps, double muSquared) {
    List<Direction> directions = new ArrayList<>();
    for (boolean removed : new boolean[] {true, false}) {
      directions.add(Direction.of(steps, muSquared, removed));
    }
    return new SampledCurve(directions);
  }

  /** An estimate of delta, of the worse direction. */
  double delta(double epsilon) {
    return directions.stream().mapToDouble(d -> d.delta(epsilon)).max().orElse(1);
  }

  /** An estimate of the epsilon at which delta is reached; 0 if it lies below already at 0. */
  double epsilon(double delta) {
    double low = 0;
    double high = directions.stream().mapToDouble(d -> d.end).max().orElse(0);
    if (delta(0) <= delta) {
      return 0;
    }
    for (int i = 0; i < 60; i++) {
      double middle = (low + high) / 2;
      if (delta(middle) > delta) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }

  /** The loss of one step, by its outcomes. */
  private static final class StepLoss {
    private final double[] loss;
    private final double[] mass;
    private final double mean;
    private final double variance;
    private final double largest;

    StepLoss(Release kind, boolean removed) {
      double z = kind.noise();
      double q = kind.sampling();
      double step = Math.min(z, 1) / STEPS_A_DEVIATION;
      int count = (int) Math.ceil((2 * REACH * z + 1) / step);
      loss = new double[count];
      mass = new double[count];
      double sum = 0;
      for (int i = 0; i < count; i++) {
        double x = -REACH * z + (i + 0.5) * step;
        double ratio = 1 - q + q * Math.exp((2 * x - 1) / (2 * z * z));
        loss[i] = removed ? Math.log(ratio) : -Math.log(ratio);
        mass[i] = Math.exp(-x * x / (2 * z * z)) * (removed ? ratio : 1);
        sum += mass[i];
      }
      double first = 0;
      double second = 0;
      double top = 0;
      for (int i = 0; i < count; i++) {
        mass[i] /= sum;
        first += mass[i] * loss[i];
        top = Math.max(top, Math.abs(loss[i]));
      }
      for (int i = 0; i < count; i++) {
        second += mass[i] * (loss[i] - first) * (loss[i] - first);
      }
      mean = first;
      variance = second;
      largest = top;
    }

    Complex[] transform(double width) {
      double[] cells = new double[POINTS];
      for (int i = 0; i < loss.length; i++) {
        double position = loss[i] / width;
        long near = Math.round(position);
        double rest = position - near;
        add(cells, near - 1, mass[i] * rest * (rest - 1) / 2);
        add(cells, near, mass[i] * (1 - rest * rest));
        add(cells, near + 1, mass[i] * rest * (rest + 1) / 2);
      }
      return fft(cells, TransformType.FORWARD);
    }

    private static void add(double[] cells, long at, double mass) {
      cells[(int) Math.floorMod(at, (long) POINTS)] += mass;
    }
  }

  private static Complex[] fft(double[] values, TransformType type) {
    return new FastFourierTransformer(DftNormalization.STANDARD).transform(values, type);
  }

  /** The composed loss in one direction. */
  private static final class Direction {
    private final double[] mass;
    private final long first;
    private final double width;
    private final double end;

    private Direction(double[] mass, long first, double width) {
      this.mass = mass;
      this.first = first;
      this.width = width;
      this.end = (first + POINTS) * width;
    }

    static Direction of(Map<Release, BigInteger> steps, double muSquared, boolean removed) {
      double mean = muSquared / 2;
      double variance = muSquared;
      double largest = 0;
      List<StepLoss> losses = new ArrayList<>();
      for (Map.Entry<Release, BigInteger> entry : steps.entrySet()) {
        StepLoss loss = new StepLoss(entry.getKey(), removed);
        double count = entry.getValue().doubleValue();
        mean += count * loss.mean;
        variance += count * loss.variance;
        largest = Math.max(largest, loss.largest);
        losses.add(loss);
      }
      double half = WINDOW * Math.sqrt(variance) + largest;
      double width = 2 * half / POINTS;
      Complex[] product = gaussian(muSquared, width);
      int i = 0;
      for (BigInteger count : steps.values()) {
        multiply(product, losses.get(i++).transform(width), count.doubleValue());
      }
      long middle = Math.round(mean / width);
      return new Direction(inverse(product), middle - POINTS / 2, width);
    }

    /** The transform of a normal loss of mean half its variance, in closed form. */
    private static Complex[] gaussian(double muSquared, double width) {
      Complex[] values = new Complex[POINTS];
      for (int i = 0; i < POINTS; i++) {
        double frequency = 2 * Math.PI * (i <= POINTS / 2 ? i : i - POINTS) / (POINTS * width);
        double size = Math.exp(-muSquared * frequency * frequency / 2);
        double angle = -frequency * muSquared / 2;
        values[i] = new Complex(size * Math.cos(angle), size * Math.sin(angle));
      }
      return values;
    }

    private static void multiply(Complex[] product, Complex[] step, double count) {
      for (int i = 0; i < product.length; i++) {
        double size = Math.pow(step[i].abs(), count);
        double angle = step[i].getArgument() * count;
        product[i] =
            product[i].multiply(new Complex(size * Math.cos(angle), size * Math.sin(angle)));
      }
    }

    private static double[] inverse(Complex[] product) {
      Complex[] back =
          new FastFourierTransformer(DftNormalization.STANDARD)
              .transform(product, TransformType.INVERSE);
      double[] mass = new double[back.length];
      for (int i = 0; i < mass.length; i++) {
        mass[i] = back[i].getReal();
      }
      return mass;
    }

    double delta(double epsilon) {
      double sum = 0;
      for (long at = first + POINTS - 1; at >= first && at * width > epsilon; at--) {
        sum += mass[(int) Math.floorMod(at, (long) POINTS)] * -Math.expm1(epsilon - at * width);
      }
      return sum;
    }
  }
}
