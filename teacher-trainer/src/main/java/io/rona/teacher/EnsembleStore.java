package io.rona.teacher;

import io.rona.query.engine.CheckpointDirectory;
import io.rona.query.engine.EpochCheckpoint;
import io.rona.query.features.FeatureMap;
import io.rona.query.features.FeatureMaps;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Checkpoints of one ensemble in one directory, so that a stopped training goes on where it was.
 *
 * <p><b>Sensitive.</b> Heads depend on sensitive records: the directory belongs to the curator,
 * readable by its owner alone, and never into a release. A file appears whole or not at all.
 */
public final class EnsembleStore {

  private static final String ID = "ensemble-id";
  private static final String BACKBONE = "backbone";
  private static final String START = "start";

  private final CheckpointDirectory directory;

  /**
   * Opens a store.
   *
   * @param directory created if it is missing
   * @throws IOException if it cannot be created
   */
  public EnsembleStore(Path directory) throws IOException {
    this.directory = new CheckpointDirectory(directory);
    if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    }
  }

  /**
   * Ties the store to one configuration and one split of one data set.
   *
   * @param parts writes configuration and digests of data
   * @throws IllegalStateException if the store belongs to others
   */
  void bind(CheckpointDirectory.Writer parts) throws IOException {
    directory.bind(parts);
  }

  /** A random name, drawn once and kept. */
  String ensembleId() throws IOException {
    if (!directory.holds(ID)) {
      directory.write(ID, out -> out.writeUTF(UUID.randomUUID().toString()));
    }
    return directory.read(ID, in -> in.readUTF());
  }

  /** Where the epochs of a training on public data are kept while it runs. */
  EpochCheckpoint epochs(String training) {
    return EpochCheckpoint.in(directory, training);
  }

  /** The backbone kept, or else the one that is learned now. */
  FeatureMap backbone(Supplier<FeatureMap> learning) throws IOException {
    if (directory.holds(BACKBONE)) {
      return directory.read(BACKBONE, FeatureMaps::read);
    }
    FeatureMap learned = learning.get();
    directory.write(BACKBONE, learned::write);
    return learned;
  }

  /** The weights kept that a network starts from, or else those that are made now. */
  float[] start(Supplier<float[]> making) throws IOException {
    if (!directory.holds(START)) {
      float[] made = making.get();
      directory.write(START, out -> CheckpointDirectory.writeRow(out, made));
    }
    return directory.read(START, CheckpointDirectory::readRow);
  }

  /** The heads kept so far, from the first on. */
  List<INDArray> heads() throws IOException {
    List<INDArray> heads = new ArrayList<>();
    while (directory.holds(block(heads.size()))) {
      heads.addAll(directory.read(block(heads.size()), EnsembleStore::readHeads));
    }
    return heads;
  }

  void keep(int first, List<INDArray> heads) throws IOException {
    directory.write(
        block(first),
        out -> {
          out.writeInt(heads.size());
          for (INDArray head : heads) {
            writeMatrix(out, head);
          }
        });
  }

  private static String block(int first) {
    return "heads-" + first;
  }

  private static List<INDArray> readHeads(DataInputStream in) throws IOException {
    int count = in.readInt();
    if (!(count >= 1)) {
      throw new IOException("a block of heads must hold at least 1, but holds " + count);
    }
    List<INDArray> heads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      heads.add(readMatrix(in));
    }
    return heads;
  }

  private static void writeMatrix(DataOutputStream out, INDArray matrix) throws IOException {
    out.writeInt(Math.toIntExact(matrix.size(0)));
    out.writeInt(Math.toIntExact(matrix.size(1)));
    for (float value : matrix.dup('c').data().asFloat()) {
      out.writeFloat(value);
    }
  }

  private static INDArray readMatrix(DataInputStream in) throws IOException {
    int rows = in.readInt();
    int columns = in.readInt();
    float[] values = new float[Math.multiplyExact(rows, columns)];
    for (int i = 0; i < values.length; i++) {
      values[i] = in.readFloat();
    }
    return Nd4j.createFromArray(values).reshape(rows, columns);
  }
}
