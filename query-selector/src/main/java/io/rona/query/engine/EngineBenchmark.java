package io.rona.query.engine;

import java.util.List;
import java.util.function.LongSupplier;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What this machine's tensor engine reaches in practice: the best pass of many, since a peak is not
 * lowered by what else runs beside. Single precision; a multiplication and an addition count as two
 * operations.
 */
public final class EngineBenchmark {

  /** Side of the square matrices: large enough for the library's best, small enough for a cache. */
  private static final int SIDE = 1024;

  private static final int IMAGES = 64;
  private static final int CHANNELS = 16;
  private static final int IMAGE_SIDE = 28;
  private static final LayerSpec.Convolution CONVOLUTION = new LayerSpec.Convolution(5, 32, 1);
  private static final double NANOS_A_SECOND = 1e9;

  private final LongSupplier nanoTime;

  /**
   * Prepares a benchmark.
   *
   * @param nanoTime clock in nanoseconds, such as {@code System::nanoTime}
   */
  public EngineBenchmark(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * Multiplies square matrices of side 1024.
   *
   * @param seconds how long, greater than 0
   * @return billions of operations a second in the best pass
   */
  public double matrixGflops(double seconds) {
    INDArray left = Nd4j.rand(DataType.FLOAT, SIDE, SIDE);
    INDArray right = Nd4j.rand(DataType.FLOAT, SIDE, SIDE);
    INDArray product = Nd4j.createUninitialized(DataType.FLOAT, new long[] {SIDE, SIDE}, 'f');
    double operations = 2.0 * SIDE * SIDE * SIDE;
    return best(() -> left.mmuli(right, product), operations, seconds);
  }

  /**
   * Runs 64 images of 16 channels and 28 x 28 pixels through a network of one convolution of 5 x 5
   * to 32 channels, as a student's are.
   *
   * @param seconds how long, greater than 0
   * @return billions of operations a second of the convolution alone, in the best pass
   */
  public double convolutionGflops(double seconds) {
    TensorEngine.initialize();
    Network network =
        Network.create(
            new NetworkSpec(CHANNELS, IMAGE_SIDE, IMAGE_SIDE, List.of(CONVOLUTION), 2), 1);
    INDArray images = Nd4j.rand(DataType.FLOAT, IMAGES, CHANNELS, IMAGE_SIDE, IMAGE_SIDE);
    double operations =
        2.0
            * IMAGES
            * IMAGE_SIDE
            * IMAGE_SIDE
            * CHANNELS
            * CONVOLUTION.channels()
            * CONVOLUTION.kernel()
            * CONVOLUTION.kernel();
    return best(() -> network.logits(images), operations, seconds);
  }

  /** The first pass loads code and is not timed. */
  private double best(Runnable pass, double operations, double seconds) {
    if (!(seconds > 0 && seconds < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("seconds must be greater than 0, but is " + seconds);
    }
    pass.run();
    long start = nanoTime.getAsLong();
    long before = start;
    long shortest = Long.MAX_VALUE;
    while (before - start < seconds * NANOS_A_SECOND) {
      pass.run();
      long now = nanoTime.getAsLong();
      shortest = Math.min(shortest, now - before);
      before = now;
    }
    return operations / shortest;
  }
}
