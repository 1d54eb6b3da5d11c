package io.rona.query.data;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class IdxReaderTest {
  private final Path folder;

  IdxReaderTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private Path write(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }

  private DataException imagesFail(byte[] content) throws IOException {
    Path file = write("bad-images", content);
    return fails(file, () -> IdxReader.images(file, RowRange.all(), RowStorage.heap()));
  }

  private static DataException fails(Path file, Runnable read) {
    DataException error = assertThrows(DataException.class, read::run);
    assertEquals(file.toString(), error.file());
    return error;
  }

  private static void assertSays(String expected, DataException error) {
    assertTrue(error.rule().contains(expected), error.rule());
  }

  @Test
  void images_areScaledTo01AndHaveOneChannel() throws IOException {
    Path file = write("images", IdxBytes.images(3, 2, 4));

    ExampleSet examples = IdxReader.images(file, RowRange.all(), RowStorage.heap());

    assertArrayEquals(new long[] {1, 2, 4}, examples.exampleShape());
    assertEquals(3, examples.size());
    assertFalse(examples.isLabeled());
    float[] row = new float[8];
    examples.copyFeatures(2, row, 0);
    assertEquals(16 * 7 / 255f, row[0]);
  }

  @Test
  void images_ofGzipFile_equalThoseOfThePlainFile() throws IOException {
    ExampleSet plain =
        IdxReader.images(
            write("images", IdxBytes.images(5, 3, 3)), RowRange.all(), RowStorage.heap());
    Path compressed = write("images.gz", IdxBytes.gzip(IdxBytes.images(5, 3, 3)));
    ExampleSet unpacked = IdxReader.images(compressed, RowRange.of(1, 3), RowStorage.heap());

    assertEquals(plain.slice(RowRange.of(1, 3)).contentDigest(), unpacked.contentDigest());
    assertTrue(plain.sharesRowsWith(unpacked));
    assertFalse(plain.subset(0, 3, 4).sharesRowsWith(unpacked));
  }

  @Test
  void labeledImages_keepRowsTogether() throws IOException {
    Path images = write("images", IdxBytes.images(4, 2, 2));
    Path labels = write("labels", IdxBytes.labels(3, 1, 0, 2));

    ExampleSet examples =
        IdxReader.labeledImages(images, labels, 4, RowRange.of(1, RowRange.END), RowStorage.heap());

    assertArrayEquals(new int[] {1, 0, 2}, examples.labels());
    assertEquals(4, examples.classes());
    assertEquals(
        IdxReader.images(images, RowRange.of(1, 4), RowStorage.heap()).featuresDigest(),
        examples.featuresDigest());
  }

  @Test
  void images_ofTwoAndFourDimensions_keepTheirShape() throws IOException {
    Path vectors = write("vectors", IdxBytes.file(8, new int[] {2, 3}, new byte[6]));
    Path colors = write("colors", IdxBytes.file(8, new int[] {2, 3, 2, 2}, new byte[24]));

    assertArrayEquals(
        new long[] {3},
        IdxReader.images(vectors, RowRange.all(), RowStorage.heap()).exampleShape());
    assertArrayEquals(
        new long[] {3, 2, 2},
        IdxReader.images(colors, RowRange.all(), RowStorage.heap()).exampleShape());
  }

  @Test
  void images_ofBrokenFrame_fail() throws IOException {
    assertSays("is no IDX file", imagesFail("39,State-gov".getBytes(US_ASCII)));
    assertSays(
        "type must be 0x08", imagesFail(IdxBytes.file(0x0d, new int[] {1, 1, 1}, new byte[4])));
    assertSays("dimensions must be 2..4", imagesFail(IdxBytes.labels(1, 2)));
    assertSays(
        "sizes must be at least 1", imagesFail(IdxBytes.file(8, new int[] {0, 2, 2}, new byte[0])));
    assertSays(
        "sizes must be at least 1",
        imagesFail(IdxBytes.file(8, new int[] {1, -2, -2}, new byte[4])));
    assertSays("is truncated", imagesFail(new byte[0]));
    assertSays("is truncated", imagesFail(new byte[] {0, 0, 8}));
  }

  @Test
  void images_ofForeignFile_printNoneOfItsBytes() throws IOException {
    DataException error = imagesFail("39,State-gov".getBytes(US_ASCII));

    // The file's path is not content, and a temporary folder's name may hold any digits.
    assertFalse(error.rule().contains("39"), error.toString());
    assertFalse(error.rule().contains("33"), "hexadecimal: " + error);
  }

  @Test
  void images_truncatedAnywhere_fail() throws IOException {
    byte[] whole = IdxBytes.images(3, 2, 2);
    for (int length = 0; length < whole.length; length++) {
      assertSays("is truncated", imagesFail(Arrays.copyOf(whole, length)));
    }
  }

  @Test
  void images_ofTruncatedGzip_fail() throws IOException {
    byte[] whole = IdxBytes.gzip(IdxBytes.images(20, 5, 5));
    for (int length = 2; length < whole.length; length++) {
      assertSays("is truncated", imagesFail(Arrays.copyOf(whole, length)));
    }
  }

  @Test
  void images_ofDamagedGzip_fail() throws IOException {
    byte[] content = IdxBytes.gzip(IdxBytes.images(20, 5, 5));
    content[content.length - 6] ^= 1;

    assertSays("damaged gzip", imagesFail(content));
  }

  @Test
  void images_withTrailingBytes_fail() throws IOException {
    byte[] longer = Arrays.copyOf(IdxBytes.images(3, 2, 2), 4 + 12 + 12 + 1);

    assertSays("holds more bytes", imagesFail(longer));
    assertSays("holds more bytes", imagesFail(IdxBytes.gzip(longer)));
  }

  @Test
  void images_ofGzipBomb_stopAtTheHeader() throws IOException {
    byte[] bomb = Arrays.copyOf(IdxBytes.images(2, 2, 2), 200 << 20);
    byte[] compressed = IdxBytes.gzip(bomb);
    assertTrue(compressed.length < 1 << 20, "the file is small");

    assertSays("holds more bytes", imagesFail(compressed));
  }

  @ParameterizedTest
  @ValueSource(ints = {1_000_000, Integer.MAX_VALUE})
  void images_ofLyingHeader_takeNoMemory(int size) throws IOException {
    byte[] lie = IdxBytes.file(8, new int[] {size, 1, 28}, new byte[28]);
    byte[] bigger = IdxBytes.file(8, new int[] {size, size, size, size}, new byte[28]);

    assertSays("is truncated", imagesFail(lie));
    assertSays("is truncated", imagesFail(bigger));
    assertSays("is truncated", imagesFail(IdxBytes.gzip(lie)));
    assertSays("is truncated", imagesFail(IdxBytes.gzip(bigger)));
  }

  @Test
  void images_outsideTheRange_failWithoutTheCount() throws IOException {
    Path file = write("images", IdxBytes.images(31, 2, 2));

    for (RowRange range : new RowRange[] {RowRange.of(0, 40), RowRange.of(50, RowRange.END)}) {
      DataException error = fails(file, () -> IdxReader.images(file, range, RowStorage.heap()));
      assertSays("must have the rows " + range, error);
      assertFalse(error.rule().contains("31"), error.rule());
    }
  }

  @Test
  void images_missing_failByName() {
    Path missing = folder.resolve("none.gz");

    assertSays(
        "does not exist",
        fails(missing, () -> IdxReader.images(missing, RowRange.all(), RowStorage.heap())));
    assertSays(
        "directory",
        fails(folder, () -> IdxReader.images(folder, RowRange.all(), RowStorage.heap())));
  }

  @Test
  void labeledImages_ofDifferentCounts_fail() throws IOException {
    Path images = write("images", IdxBytes.images(3, 2, 2));
    Path labels = write("labels", IdxBytes.labels(0, 1));

    DataException error =
        fails(
            labels,
            () -> IdxReader.labeledImages(images, labels, 2, RowRange.of(0, 1), RowStorage.heap()));
    assertSays("as many labels as there are images", error);
  }

  @Test
  void labeledImages_withUndeclaredLabel_failWithoutItsValue() throws IOException {
    Path images = write("images", IdxBytes.images(3, 2, 2));
    Path labels = write("labels", IdxBytes.labels(0, 1, 77));

    DataException error =
        fails(
            labels,
            () -> IdxReader.labeledImages(images, labels, 2, RowRange.all(), RowStorage.heap()));
    assertSays("label of row 2 must be less than the classes, 2", error);
    assertFalse(error.rule().contains("77"), error.rule());
    assertEquals(
        2, IdxReader.labeledImages(images, labels, 2, RowRange.of(0, 2), RowStorage.heap()).size());
  }

  @Test
  void labeledImages_withSwappedFiles_fail() throws IOException {
    Path images = write("images", IdxBytes.images(3, 2, 2));
    Path labels = write("labels", IdxBytes.labels(0, 1, 1));

    fails(
        images,
        () -> IdxReader.labeledImages(labels, images, 2, RowRange.all(), RowStorage.heap()));
    assertThrows(
        IllegalArgumentException.class,
        () -> IdxReader.labeledImages(images, labels, 1, RowRange.all(), RowStorage.heap()));
  }

  static LongStream seeds() {
    return LongStream.range(0, 8);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void images_ofRandomDamage_readOrFailWithDataException(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    for (int trial = 0; trial < 150; trial++) {
      byte[] content = damaged(random, IdxBytes.images(1 + random.nextInt(4), 3, 3));
      Path file = write("fuzz", random.nextBoolean() ? content : gzipThenDamaged(random, content));
      try {
        ExampleSet examples = IdxReader.images(file, RowRange.all(), RowStorage.heap());
        assertTrue((long) examples.size() * examples.width() <= 1 << 20);
      } catch (DataException e) {
        assertEquals(file.toString(), e.file());
      }
    }
  }

  private static byte[] gzipThenDamaged(SplittableRandom random, byte[] content) {
    byte[] compressed = IdxBytes.gzip(content);
    return random.nextInt(3) == 0 ? damaged(random, compressed) : compressed;
  }

  private static byte[] damaged(SplittableRandom random, byte[] content) {
    byte[] copy = Arrays.copyOf(content, random.nextInt(content.length * 2));
    int head = Math.min(copy.length, 20);
    IntStream.range(0, head == 0 ? 0 : random.nextInt(4))
        .forEach(i -> copy[random.nextInt(head)] = (byte) random.nextInt());
    return copy;
  }

  @Test
  void labeledImages_ofMnist_haveItsKnownStatistics() {
    Path images = SharedData.file("mnist/train-images-idx3-ubyte.gz");
    Path labels = SharedData.file("mnist/train-labels-idx1-ubyte.gz");

    ExampleSet train =
        IdxReader.labeledImages(images, labels, 10, RowRange.all(), RowStorage.heap());

    assertEquals(60_000, train.size());
    int[] counts = new int[10];
    Arrays.stream(train.labels()).forEach(label -> counts[label]++);
    assertArrayEquals(
        new int[] {5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949}, counts);
    float[] row = new float[train.width()];
    double sum = 0;
    for (int i = 0; i < train.size(); i++) {
      train.copyFeatures(i, row, 0);
      for (float value : row) {
        sum += value;
      }
    }
    double mean = sum / train.size() / train.width();
    assertEquals(0.1307, mean, 5e-5);
  }
}
