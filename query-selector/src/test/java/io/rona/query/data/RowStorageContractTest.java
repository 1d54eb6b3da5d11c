package io.rona.query.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import blue.strategic.parquet.ParquetWriter;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a set promises wherever its values lie: what is read is what a set of plain floats holds.
 */
abstract class RowStorageContractTest {
  private static final int ROWS = 7;
  private static final CsvSchema SCHEMA =
      CsvSchema.of(
          CsvColumn.Numeric.of("age", 0, 100),
          CsvColumn.Categorical.of("town", "x", "y"),
          CsvColumn.Label.of("ill", "no", "yes"));

  @TempDir private Path folder = Path.of("");

  /** The form that is held against the promise. */
  abstract RowStorage storage(Path folder);

  /** The formats, each with a file of seven rows. */
  enum Format {
    IDX {
      @Override
      ExampleSet read(Path folder, RowRange range, RowStorage storage) throws IOException {
        Path images = Files.write(folder.resolve("images"), IdxBytes.images(ROWS, 3, 5));
        Path labels = Files.write(folder.resolve("labels"), IdxBytes.labels(0, 1, 2, 0, 1, 2, 1));
        return IdxReader.labeledImages(images, labels, 3, range, storage);
      }
    },
    CIFAR {
      @Override
      ExampleSet read(Path folder, RowRange range, RowStorage storage) throws IOException {
        byte[] records = new byte[ROWS * 3073];
        for (int i = 0; i < records.length; i++) {
          records[i] = (byte) (i % 3073 == 0 ? i / 3073 : i * 11);
        }
        Path first = Files.write(folder.resolve("1.bin"), Arrays.copyOf(records, 2 * 3073));
        Path second =
            Files.write(
                folder.resolve("2.bin"), Arrays.copyOfRange(records, 2 * 3073, records.length));
        return Cifar10Reader.labeledImages(List.of(first, second), 10, range, storage);
      }
    },
    MAT {
      @Override
      ExampleSet read(Path folder, RowRange range, RowStorage storage) throws IOException {
        byte[] pixels = new byte[4 * 3 * 3 * ROWS];
        for (int i = 0; i < pixels.length; i++) {
          pixels[i] = (byte) (i * 13);
        }
        MatBytes file = new MatBytes(ByteOrder.LITTLE_ENDIAN);
        file.array("X", new int[] {4, 3, 3, ROWS}, MatBytes.UINT8, pixels);
        file.array("y", new int[] {ROWS, 1}, MatBytes.UINT8, new byte[] {1, 2, 3, 1, 2, 3, 2});
        Path path = Files.write(folder.resolve("digits.mat"), file.bytes());
        return MatReader.labeledImages(path, 3, range, storage);
      }
    },
    IMAGES {
      @Override
      ExampleSet read(Path folder, RowRange range, RowStorage storage) throws IOException {
        for (int i = 0; i < ROWS; i++) {
          Path file = folder.resolve("png").resolve(i % 2 + "").resolve(i + ".png");
          Files.createDirectories(file.resolveSibling("."));
          BufferedImage image = new BufferedImage(4, 3, BufferedImage.TYPE_BYTE_GRAY);
          image.getRaster().setSample(i % 4, i % 3, 0, 40 + 30 * i);
          ImageIO.write(image, "png", file.toFile());
        }
        ImageSource source =
            new ImageSource(
                folder.resolve("png"), "", Optional.empty(), new ImageForm(Optional.empty(), 1));
        return ImageFilesReader.labeledImages(source, List.of("0", "1"), range, storage);
      }
    },
    CSV {
      @Override
      ExampleSet read(Path folder, RowRange range, RowStorage storage) throws IOException {
        Path file =
            Files.writeString(
                folder.resolve("rows.csv"),
                "age,town,ill\n33,x,no\n0,y,yes\n-5,x,no\n99.5,x,yes\n7,y,no\n0,y,yes\n1,x,no\n");
        return CsvReader.read(file, SCHEMA, range, storage);
      }
    },
    PARQUET {
      @Override
      ExampleSet read(Path folder, RowRange range, RowStorage storage) throws IOException {
        Path file = folder.resolve("rows.parquet");
        try (ParquetWriter<Integer> writer =
            ParquetWriter.writeFile(
                MessageTypeParser.parseMessageType(
                    "message rows { required int32 age; required binary town (STRING);"
                        + " required binary ill (STRING); }"),
                file.toFile(),
                (row, out) -> {
                  out.write("age", 13 * row);
                  out.write("town", row % 3 == 0 ? "y" : "x");
                  out.write("ill", row % 2 == 0 ? "no" : "yes");
                })) {
          for (int row = 0; row < ROWS; row++) {
            writer.write(row);
          }
        }
        return ParquetReader.read(file, SCHEMA, range, storage);
      }
    },
    DIGITS {
      @Override
      ExampleSet read(Path folder, RowRange range, RowStorage storage) {
        RowRange rows = range.isOpen() ? RowRange.of(range.from(), ROWS) : range;
        return DigitsGenerator.generate(5, rows, storage);
      }
    };

    abstract ExampleSet read(Path folder, RowRange range, RowStorage storage) throws IOException;
  }

  private static float[] values(ExampleSet set) {
    float[] values = new float[set.size() * set.width()];
    for (int i = 0; i < set.size(); i++) {
      set.copyFeatures(i, values, i * set.width());
    }
    return values;
  }

  /** The same examples, built from floats by whoever has an array of them. */
  private static ExampleSet plain(ExampleSet set) {
    return ExampleSet.builder("plain", set.exampleShape())
        .features(values(set))
        .labels(set.labels(), set.classes())
        .build();
  }

  private static void assertSame(ExampleSet expected, ExampleSet set) {
    assertArrayEquals(values(expected), values(set));
    assertArrayEquals(
        expected.features().dup('c').data().asFloat(), set.features().dup('c').data().asFloat());
    assertEquals(expected.contentDigest(), set.contentDigest());
    assertEquals(expected.featuresDigest(), set.featuresDigest());
    assertEquals(
        IntStream.range(0, expected.size()).mapToObj(expected::recordKey).toList(),
        IntStream.range(0, set.size()).mapToObj(set::recordKey).toList());
  }

  @ParameterizedTest
  @EnumSource
  void read_everyFormat_isTheSameSetHoweverItIsTaken(Format format) throws IOException {
    try (RowStorage storage = storage(folder)) {
      ExampleSet set = format.read(folder, RowRange.all(), storage);
      ExampleSet expected = plain(set);
      int[] mixed = {6, 2, 3, 4, 0, 0, 5};

      assertEquals(ROWS, set.size());
      assertSame(expected, set);
      assertSame(expected.subset(mixed), set.subset(mixed));
      assertSame(expected.slice(RowRange.of(2, 6)), set.slice(RowRange.of(2, 6)));
      assertSame(expected.withoutLabels().subset(1, 2, 6), set.withoutLabels().subset(1, 2, 6));
      assertSame(
          expected.slice(RowRange.of(3, 6)), format.read(folder, RowRange.of(3, 6), storage));
      assertArrayEquals(expected.subset(mixed).labels(), set.subset(mixed).labels());
    }
  }

  /** The heap's form is the yardstick of the other. */
  @ParameterizedTest
  @EnumSource
  void read_everyFormat_hasTheHeapsDigests(Format format) throws IOException {
    try (RowStorage storage = storage(folder)) {
      ExampleSet set = format.read(folder, RowRange.all(), storage);
      assertSame(format.read(folder, RowRange.all(), RowStorage.heap()), set);
    }
  }

  @Test
  void columns_keepLabelsPlacesAndValues() throws IOException {
    try (RowStorage storage = storage(folder)) {
      ExampleSet set = Format.CSV.read(folder, RowRange.all(), storage);
      float[] values = values(set);
      ExampleSet kept = set.columns(new int[] {2, 0});

      for (int row = 0; row < ROWS; row++) {
        float[] pair = new float[2];
        kept.copyFeatures(row, pair, 0);
        assertArrayEquals(new float[] {values[row * 3 + 2], values[row * 3]}, pair);
      }
      assertArrayEquals(set.labels(), kept.labels());
      assertSame(plain(kept.subset(4, 5, 1)), kept.subset(4, 5, 1));
      assertThrows(IndexOutOfBoundsException.class, () -> set.columns(new int[] {3}));
    }
  }

  @Test
  void mapEach_keepsLabelsAndTakesEachExampleAlone() throws IOException {
    try (RowStorage storage = storage(folder)) {
      ExampleSet set = Format.IDX.read(folder, RowRange.all(), storage).subset(5, 1, 3);
      ExampleSet twice = set.mapEach(15, one -> one.reshape(1, 15).mul(2));

      float[] expected = values(set);
      for (int i = 0; i < expected.length; i++) {
        expected[i] *= 2;
      }
      assertArrayEquals(expected, values(twice));
      assertArrayEquals(set.labels(), twice.labels());
    }
  }

  @Test
  void read_outsideTheSet_throws() throws IOException {
    try (RowStorage storage = storage(folder)) {
      ExampleSet set = Format.IDX.read(folder, RowRange.all(), storage);

      assertThrows(IndexOutOfBoundsException.class, () -> set.copyFeatures(ROWS, new float[15], 0));
      assertThrows(IndexOutOfBoundsException.class, () -> set.copyFeatures(0, new float[15], 1));
      assertThrows(IndexOutOfBoundsException.class, () -> set.copyFeatures(0, new float[14], 0));
    }
  }

  static LongStream seeds() {
    return LongStream.range(0, 12);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void add_randomRows_givesThemBackOnAllThreads(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int width = random.nextInt(1, 40);
    int rows = random.nextInt(1, 3000);
    float[] values = new float[rows * width];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(4) == 0 ? -0f : (float) random.nextGaussian();
    }
    try (RowStorage storage = storage(folder)) {
      RowSink sink = new RowSink(storage, "random", Coding.FLOAT, width);
      for (int row = 0; row < rows; row++) {
        sink.add(Arrays.copyOfRange(values, row * width, (row + 1) * width));
      }
      ExampleSet set = ExampleSet.builder("random", width).values(sink).build();
      ExampleSet expected = ExampleSet.builder("plain", width).features(values).build();
      int[] order = random.ints(500, 0, rows).toArray();

      assertEquals(expected.contentDigest(), set.contentDigest());
      Stream.generate(() -> set.subset(order).featuresDigest())
          .limit(8)
          .parallel()
          .forEach(digest -> assertEquals(expected.subset(order).featuresDigest(), digest));
    }
  }

  @Test
  void add_valueThatIsNotFinite_throwsWithItsPlace() {
    try (RowStorage storage = storage(folder)) {
      RowSink sink = new RowSink(storage, "rows.csv", Coding.FLOAT, 2);
      sink.add(new float[] {1, 2});
      IllegalArgumentException error =
          assertThrows(IllegalArgumentException.class, () -> sink.add(new float[] {1, Float.NaN}));
      assertEquals("features must be finite; the value at 3 is not", error.getMessage());
    }
  }
}
