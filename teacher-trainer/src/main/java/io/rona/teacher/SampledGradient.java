package io.rona.teacher;

import io.rona.query.data.ExampleSet;
import io.rona.query.engine.ClippedGradients;
import io.rona.query.engine.CrossEntropy;
import io.rona.query.engine.Network;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The sum of clipped gradients of a fresh Poisson sample of the records, in multiples of the clip
 * norm.
 *
 * <p><b>Sensitive.</b> Never leaves this package. A record more or less moves the sum by at most 1
 * if it is sampled, and not at all else. Who is sampled, and how records are distorted, is drawn
 * from secret randomness: on a public stream a record more would shift the draws of all behind it.
 */
final class SampledGradient {

  private final DpSgdSpec spec;
  private final ExampleSet records;
  private final Network network;
  private final ClippedGradients gradients;
  private final PoissonSampler sampler;
  private final SecureRandom random;

  SampledGradient(
      DpSgdSpec spec,
      ExampleSet records,
      Network network,
      double samplingProbability,
      SecureRandom random) {
    this.spec = spec;
    this.records = records;
    this.network = network;
    this.gradients = new ClippedGradients(network, spec.copies(), spec.clipNorm());
    this.sampler = new PoissonSampler(random, samplingProbability);
    this.random = random;
  }

  /**
   * Draws a sample and sums its gradients.
   *
   * @param weights of the network; public; not modified
   * @return multiples of the clip norm; zero for an empty sample
   */
  double[] at(float[] weights) {
    network.weights(Nd4j.createFromArray(weights).reshape(1, weights.length));
    double[] sum = new double[weights.length];
    int[] sample = sampler.draw(records.size());
    for (int from = 0; from < sample.length; from += spec.microBatch()) {
      int[] part =
          Arrays.copyOfRange(sample, from, Math.min(sample.length, from + spec.microBatch()));
      try (INDArray inputs = inputs(part)) {
        gradients.addTo(inputs, logits -> gradient(logits, part), sum);
      }
    }
    return sum;
  }

  private INDArray inputs(int[] part) {
    int width = records.width();
    int copies = spec.copies();
    float[] values = new float[Math.multiplyExact(part.length * copies, width)];
    SplittableRandom distortions = new SplittableRandom(random.nextLong());
    float[] source = new float[width];
    long[] shape = records.exampleShape();
    for (int i = 0; i < part.length; i++) {
      records.copyFeatures(part[i], source, 0);
      for (int copy = 0; copy < copies; copy++) {
        int to = (i * copies + copy) * width;
        if (spec.distortions().isPresent()) {
          int[] image = {(int) shape[0], (int) shape[1], (int) shape[2]};
          spec.distortions().get().augmenter().distort(source, 0, values, to, image, distortions);
        } else {
          System.arraycopy(source, 0, values, to, width);
        }
      }
    }
    return Nd4j.createFromArray(values).reshape((long) part.length * copies, width);
  }

  /** Of the cross entropy of each copy, over the copies. */
  private INDArray gradient(INDArray logits, int[] part) {
    int copies = spec.copies();
    INDArray targets = Nd4j.zeros(DataType.FLOAT, logits.shape());
    for (int row = 0; row < part.length * copies; row++) {
      targets.putScalar(row, records.label(part[row / copies]), 1);
    }
    INDArray weights = Nd4j.valueArrayOf(new long[] {logits.size(0)}, part.length, DataType.FLOAT);
    return CrossEntropy.gradient(logits, targets, weights, 1);
  }

  /** Says nothing of the records. */
  @Override
  public String toString() {
    return "SampledGradient";
  }
}
