package io.rona.query.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Where scratch files are, who sees them, and what happens when the disk fails. */
final class RowStorageTest {
  @TempDir private Path folder = Path.of("");

  private static RowStorage scratch(Path folder, RowStorage.Opener opener) {
    return new RowStorage(Optional.of(folder), opener, () -> 0);
  }

  private static RowSink sink(RowStorage storage, int rows) {
    RowSink sink = new RowSink(storage, "records.csv", Coding.PIXEL, 1000);
    for (int row = 0; row < rows; row++) {
      byte[] pixels = new byte[1000];
      pixels[0] = (byte) row;
      sink.add(pixels, 0, 1);
    }
    return sink;
  }

  private Stream<Path> filesOfThisProcess() throws IOException {
    String place = folder.toRealPath().toString();
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.filter(link -> target(link).startsWith(place)).toList().stream();
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return "closed meanwhile";
    }
  }

  @Test
  void create_leavesNothingInTheFolder() throws IOException {
    try (RowStorage storage = scratch(folder, RowStorage::nameless)) {
      RowValues values = sink(storage, 1000).values();

      assertEquals(0, filesIn(folder));
      float[] row = new float[1000];
      values.copy(200, 1, row, 0);
      assertEquals(200 / 255f, row[0]);
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void create_isForItsOwnerAloneAndFreedByClose() throws IOException {
    RowStorage storage = scratch(folder, RowStorage::nameless);
    sink(storage, 10).values();

    Path open = filesOfThisProcess().findAny().orElseThrow();
    assertTrue(target(open).endsWith(".scratch (deleted)"), target(open));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(open)));
    storage.close();
    assertEquals(0, filesOfThisProcess().count());
  }

  /** Fills a scratch file, says so, and waits for its end. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] folder) throws IOException {
      RowValues values = sink(scratch(Path.of(folder[0]), RowStorage::nameless), 1000).values();
      System.out.println(values.rows());
      System.in.transferTo(OutputStream.nullOutputStream());
    }
  }

  @Test
  void processKilled_leavesNothing() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      assertEquals("1000", out.readLine());
      assertEquals(0, filesIn(folder));
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertEquals(0, filesIn(folder));
  }

  private static long filesIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.count();
    }
  }

  @Test
  void close_endsTheReading() {
    RowStorage storage = scratch(folder, RowStorage::nameless);
    RowValues values = sink(storage, 10).values();
    storage.close();

    IllegalStateException error =
        assertThrows(IllegalStateException.class, () -> values.copy(0, 1, new float[1000], 0));
    assertEquals("the storage of the rows of records.csv was closed", error.getMessage());
  }

  @Test
  void heap_refusesWhatDoesNotFitByTheNameOfItsFile() {
    RowStorage storage = new RowStorage(Optional.empty(), RowStorage::nameless, () -> 5000);
    DataException error = assertThrows(DataException.class, () -> sink(storage, 6));

    assertEquals("records.csv", error.file());
    assertTrue(error.rule().contains("raise -Xmx"), error.rule());
    assertEquals(5, sink(storage, 5).values().rows());
  }

  @Test
  void create_withoutFolder_isRefusedByName() {
    Path missing = folder.resolve("missing");
    DataException error =
        assertThrows(DataException.class, () -> sink(scratch(missing, RowStorage::nameless), 1));

    assertEquals(missing.toString(), error.file());
    assertTrue(error.rule().contains("data.scratch names another folder"), error.rule());
  }

  @Test
  void create_moreThanTheDiskHas_isRefusedBeforeAByteIsRead() {
    RowSink sink =
        new RowSink(
            scratch(folder, RowStorage::nameless), "images.idx", Coding.PIXEL, Integer.MAX_VALUE);
    DataException error = assertThrows(DataException.class, () -> sink.of(Integer.MAX_VALUE));

    assertEquals(folder.toString(), error.file());
    assertTrue(error.rule().contains("images.idx, but has too little"), error.rule());
    assertFalse(error.rule().matches(".*\\d.*"), "says how many rows there are");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void append_toAFullDisk_saysWhichFileAndFolder() {
    RowStorage.Opener full =
        place ->
            FileChannel.open(
                Path.of("/dev/full"), StandardOpenOption.READ, StandardOpenOption.WRITE);
    DataException error =
        assertThrows(DataException.class, () -> sink(scratch(folder, full), 1000));

    assertEquals(folder.toString(), error.file());
    assertTrue(error.rule().contains("records.csv cannot be written: "), error.rule());
  }

  @Test
  void read_ofAFileThatWasCutShort_throws() throws IOException {
    FileChannel[] opened = new FileChannel[1];
    RowStorage.Opener remembering =
        place -> {
          opened[0] = RowStorage.nameless(place);
          return opened[0];
        };
    try (RowStorage storage = scratch(folder, remembering)) {
      RowValues values = sink(storage, 1000).values();
      opened[0].truncate(999_500);

      float[] row = new float[1000];
      values.copy(998, 1, row, 0);
      DataException error = assertThrows(DataException.class, () -> values.copy(999, 1, row, 0));
      assertTrue(error.rule().contains("records.csv cannot be read: "), error.rule());
    }
  }

  @Test
  void copy_behindTwoToTheThirtyOne_findsItsRow() throws IOException {
    try (FileChannel sparse = RowStorage.nameless(folder)) {
      sparse.write(ByteBuffer.wrap(new byte[] {51, 102, 0, 0, 0}), 5_000_000_000L);
      ScratchFile file = new ScratchFile(sparse, "folder", "sparse");
      RowValues rows = new RowValues.Kept(file, Coding.PIXEL, 2_000_000_000, 5);
      float[] row = new float[5];
      rows.copy(1_000_000_000, 1, row, 0);

      assertArrayEquals(new float[] {0.2f, 0.4f, 0, 0, 0}, row);
    }
  }
}
