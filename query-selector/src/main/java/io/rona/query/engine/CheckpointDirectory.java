package io.rona.query.engine;

import io.rona.privacy.Sha256;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * Checkpoints of one piece of work in one directory.
 *
 * <p>A checkpoint appears whole or not at all and carries a checksum. {@link #bind} ties the
 * directory to what the work was made of, so that it cannot be taken up with another configuration
 * or other data: half of the teachers from one split of the data and half from another would break
 * the disjointness that a guarantee rests on.
 */
public final class CheckpointDirectory {

  private static final String FINGERPRINT = "fingerprint";

  /** A damaged length must not exhaust the memory. */
  private static final int LONGEST_ROW = 1 << 28;

  private final Path directory;

  /**
   * Opens a directory.
   *
   * @param directory created if it is missing
   * @throws IOException if it cannot be created
   */
  public CheckpointDirectory(Path directory) throws IOException {
    this.directory = Files.createDirectories(directory);
  }

  /**
   * Restores one checkpoint.
   *
   * @param <T> what was kept
   */
  @FunctionalInterface
  public interface Reader<T> {
    /**
     * Reads the content.
     *
     * @param in the checkpoint's bytes, which passed their checksum
     * @return what was kept
     * @throws IOException if the content has another form
     */
    T read(DataInputStream in) throws IOException;
  }

  /** Keeps one checkpoint. */
  @FunctionalInterface
  public interface Writer {
    /**
     * Writes the content.
     *
     * @param out receives it
     * @throws IOException if writing fails
     */
    void write(DataOutputStream out) throws IOException;
  }

  /**
   * Ties the directory to what its checkpoints are made of: keeps the SHA-256 of the parts at the
   * first call, compares it at every later one.
   *
   * @param parts writes configuration and digests of data, in a fixed order and with their lengths
   * @return the SHA-256, 64 lower-case hexadecimal digits
   * @throws IllegalStateException if the directory belongs to other parts
   * @throws IOException if reading or writing fails
   */
  public String bind(Writer parts) throws IOException {
    String fingerprint = sha256(parts);
    if (!holds(FINGERPRINT)) {
      write(FINGERPRINT, out -> out.writeUTF(fingerprint));
    }
    if (!fingerprint.equals(read(FINGERPRINT, in -> in.readUTF()))) {
      throw new IllegalStateException(
          "checkpoints in "
              + directory
              + " must come from the same configuration and data, but come from others;"
              + " use an empty directory");
    }
    return fingerprint;
  }

  /**
   * Tells whether a checkpoint was kept.
   *
   * @param name of the checkpoint
   * @return whether {@link #read} finds it
   */
  public boolean holds(String name) {
    return Files.exists(file(name));
  }

  /**
   * Reads a checkpoint.
   *
   * @param <T> what was kept
   * @param name of the checkpoint
   * @param reader restores the content
   * @return what was kept
   * @throws IOException if it is missing, damaged or of another form
   */
  public <T> T read(String name, Reader<T> reader) throws IOException {
    byte[] bytes = Files.readAllBytes(file(name));
    int length = bytes.length - Long.BYTES;
    if (length < 0 || ByteBuffer.wrap(bytes).getLong(length) != checksum(bytes, length)) {
      throw new IOException("checkpoint " + file(name) + " is damaged: its checksum is wrong");
    }
    return reader.read(new DataInputStream(new ByteArrayInputStream(bytes, 0, length)));
  }

  /**
   * Keeps a checkpoint, in place of any of the same name.
   *
   * @param name of the checkpoint
   * @param writer writes the content
   * @throws IOException if writing fails; then the former checkpoint, if any, is unchanged
   */
  public void write(String name, Writer writer) throws IOException {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(content)) {
      writer.write(out);
    }
    byte[] bytes = content.toByteArray();
    byte[] whole = Arrays.copyOf(bytes, bytes.length + Long.BYTES);
    ByteBuffer.wrap(whole).putLong(bytes.length, checksum(bytes, bytes.length));
    Path part = directory.resolve(name + ".part");
    Files.write(part, whole);
    Files.move(part, file(name), StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * Removes a checkpoint, if it is there.
   *
   * @param name of the checkpoint
   * @throws IOException if it cannot be removed
   */
  public void remove(String name) throws IOException {
    Files.deleteIfExists(file(name));
  }

  /**
   * Writes numbers, with their number before them.
   *
   * @param out receives them
   * @param values not modified
   * @throws IOException if writing fails
   */
  public static void writeRow(DataOutputStream out, float[] values) throws IOException {
    out.writeInt(values.length);
    for (float value : values) {
      out.writeFloat(value);
    }
  }

  /**
   * Reads what {@link #writeRow} wrote.
   *
   * @param in gives them
   * @return the numbers
   * @throws IOException if reading fails or there are fewer numbers than were written
   */
  public static float[] readRow(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (!(length >= 0 && length <= LONGEST_ROW)) {
      throw new IOException("length of an array out of range");
    }
    byte[] bytes = in.readNBytes(length * Float.BYTES);
    if (bytes.length != length * Float.BYTES) {
      throw new EOFException("an array is cut short");
    }
    float[] values = new float[length];
    ByteBuffer.wrap(bytes).asFloatBuffer().get(values);
    return values;
  }

  private Path file(String name) {
    return directory.resolve(name + ".bin");
  }

  private static long checksum(byte[] bytes, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, length);
    return crc.getValue();
  }

  private static String sha256(Writer parts) throws IOException {
    MessageDigest digest = Sha256.begin();
    try (DataOutputStream out =
        new DataOutputStream(new DigestOutputStream(OutputStream.nullOutputStream(), digest))) {
      parts.write(out);
    }
    return Sha256.end(digest);
  }
}
