package io.rona.student;

import io.rona.query.engine.CheckpointDirectory;
import io.rona.query.engine.EpochCheckpoint;
import io.rona.query.engine.Network;
import java.io.IOException;
import java.nio.file.Path;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Checkpoints of one student in one directory: the weights after each phase, and after each epoch
 * of the phase in course. A file appears whole or not at all. Holds nothing sensitive.
 */
public final class StudentStore {

  private final CheckpointDirectory directory;

  /**
   * Opens a store.
   *
   * @param directory created if it is missing
   * @throws IOException if it cannot be created
   */
  public StudentStore(Path directory) throws IOException {
    this.directory = new CheckpointDirectory(directory);
  }

  /**
   * Ties the store to one configuration and one release, so that a student is never taken for that
   * of another release.
   *
   * @param parts writes configuration and digests of data and releases
   * @return their digest
   * @throws IllegalStateException if the store belongs to others
   */
  String bind(CheckpointDirectory.Writer parts) throws IOException {
    return directory.bind(parts);
  }

  /** Restores the weights after a phase, if the phase was finished. */
  boolean restore(String phase, Network network) throws IOException {
    if (!directory.holds(phase)) {
      return false;
    }
    float[] weights = directory.read(phase, CheckpointDirectory::readRow);
    network.weights(Nd4j.createFromArray(weights).reshape(1, weights.length));
    return true;
  }

  void keep(String phase, Network network) throws IOException {
    float[] weights = network.weights().toFloatVector();
    directory.write(phase, out -> CheckpointDirectory.writeRow(out, weights));
  }

  /** Where the epochs of a phase in course are kept. */
  EpochCheckpoint epochs(String phase) {
    return EpochCheckpoint.in(directory, phase);
  }
}
