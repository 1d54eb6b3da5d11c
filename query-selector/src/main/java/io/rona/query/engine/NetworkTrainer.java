package io.rona.query.engine;

import io.rona.query.data.ExampleSet;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The one training loop: shuffles, distorts, asks a {@link BatchLoss} for the gradient at the
 * outputs, steps, and leaves the network with the exponential moving average of its weights (Polyak
 * and Juditsky, 1992).
 */
public final class NetworkTrainer {

  /** Longest memory of the weight average: the last two hundred steps. */
  private static final double LARGEST_DECAY = 0.995;

  private final TrainingSchedule schedule;
  private final RandomGenerator random;
  private final Progress progress;

  /**
   * Prepares a training.
   *
   * @param schedule how long and how fast
   * @param random public randomness for order and distortion
   * @param progress hears of every epoch
   */
  public NetworkTrainer(TrainingSchedule schedule, RandomGenerator random, Progress progress) {
    this.schedule = schedule;
    this.random = random;
    this.progress = progress;
  }

  /** A loss over a mini-batch, known by its gradient at the network's outputs. */
  @FunctionalInterface
  public interface BatchLoss {
    /**
     * Computes the gradient of the batch's mean loss.
     *
     * @param outputs what the network answered
     * @param examples which examples the batch holds, in the order of the rows; not modified
     * @return the gradient with respect to each output
     */
    Network.Outputs gradient(Network.Outputs outputs, int[] examples);
  }

  /**
   * The cross entropy of labels.
   *
   * @param labeled the examples that are trained on, with labels
   * @return the loss at the logits; taps have no part in it
   */
  public static BatchLoss crossEntropy(ExampleSet labeled) {
    INDArray targets = labeled.oneHotLabels();
    return (outputs, examples) ->
        outputs.gradientAtLogits(
            CrossEntropy.gradient(
                outputs.logits(),
                targets.getRows(examples),
                Nd4j.ones(DataType.FLOAT, examples.length),
                1));
  }

  /**
   * Trains a network.
   *
   * @param network starts from its current weights and ends with the average of the new ones
   * @param examples inputs; labels, if any, are left alone
   * @param stage name of this training for the progress report
   * @param loss gives the gradient at the outputs
   * @throws ArithmeticException if the training diverges: a weight is no longer finite
   */
  public void train(Network network, ExampleSet examples, String stage, BatchLoss loss) {
    int[] order = identity(examples.size());
    long steps = schedule.steps(order.length);
    long step = 0;
    network.restartOptimizer();
    WeightAverage average = new WeightAverage(network.weights());
    progress.update(stage, 0, schedule.epochs());
    for (int epoch = 0; epoch < schedule.epochs(); epoch++) {
      network.learningRate(schedule.rateAt(step, steps));
      shuffle(order);
      for (int from = 0; from < order.length; from += schedule.batchSize()) {
        int[] batch =
            Arrays.copyOfRange(order, from, Math.min(order.length, from + schedule.batchSize()));
        network.step(inputs(examples, batch), outputs -> loss.gradient(outputs, batch));
        average.add(network);
        step++;
      }
      progress.update(stage, epoch + 1L, schedule.epochs());
    }
    // NaN and infinities carry through a sum.
    if (!Double.isFinite(average.value.sumNumber().doubleValue())) {
      throw new ArithmeticException(
          stage + ": weights must stay finite, but do not; a smaller learning rate may help");
    }
    network.weights(average.value);
  }

  private INDArray inputs(ExampleSet examples, int[] batch) {
    INDArray inputs = examples.features(batch);
    return schedule
        .augmentation()
        .map(augmenter -> augmenter.distorted(inputs, random))
        .orElse(inputs);
  }

  private static int[] identity(int size) {
    return IntStream.range(0, size).toArray();
  }

  private void shuffle(int[] order) {
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
  }

  /** Remembers young weights briefly and old ones long. */
  private static final class WeightAverage {
    private final INDArray value;
    private int count;

    WeightAverage(INDArray start) {
      this.value = start;
    }

    void add(Network network) {
      count++;
      double decay = Math.min(LARGEST_DECAY, (1.0 + count) / (10.0 + count));
      network.averageInto(value, decay);
    }
  }
}
