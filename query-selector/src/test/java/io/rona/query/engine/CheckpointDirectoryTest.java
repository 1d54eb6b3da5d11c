package io.rona.query.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CheckpointDirectoryTest {

  @TempDir
  @SuppressWarnings("NullAway.Init") // Set before each test.
  private Path directory;

  private CheckpointDirectory open() throws IOException {
    return new CheckpointDirectory(directory.resolve("run"));
  }

  @Test
  void write_thenRead_givesTheContent() throws IOException {
    CheckpointDirectory checkpoints = open();
    assertFalse(checkpoints.holds("weights"));
    checkpoints.write("weights", out -> out.writeUTF("first"));
    checkpoints.write("weights", out -> out.writeUTF("second"));
    assertTrue(open().holds("weights"));
    assertEquals("second", open().read("weights", in -> in.readUTF()));
    assertThrows(IOException.class, () -> checkpoints.read("missing", in -> in.readUTF()));
  }

  @Test
  void write_thatFails_leavesTheFormerCheckpoint() throws IOException {
    CheckpointDirectory checkpoints = open();
    checkpoints.write("weights", out -> out.writeUTF("first"));
    assertThrows(
        IOException.class,
        () ->
            checkpoints.write(
                "weights",
                out -> {
                  out.writeUTF("second");
                  throw new IOException("injected");
                }));
    assertEquals("first", checkpoints.read("weights", in -> in.readUTF()));
  }

  @Test
  void read_anyByteChangedOrCutOff_isRefused() throws IOException {
    CheckpointDirectory checkpoints = open();
    checkpoints.write("weights", out -> out.writeUTF("content"));
    Path file = directory.resolve("run").resolve("weights.bin");
    byte[] good = Files.readAllBytes(file);
    for (int i = 0; i < good.length; i++) {
      byte[] changed = good.clone();
      changed[i] ^= 1;
      Files.write(file, changed);
      assertThrows(IOException.class, () -> checkpoints.read("weights", in -> in.readUTF()));
      Files.write(file, Arrays.copyOf(good, i));
      assertThrows(IOException.class, () -> checkpoints.read("weights", in -> in.readUTF()));
    }
  }

  @Test
  void bind_toTheSameParts_isAllowedAgain() throws IOException {
    open().bind(out -> out.writeUTF("configuration"));
    open().bind(out -> out.writeUTF("configuration"));
    IllegalStateException e =
        assertThrows(
            IllegalStateException.class, () -> open().bind(out -> out.writeUTF("another")));
    assertTrue(String.valueOf(e.getMessage()).contains("same configuration and data"));
    open().bind(out -> out.writeUTF("configuration"));
  }
}
