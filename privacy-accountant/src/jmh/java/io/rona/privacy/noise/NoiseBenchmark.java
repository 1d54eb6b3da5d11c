package io.rona.privacy.noise;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Draws per second on one core, by sampler and by standard deviation in grid steps. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class NoiseBenchmark {
  private static final int ARRAY = 100_000;

  /** The base-2 logarithm of the standard deviation in grid steps. */
  @Param({"2", "10", "20", "30", "40"})
  public int bits;

  private final NoiseSource secret = SecretNoise.create();
  private final NoiseSource seeded = SeededNoise.notReleasable(1);
  private final RandomBits generator = SecretBits.create();
  private final double[] array = new double[ARRAY];

  /** The generator's limit: 32-bit words, of which a draw takes at least one. */
  @Benchmark
  @OperationsPerInvocation(1024)
  public int generatorWords() {
    int sum = 0;
    for (int i = 0; i < 1024; i++) {
      sum += generator.nextInt();
    }
    return sum;
  }

  /** Exactly rounded, from the secret generator. */
  @Benchmark
  public double gaussian() {
    return secret.gaussian(0.3, 1.0, new Grid(-bits));
  }

  /** Exactly rounded, from cheap bits: the sampler's own time. */
  @Benchmark
  public double gaussianOfSeededBits() {
    return seeded.gaussian(0.3, 1.0, new Grid(-bits));
  }

  /** Exactly rounded, arrays. */
  @Benchmark
  @OperationsPerInvocation(ARRAY)
  public ApproximationCost gaussianArray() {
    java.util.Arrays.fill(array, 0.3);
    return secret.addGaussian(array, 1.0, new Grid(-bits));
  }

  /** Discrete Gaussian, sigma = 2^(bits). */
  @Benchmark
  public long discreteGaussian(DiscreteState state) {
    return secret.draw(state.gaussian);
  }

  /** Discrete Laplace, scale = 2^(bits). */
  @Benchmark
  public long discreteLaplace(DiscreteState state) {
    return secret.draw(state.laplace);
  }

  /** Distributions as wide as the standard deviation is in grid steps. */
  @State(Scope.Thread)
  public static class DiscreteState {
    DiscreteGaussian gaussian = DiscreteGaussian.withVariance(PositiveRational.of(1, 1));
    DiscreteLaplace laplace = DiscreteLaplace.withScale(PositiveRational.of(1, 1));

    /** Builds the distributions. */
    @org.openjdk.jmh.annotations.Setup
    public void build(NoiseBenchmark benchmark) {
      PositiveRational width = PositiveRational.of(1L << benchmark.bits, 1);
      gaussian = DiscreteGaussian.withVariance(width.squared());
      laplace = DiscreteLaplace.withScale(width);
    }
  }
}
