package io.rona.query.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MatReaderTest {
  private static final int HEIGHT = 2;
  private static final int WIDTH = 3;
  private static final int[] SIZES = {HEIGHT, WIDTH, 3, 4};

  @TempDir private Path folder;

  /** The pixel of row h, column w, channel c of image n is 100 n + 30 c + 10 w + h, modulo 256. */
  private static byte[] pixels() {
    byte[] pixels = new byte[HEIGHT * WIDTH * 3 * 4];
    int at = 0;
    for (int n = 0; n < 4; n++) {
      for (int c = 0; c < 3; c++) {
        for (int w = 0; w < WIDTH; w++) {
          for (int h = 0; h < HEIGHT; h++) {
            pixels[at++] = (byte) (100 * n + 30 * c + 10 * w + h);
          }
        }
      }
    }
    return pixels;
  }

  private static MatBytes mat() {
    return new MatBytes(ByteOrder.LITTLE_ENDIAN);
  }

  private static MatBytes svhn(MatBytes mat) {
    return mat.compressed("X", SIZES, MatBytes.UINT8, pixels())
        .compressed("y", new int[] {4, 1}, MatBytes.DOUBLE, mat.doubles(10, 1, 9, 2));
  }

  private Path write(byte[] content) throws IOException {
    return Files.write(folder.resolve("train_32x32.mat"), content);
  }

  private String failure(byte[] content) throws IOException {
    Path file = write(content);
    DataException error =
        assertThrows(
            DataException.class,
            () -> MatReader.labeledImages(file, 10, RowRange.all(), RowStorage.heap()));
    assertEquals(file.toString(), error.file());
    return error.rule();
  }

  private static void assertSvhn(ExampleSet examples) {
    assertArrayEquals(new long[] {3, HEIGHT, WIDTH}, examples.exampleShape());
    assertArrayEquals(new int[] {1, 9, 2}, examples.labels(), "10 stands for 0");
    float[] row = new float[examples.width()];
    examples.copyFeatures(1, row, 0);
    int at = 2 * HEIGHT * WIDTH + WIDTH + 2;
    assertEquals((200 + 60 + 20 + 1 & 0xff) / 255f, row[at], "row 1, column 2, blue");
  }

  @ParameterizedTest
  @CsvSource({"LITTLE_ENDIAN", "BIG_ENDIAN"})
  void labeledImages_compressed_areThoseOfSvhn(String order) throws IOException {
    MatBytes mat =
        new MatBytes(order.equals("BIG_ENDIAN") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    assertSvhn(
        MatReader.labeledImages(
            write(svhn(mat).bytes()), 10, RowRange.of(1, 4), RowStorage.heap()));
  }

  @Test
  void labeledImages_plainLabelsFirstAndOtherArrays_areTheSame() throws IOException {
    MatBytes mat = mat();
    mat.array("y", new int[] {1, 4}, MatBytes.UINT8, new byte[] {10, 1, 9, 2})
        .compressed("z", new int[] {100, 1}, MatBytes.UINT8, new byte[100])
        .array("X", SIZES, MatBytes.UINT8, pixels());
    Path file = write(mat.bytes());
    assertSvhn(MatReader.labeledImages(file, 10, RowRange.of(1, 4), RowStorage.heap()));
    assertEquals(4, MatReader.images(file, RowRange.all(), RowStorage.heap()).size());
  }

  @Test
  void images_labelsNotAskedFor_areNotLookedAt() throws IOException {
    MatBytes mat = mat();
    mat.array("X", SIZES, MatBytes.UINT8, pixels())
        .array("y", new int[] {1, 1}, MatBytes.DOUBLE, mat.doubles(Double.NaN));
    assertEquals(4, MatReader.images(write(mat.bytes()), RowRange.all(), RowStorage.heap()).size());
  }

  @Test
  void labeledImages_truncatedAnywhere_fail() throws IOException {
    byte[] whole = svhn(mat()).bytes();
    for (int length = 0; length < whole.length; length++) {
      String rule = failure(Arrays.copyOf(whole, length));
      assertTrue(rule.contains("truncated") || rule.contains("must hold an array"), rule);
    }
  }

  @Test
  void labeledImages_damagedByte_failOrReadWithinTheClasses() throws IOException {
    byte[] whole = svhn(mat()).bytes();
    for (int at = 124; at < whole.length; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 0x55;
      Path file = write(damaged);
      try {
        assertEquals(
            10, MatReader.labeledImages(file, 10, RowRange.all(), RowStorage.heap()).classes());
      } catch (DataException e) {
        assertEquals(file.toString(), e.file());
      }
    }
  }

  @Test
  void labeledImages_wrongForms_failByArray() throws IOException {
    assertTrue(
        failure("no such file".repeat(20).getBytes(StandardCharsets.US_ASCII))
            .contains("is no MATLAB file"));
    byte[] version73 = svhn(mat()).bytes();
    version73[125] = 2;
    assertTrue(failure(version73).contains("version 7.3"));
    assertTrue(
        failure(mat().array("X", new int[] {4, 4}, MatBytes.UINT8, new byte[16]).bytes())
            .contains("array X must have the sizes"));
    assertTrue(
        failure(mat().array("X", SIZES, MatBytes.DOUBLE, mat().doubles(new double[72])).bytes())
            .contains("array X must hold unsigned bytes"));
    assertTrue(
        failure(mat().array("X", SIZES, MatBytes.UINT8, new byte[71]).bytes())
            .contains("as many values as its sizes say"));
    int[] huge = {1 << 20, 1 << 20, 3, 1 << 30};
    assertTrue(
        failure(mat().array("X", huge, MatBytes.UINT8, new byte[8]).bytes())
            .contains("as many values as its sizes say"));
  }

  @ParameterizedTest
  @CsvSource({"0", "11", "1.5", "NaN", "-1"})
  void labeledImages_labelOutOfRange_failsByRow(double label) throws IOException {
    MatBytes mat = mat();
    mat.array("X", SIZES, MatBytes.UINT8, pixels())
        .array("y", new int[] {4, 1}, MatBytes.DOUBLE, mat.doubles(1, 2, label, 3));
    assertTrue(failure(mat.bytes()).contains("label of row 2"));
  }

  @Test
  void labeledImages_labelsMissingOrTooFew_fail() throws IOException {
    byte[] none = mat().array("X", SIZES, MatBytes.UINT8, pixels()).bytes();
    assertTrue(failure(none).contains("must hold an array y"));
    MatBytes few = mat();
    few.array("X", SIZES, MatBytes.UINT8, pixels())
        .array("y", new int[] {3, 1}, MatBytes.DOUBLE, few.doubles(1, 2, 3));
    assertTrue(failure(few.bytes()).contains("as many labels as there are images"));
  }
}
