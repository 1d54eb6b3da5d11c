package io.rona.privacy.accounting;

import io.rona.privacy.PrivacyParameters;
import io.rona.privacy.accounting.pld.PldAccountant;
import io.rona.privacy.event.DpEvent;
import io.rona.privacy.event.PoissonSampledGaussianEvent;
import io.rona.privacy.event.SelfComposedEvent;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The three questions that the accountants of other languages are compared by; {@code
 * src/jmh/python/accounting_peer.py} answers the same ones in numpy.
 */
@State(Scope.Benchmark)
@BenchmarkMode({Mode.AverageTime, Mode.SingleShotTime})
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class AccountingBenchmark {
  private static final double DELTA = 1e-5;

  private final DpEvent training = training(1.1);

  private static DpEvent training(double noiseMultiplier) {
    return new SelfComposedEvent(new PoissonSampledGaussianEvent(0.004, noiseMultiplier), 100_000);
  }

  /** Epsilon of the moments accountant. */
  @Benchmark
  public double rdpEpsilon() {
    return RenyiAccountant.epsilon(training, DELTA).value();
  }

  /** Epsilon of the tightest accountant, loss distributions among them. */
  @Benchmark
  public double tightestEpsilon() {
    return PrivacyAccounting.epsilon(training, DELTA).epsilon();
  }

  /** Both bounds of loss distributions. */
  @Benchmark
  public double pldEpsilon() {
    return PldAccountant.withDefaults().epsilon(training, DELTA).upper();
  }

  /** The noise multiplier for epsilon 2. */
  @Benchmark
  public double calibration() {
    return Calibration.smallest(
        AccountingBenchmark::training, new PrivacyParameters(2, DELTA));
  }
}
