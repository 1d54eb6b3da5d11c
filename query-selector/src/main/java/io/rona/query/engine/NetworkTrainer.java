package io.rona.query.engine;

import io.rona.query.data.ExampleSet;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGenerator.SplittableGenerator;
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
  private final SplittableGenerator random;
  private final Progress progress;
  private final EpochCheckpoint checkpoint;

  /**
   * Prepares a training that starts again if it is stopped.
   *
   * @param schedule how long and how fast
   * @param random public randomness for order and distortion, split once an epoch
   * @param progress hears of every epoch
   */
  public NetworkTrainer(TrainingSchedule schedule, SplittableGenerator random, Progress progress) {
    this(schedule, random, progress, EpochCheckpoint.none());
  }

  /**
   * Prepares a training that goes on behind its last whole epoch if it is stopped, to the same
   * weights as an unbroken one.
   *
   * @param schedule how long and how fast
   * @param random public randomness for order and distortion, split once an epoch
   * @param progress hears of every epoch
   * @param checkpoint of this training alone
   */
  public NetworkTrainer(
      TrainingSchedule schedule,
      SplittableGenerator random,
      Progress progress,
      EpochCheckpoint checkpoint) {
    this.schedule = schedule;
    this.random = random;
    this.progress = progress;
    this.checkpoint = checkpoint;
  }

  /**
   * Examples of one step.
   *
   * @param examples which ones, in the order of the rows; not modified
   * @param progress part of the training that is over: 0 at the first step, 1 at the last
   */
  @SuppressWarnings("ArrayRecordComponent") // passed through, never compared
  public record Batch(int[] examples, double progress) {
    /**
     * Counts the examples.
     *
     * @return at least 1
     */
    public int size() {
      return examples.length;
    }
  }

  /** A loss over a mini-batch, known by its gradient at the network's outputs. */
  @FunctionalInterface
  public interface BatchLoss {
    /**
     * Computes the gradient of the batch's mean loss.
     *
     * @param outputs what the network answered
     * @param batch which examples were asked, and when
     * @return the gradient with respect to each output
     */
    Network.Outputs gradient(Network.Outputs outputs, Batch batch);

    /**
     * Writes what the loss has learned itself so far, to a checkpoint; most learn nothing.
     *
     * @param out receives it
     * @throws IOException if writing fails
     */
    default void write(DataOutputStream out) throws IOException {}

    /**
     * Takes up what {@link #write} wrote.
     *
     * @param in gives it
     * @throws IOException if reading fails
     */
    default void read(DataInputStream in) throws IOException {}
  }

  /**
   * The cross entropy of labels.
   *
   * @param labeled the examples that are trained on, with labels
   * @return the loss at the logits; taps have no part in it
   */
  public static BatchLoss crossEntropy(ExampleSet labeled) {
    INDArray targets = labeled.oneHotLabels();
    return (outputs, batch) ->
        outputs.gradientAtLogits(
            CrossEntropy.gradient(
                outputs.logits(),
                targets.getRows(batch.examples()),
                Nd4j.ones(DataType.FLOAT, batch.size()),
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
   * @throws java.io.UncheckedIOException if a checkpoint cannot be read or written
   */
  public void train(Network network, ExampleSet examples, String stage, BatchLoss loss) {
    WeightAverage average = begin(network, loss);
    for (int epoch = 0; epoch < schedule.epochs(); epoch++) {
      // An epoch draws from a stream of its own, so that one taken up draws what an unbroken one
      // does.
      RandomGenerator draws = random.split();
      if (epoch < average.epochs) {
        continue;
      }
      progress.update(stage, epoch, schedule.epochs());
      trainEpoch(new Epoch(epoch, draws), network, examples, loss, average);
      average.requireFinite(stage);
      if (epoch + 1 < schedule.epochs()) {
        checkpoint.keep(average.after(epoch + 1, network), loss);
      }
    }
    progress.update(stage, schedule.epochs(), schedule.epochs());
    network.weights(average.value);
    checkpoint.remove();
  }

  /** From the start, or behind the last epoch that was kept. */
  private WeightAverage begin(Network network, BatchLoss loss) {
    Optional<EpochCheckpoint.State> state = checkpoint.restore(loss);
    if (state.isEmpty()) {
      network.restartOptimizer();
      return new WeightAverage(network.weights());
    }
    network.resume(state.get().network());
    return new WeightAverage(state.get());
  }

  private record Epoch(int number, RandomGenerator draws) {}

  private void trainEpoch(
      Epoch epoch, Network network, ExampleSet examples, BatchLoss loss, WeightAverage average) {
    int[] order = shuffled(examples.size(), epoch.draws);
    long steps = schedule.steps(order.length);
    long step = steps / schedule.epochs() * epoch.number;
    network.learningRate(schedule.rateAt(step, steps));
    for (int from = 0; from < order.length; from += schedule.batchSize()) {
      int to = Math.min(order.length, from + schedule.batchSize());
      double over = steps == 1 ? 1 : (double) step / (steps - 1);
      Batch batch = new Batch(Arrays.copyOfRange(order, from, to), over);
      INDArray inputs = inputs(examples.features(batch.examples), epoch.draws);
      network.step(inputs, outputs -> loss.gradient(outputs, batch));
      average.add(network);
      step++;
    }
  }

  private INDArray inputs(INDArray plain, RandomGenerator draws) {
    return schedule
        .augmentation()
        .map(augmenter -> augmenter.distorted(plain, draws))
        .orElse(plain);
  }

  private static int[] shuffled(int size, RandomGenerator random) {
    int[] order = IntStream.range(0, size).toArray();
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    return order;
  }

  /** Remembers young weights briefly and old ones long. */
  private static final class WeightAverage {
    private final INDArray value;
    private final int epochs;
    private int count;

    WeightAverage(INDArray start) {
      this.value = start;
      this.epochs = 0;
    }

    WeightAverage(EpochCheckpoint.State state) {
      this.value = state.average();
      this.epochs = state.epochs();
      this.count = state.averaged();
    }

    EpochCheckpoint.State after(int epochs, Network network) {
      return new EpochCheckpoint.State(epochs, count, value, network.trainingState());
    }

    /** NaN and infinities carry through a sum. */
    void requireFinite(String stage) {
      if (!Double.isFinite(value.sumNumber().doubleValue())) {
        throw new ArithmeticException(
            stage + ": weights must stay finite, but do not; a smaller learning rate may help");
      }
    }

    void add(Network network) {
      count++;
      double decay = Math.min(LARGEST_DECAY, (1.0 + count) / (10.0 + count));
      network.averageInto(value, decay);
    }
  }
}
