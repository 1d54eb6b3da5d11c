package io.rona.query.engine;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A training in course, kept after each epoch, so that a stopped one goes on with the next: the
 * network's weights, their average, what the optimizer remembers, and what the loss has learned
 * itself. A training that is over leaves nothing: its end is for others to keep.
 */
public final class EpochCheckpoint {

  private static final EpochCheckpoint NONE = new EpochCheckpoint(null, "");

  private final @Nullable CheckpointDirectory directory;
  private final String name;

  private EpochCheckpoint(@Nullable CheckpointDirectory directory, String name) {
    this.directory = directory;
    this.name = name;
  }

  /**
   * Keeps a training.
   *
   * @param directory where; bound to all that the training depends on
   * @param training its name, in the directory no other's
   * @return the checkpoint, there or not yet
   */
  public static EpochCheckpoint in(CheckpointDirectory directory, String training) {
    return new EpochCheckpoint(directory, training + "-epoch");
  }

  /**
   * Keeps nothing: a stopped training starts again.
   *
   * @return a checkpoint that is never there
   */
  public static EpochCheckpoint none() {
    return NONE;
  }

  /**
   * After an epoch.
   *
   * @param epochs that are over, at least 1
   * @param averaged number of weights in the average
   * @param average of the weights so far, one row
   * @param network its weights and its optimizer
   */
  record State(int epochs, int averaged, INDArray average, Network.TrainingState network) {}

  /** What was kept, if anything; the loss takes its part itself. */
  Optional<State> restore(NetworkTrainer.BatchLoss loss) {
    if (directory == null || !directory.holds(name)) {
      return Optional.empty();
    }
    try {
      return Optional.of(directory.read(name, in -> read(in, loss)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static State read(DataInputStream in, NetworkTrainer.BatchLoss loss) throws IOException {
    State state =
        new State(
            in.readInt(),
            in.readInt(),
            row(in),
            new Network.TrainingState(in.readInt(), row(in), row(in)));
    loss.read(in);
    return state;
  }

  private static INDArray row(DataInputStream in) throws IOException {
    float[] values = CheckpointDirectory.readRow(in);
    return Nd4j.createFromArray(values).reshape(1, values.length);
  }

  void keep(State state, NetworkTrainer.BatchLoss loss) {
    if (directory == null) {
      return;
    }
    try {
      directory.write(name, out -> write(out, state, loss));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(DataOutputStream out, State state, NetworkTrainer.BatchLoss loss)
      throws IOException {
    out.writeInt(state.epochs);
    out.writeInt(state.averaged);
    CheckpointDirectory.writeRow(out, state.average.toFloatVector());
    out.writeInt(state.network.steps());
    CheckpointDirectory.writeRow(out, state.network.weights().toFloatVector());
    CheckpointDirectory.writeRow(out, state.network.optimizer().toFloatVector());
    loss.write(out);
  }

  /** Forgets a training that is over. */
  void remove() {
    if (directory == null) {
      return;
    }
    try {
      directory.remove(name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
