package io.rona.privacy.ledger;

import io.rona.privacy.internal.DurableFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The head of a ledger in a small file of two slots.
 *
 * <p>A head goes to the slot its sequence number chooses, so that a write that is cut short harms
 * the older of the two heads alone. Each slot is one line of text with a check sum, one write of
 * 512 bytes, and on the device when the write returns (opened in mode {@code rwd}).
 */
final class AnchorFile implements HeadAnchor {
  private static final String MAGIC = "rona-ledger-head-1";
  private static final int SLOT = 512;
  private static final int SECOND = 4096;
  private static final int LENGTH = SECOND + SLOT;

  private final Path file;
  private final boolean seesEveryEntry;

  AnchorFile(Path file, boolean seesEveryEntry) {
    this.file = file;
    this.seesEveryEntry = seesEveryEntry;
  }

  @Override
  public boolean seesEveryEntry() {
    return seesEveryEntry;
  }

  @Override
  public Optional<LedgerHead> read() {
    byte[] bytes;
    try {
      if (Files.notExists(file)) {
        return Optional.empty();
      }
      try (InputStream in = Files.newInputStream(file)) {
        bytes = in.readNBytes(LENGTH + 1);
      }
    } catch (IOException e) {
      throw new LedgerException("anchor " + file + " cannot be read", e);
    }
    if (bytes.length != LENGTH) {
      throw corrupt();
    }
    return Optional.of(newest(slot(bytes, 0), slot(bytes, SECOND)));
  }

  @Override
  public void create(LedgerHead head) {
    ByteBuffer content = ByteBuffer.allocate(LENGTH);
    content.put(offset(head), line(head));
    try {
      DurableFiles.writeNew(file, content);
    } catch (IOException e) {
      throw new LedgerException("anchor " + file + " cannot be made", e);
    }
  }

  @Override
  public void write(LedgerHead head) {
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rwd")) {
      if (out.length() != LENGTH) {
        throw corrupt();
      }
      out.seek(offset(head));
      out.write(line(head));
    } catch (IOException e) {
      throw new LedgerException(
          "anchor "
              + file
              + " cannot be written; entry "
              + head.sequence()
              + " counts all the same",
          e);
    }
  }

  private LedgerHead newest(Optional<LedgerHead> first, Optional<LedgerHead> second) {
    return Stream.of(first, second)
        .flatMap(Optional::stream)
        .reduce((one, other) -> one.sequence() >= other.sequence() ? one : other)
        .orElseThrow(this::corrupt);
  }

  private LedgerIntegrityException corrupt() {
    return new LedgerIntegrityException(
        "anchor " + file + " is not a ledger's anchor or is corrupt");
  }

  private static int offset(LedgerHead head) {
    return head.sequence() % 2 == 0 ? 0 : SECOND;
  }

  private static byte[] line(LedgerHead head) {
    String text = MAGIC + " " + head.ledgerId() + " " + head.sequence() + " " + head.hash();
    String line = text + " " + Digests.body(text) + "\n";
    return Arrays.copyOf(line.getBytes(StandardCharsets.US_ASCII), SLOT);
  }

  private static Optional<LedgerHead> slot(byte[] bytes, int offset) {
    String text = new String(bytes, offset, SLOT, StandardCharsets.ISO_8859_1);
    String[] words = text.split("[ \n]", 6);
    if (words.length != 6) {
      return Optional.empty();
    }
    try {
      LedgerHead head = new LedgerHead(words[1], Long.parseLong(words[2]), words[3]);
      // The whole slot must be what would be written: magic, check sum and padding.
      boolean same = Arrays.equals(bytes, offset, offset + SLOT, line(head), 0, SLOT);
      return same ? Optional.of(head) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // A slot that was never written, or torn.
    }
  }
}
