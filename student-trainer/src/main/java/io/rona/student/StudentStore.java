package io.rona.student;

import io.rona.query.engine.Network;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Checkpoints of one student in one directory: the weights after each phase. A file appears whole
 * or not at all. Holds nothing sensitive.
 */
public final class StudentStore {

  private final Path directory;

  /**
   * Opens a store.
   *
   * @param directory created if it is missing
   * @throws IOException if it cannot be created
   */
  public StudentStore(Path directory) throws IOException {
    this.directory = Files.createDirectories(directory);
  }

  /** Restores the weights after a phase, if the phase was finished. */
  boolean restore(String phase, Network network) throws IOException {
    Path file = file(phase);
    if (!Files.exists(file)) {
      return false;
    }
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      float[] weights = new float[in.readInt()];
      for (int i = 0; i < weights.length; i++) {
        weights[i] = in.readFloat();
      }
      network.weights(Nd4j.createFromArray(weights).reshape(1, weights.length));
    }
    return true;
  }

  void keep(String phase, Network network) throws IOException {
    Path part = directory.resolve(phase + ".part");
    float[] weights = network.weights().toFloatVector();
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(part)))) {
      out.writeInt(weights.length);
      for (float weight : weights) {
        out.writeFloat(weight);
      }
    }
    Files.move(part, file(phase), StandardCopyOption.ATOMIC_MOVE);
  }

  private Path file(String phase) {
    return directory.resolve(phase + ".bin");
  }
}
