package io.rona.teacher;

import io.rona.query.features.FeatureMap;
import io.rona.query.features.FeatureMaps;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Checkpoints of one ensemble in one directory, so that a stopped training goes on where it was.
 *
 * <p><b>Sensitive.</b> Heads depend on sensitive records: the directory belongs to the curator and
 * never into a release. A file appears whole or not at all.
 */
public final class EnsembleStore {

  private static final String ID = "ensemble.id";
  private static final String BACKBONE = "backbone.bin";

  private final Path directory;

  /**
   * Opens a store.
   *
   * @param directory created if it is missing
   * @throws IOException if it cannot be created
   */
  public EnsembleStore(Path directory) throws IOException {
    this.directory = Files.createDirectories(directory);
  }

  /** A random name, drawn once and kept. */
  String ensembleId() throws IOException {
    Path file = directory.resolve(ID);
    if (!Files.exists(file)) {
      write(ID, out -> out.writeUTF(UUID.randomUUID().toString()));
    }
    try (DataInputStream in = open(file)) {
      return in.readUTF();
    }
  }

  @Nullable FeatureMap backbone() throws IOException {
    Path file = directory.resolve(BACKBONE);
    if (!Files.exists(file)) {
      return null;
    }
    try (DataInputStream in = open(file)) {
      return FeatureMaps.read(in);
    }
  }

  void keep(FeatureMap backbone) throws IOException {
    write(BACKBONE, backbone::write);
  }

  /** The heads kept so far, from the first on. */
  List<INDArray> heads() throws IOException {
    List<INDArray> heads = new ArrayList<>();
    Path file = directory.resolve(block(0));
    while (Files.exists(file)) {
      try (DataInputStream in = open(file)) {
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
          heads.add(readMatrix(in));
        }
      }
      file = directory.resolve(block(heads.size()));
    }
    return heads;
  }

  void keep(int first, List<INDArray> heads) throws IOException {
    write(
        block(first),
        out -> {
          out.writeInt(heads.size());
          for (INDArray head : heads) {
            writeMatrix(out, head);
          }
        });
  }

  private static String block(int first) {
    return "heads-" + first + ".bin";
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
    return Nd4j.createFromArray(values).reshape(rows, columns).castTo(DataType.FLOAT);
  }

  private static DataInputStream open(Path file) throws IOException {
    return new DataInputStream(new BufferedInputStream(Files.newInputStream(file)));
  }

  /** Writes the content of one file. */
  private interface Content {
    void writeTo(DataOutputStream out) throws IOException;
  }

  private void write(String name, Content content) throws IOException {
    Path part = directory.resolve(name + ".part");
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(part)))) {
      content.writeTo(out);
    }
    Files.move(part, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }
}
