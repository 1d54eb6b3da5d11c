package io.rona.query.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class Cifar10ReaderTest {
  private static final int RECORD = 3073;

  @TempDir private Path folder;

  /** Record i has the label i and the byte i + j at place j. */
  private Path file(String name, int first, int records) throws IOException {
    byte[] content = new byte[records * RECORD];
    for (int i = 0; i < records; i++) {
      content[i * RECORD] = (byte) (first + i);
      for (int j = 0; j < RECORD - 1; j++) {
        content[i * RECORD + 1 + j] = (byte) (first + i + j);
      }
    }
    return Files.write(folder.resolve(name), content);
  }

  private static String failure(Path file, Runnable read) {
    DataException error = assertThrows(DataException.class, read::run);
    assertEquals(file.toString(), error.file());
    return error.rule();
  }

  @Test
  void labeledImages_ofTwoFiles_areOneRow() throws IOException {
    List<Path> files = List.of(file("a", 0, 3), file("b", 3, 2));

    ExampleSet examples =
        Cifar10Reader.labeledImages(files, 10, RowRange.of(2, 5), RowStorage.heap());

    assertArrayEquals(new long[] {3, 32, 32}, examples.exampleShape());
    assertArrayEquals(new int[] {2, 3, 4}, examples.labels());
    float[] row = new float[3072];
    examples.copyFeatures(1, row, 0);
    assertEquals((3 + 1024 + 5 & 0xff) / 255f, row[1024 + 5], "green");
  }

  @Test
  void images_ofOneRange_overlapWhereTheyMeet() throws IOException {
    List<Path> files = List.of(file("a", 0, 4));
    ExampleSet head = Cifar10Reader.images(files, RowRange.of(0, 2), RowStorage.heap());

    assertFalse(head.isLabeled());
    assertTrue(
        head.sharesRowsWith(Cifar10Reader.images(files, RowRange.of(1, 3), RowStorage.heap())));
    assertFalse(
        head.sharesRowsWith(Cifar10Reader.images(files, RowRange.of(2, 4), RowStorage.heap())));
  }

  @Test
  void images_truncatedOrTooLong_fail() throws IOException {
    Path whole = file("a", 0, 2);
    for (int length : new int[] {0, 1, RECORD - 1, RECORD + 1, 2 * RECORD - 1}) {
      Path broken =
          Files.write(folder.resolve("b"), Arrays.copyOf(Files.readAllBytes(whole), length));
      assertTrue(
          failure(
                  broken,
                  () ->
                      Cifar10Reader.images(
                          List.of(whole, broken), RowRange.all(), RowStorage.heap()))
              .contains("whole records of 3073 bytes"));
    }
  }

  @Test
  void labeledImages_labelBeyondTheClasses_failsByRowAndOnlyInTheRange() throws IOException {
    Path file = file("a", 7, 5);
    assertTrue(
        failure(
                file,
                () ->
                    Cifar10Reader.labeledImages(
                        List.of(file), 10, RowRange.all(), RowStorage.heap()))
            .contains("label of row 3"));
    assertEquals(
        3,
        Cifar10Reader.labeledImages(List.of(file), 10, RowRange.of(0, 3), RowStorage.heap())
            .size());
  }

  @Test
  void images_missingFileOrRows_fail() throws IOException {
    Path file = file("a", 0, 1);
    Path missing = folder.resolve("missing");
    assertTrue(
        failure(
                missing,
                () -> Cifar10Reader.images(List.of(missing), RowRange.all(), RowStorage.heap()))
            .contains("does not exist"));
    assertTrue(
        failure(
                file,
                () -> Cifar10Reader.images(List.of(file), RowRange.of(0, 2), RowStorage.heap()))
            .contains("but has fewer"));
  }
}
