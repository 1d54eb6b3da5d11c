package io.rona.query.data;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;

/**
 * Bytes of rows in a file without a name: written once, from its beginning to its end, then read at
 * any place, by any thread.
 */
final class ScratchFile implements RowBytes, AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 18;

  private final FileChannel channel;
  private final String folder;
  private final String source;
  private ByteBuffer pending = ByteBuffer.allocate(BUFFER_BYTES);

  /**
   * Takes over an empty file.
   *
   * @param channel for writing and reading
   * @param folder where the file is, for messages
   * @param source what its rows come from, for messages
   */
  ScratchFile(FileChannel channel, String folder, String source) {
    this.channel = channel;
    this.folder = folder;
    this.source = source;
  }

  /** Writes behind what is there. */
  void append(byte[] bytes, int from, int count) {
    int written = 0;
    while (written < count) {
      if (!pending.hasRemaining()) {
        flush();
      }
      int part = Math.min(count - written, pending.remaining());
      pending.put(bytes, from + written, part);
      written += part;
    }
  }

  /** Ends the writing. */
  void finish() {
    flush();
    pending = ByteBuffer.allocate(0);
  }

  private void flush() {
    pending.flip();
    try {
      while (pending.hasRemaining()) {
        channel.write(pending);
      }
    } catch (IOException e) {
      throw failure("cannot be written", e);
    }
    pending.clear();
  }

  @Override
  public ByteBuffer at(long position, int count) {
    ByteBuffer bytes = ByteBuffer.allocate(count);
    try {
      while (bytes.hasRemaining()) {
        if (channel.read(bytes, position + bytes.position()) < 0) {
          throw new EOFException("the file is shorter than it was");
        }
      }
    } catch (IOException e) {
      throw failure("cannot be read", e);
    }
    return bytes.flip();
  }

  /** The system's own words say what is wrong with the file system and nothing of the content. */
  private RuntimeException failure(String what, IOException e) {
    if (e instanceof ClosedChannelException) {
      return new IllegalStateException("the storage of the rows of " + source + " was closed", e);
    }
    return new DataException(
        folder,
        "a scratch file for the values of " + source + " " + what + ": " + e.getMessage(),
        e);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw failure("cannot be closed", e);
    }
  }
}
