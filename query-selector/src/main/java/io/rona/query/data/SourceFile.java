package io.rona.query.data;

import io.rona.privacy.Sha256;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A data file, plain or gzip, read once from its beginning to its end.
 *
 * <p>Gzip is recognized by its first two bytes, whatever the name says. The digest covers the
 * content after decompression, so a file and its compressed copy have the same one.
 */
final class SourceFile implements AutoCloseable {
  /** Deflate cannot exceed it: 258 bytes from 2 bits (RFC 1951, section 3.2.5). */
  private static final long MAX_GZIP_RATIO = 1032;

  private static final int GZIP_MAGIC = 0x1f8b;
  private static final int BUFFER_BYTES = 1 << 16;

  private final Path path;
  private final boolean compressed;
  private final long sizeOnDisk;
  private final MessageDigest digest = Sha256.begin();
  private final InputStream stream;

  private SourceFile(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      throw new DataException(path.toString(), "must be a file, but is a directory");
    }
    this.path = path;
    this.sizeOnDisk = Files.size(path);
    InputStream raw = new BufferedInputStream(Files.newInputStream(path), BUFFER_BYTES);
    try {
      this.compressed = startsLikeGzip(raw);
      InputStream content = compressed ? new GZIPInputStream(raw, BUFFER_BYTES) : raw;
      this.stream = new BufferedInputStream(new DigestInputStream(content, digest), BUFFER_BYTES);
    } catch (IOException | RuntimeException e) {
      raw.close();
      throw e;
    }
  }

  private static boolean startsLikeGzip(InputStream raw) throws IOException {
    raw.mark(2);
    int magic = (raw.read() << 8) | raw.read();
    raw.reset();
    return magic == GZIP_MAGIC;
  }

  static SourceFile open(Path path) {
    try {
      return new SourceFile(path);
    } catch (IOException e) {
      throw failure(path, e);
    }
  }

  /** Turns a failed read into the one exception, without what the file holds. */
  static DataException failure(Path path, IOException e) {
    if (e instanceof NoSuchFileException) {
      return new DataException(path.toString(), "does not exist");
    }
    if (e instanceof EOFException) {
      return new DataException(path.toString(), "is truncated");
    }
    if (e instanceof ZipException) {
      return new DataException(path.toString(), "is a damaged gzip file");
    }
    return new DataException(
        path.toString(), "cannot be read (" + e.getClass().getSimpleName() + ")");
  }

  String name() {
    return path.toString();
  }

  /** Says whether the file may hold so many bytes, before memory is taken for them. */
  boolean mayHold(long contentBytes) {
    return compressed ? contentBytes / MAX_GZIP_RATIO <= sizeOnDisk : contentBytes <= sizeOnDisk;
  }

  /** Says the same of content that the file itself may hold deflated. */
  boolean mayHoldDeflated(long contentBytes) {
    return mayHold(contentBytes / MAX_GZIP_RATIO);
  }

  /** Fills the buffer; a file that ends before is truncated. */
  void readFully(byte[] buffer) {
    try {
      if (stream.readNBytes(buffer, 0, buffer.length) < buffer.length) {
        throw new EOFException();
      }
    } catch (IOException e) {
      throw failure(path, e);
    }
  }

  /** Checks that nothing follows. */
  void requireEnd() {
    try {
      if (stream.read() >= 0) {
        throw new DataException(name(), "holds more bytes than its header declares");
      }
    } catch (IOException e) {
      throw failure(path, e);
    }
  }

  /** The stream for a parser; closing it leaves this file open. */
  InputStream stream() {
    return new FilterInputStream(stream) {
      @Override
      public void close() {
        // The owner closes the file.
      }
    };
  }

  /** The SHA-256 of all that was read; call it at the end of the file, once. */
  String digest() {
    return HexFormat.of().formatHex(digest.digest());
  }

  DataException broken(String rule) {
    return new DataException(name(), rule);
  }

  @Override
  public void close() {
    try {
      stream.close();
    } catch (IOException e) {
      throw failure(path, e);
    }
  }
}
