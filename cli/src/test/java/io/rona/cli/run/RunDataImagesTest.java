package io.rona.cli.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.cli.config.ConfigReader;
import io.rona.query.data.DataException;
import io.rona.query.data.RowStorage;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images of each format reach the run, and sets that do not fit each other do not. */
final class RunDataImagesTest {
  private static final int RECORD = 3073;

  @TempDir private Path folder = Path.of("");

  @BeforeEach
  void writeFiles() throws IOException {
    byte[] records = new byte[20 * RECORD];
    for (int i = 0; i < 20; i++) {
      records[i * RECORD] = (byte) (i % 10);
      records[i * RECORD + 1 + i] = 99;
    }
    Files.write(folder.resolve("batch.bin"), records);
    for (int i = 0; i < 6; i++) {
      image("train/" + (i % 2 == 0 ? "cat" : "dog") + "/" + i + ".png", 32, 40 * i);
    }
  }

  private void image(String name, int side, int gray) throws IOException {
    BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    image.setRGB(1, 1, gray);
    Path file = folder.resolve(name);
    Files.createDirectories(file.resolveSibling(""));
    assertTrue(ImageIO.write(image, "png", file.toFile()));
  }

  private RunData read(String sensitive, String open, String evaluation, String... overrides) {
    String yaml =
        """
        version: 1
        data:
          root: %s
          sensitive: {id: d, units: 1000, %s}
          public: {%s}
          evaluation: {%s}
        privacy: {epsilon: 2, delta: 1e-5}
        teachers: {count: 5}
        queries: {count: 1}
        """
            .formatted(folder, sensitive, open, evaluation);
    List<String> all = Stream.of(overrides).toList();
    return RunData.read(ConfigReader.read("run.yaml", yaml, all), new byte[32], RowStorage.heap());
  }

  @Test
  void read_cifar10_splitsOneFile() {
    String file = "format: cifar10, files: [batch.bin], rows: ";
    RunData data =
        read("classes: 10, " + file + "0..10", file + "10..15, publicLabels: 3", file + "15..end");
    assertArrayEquals(new long[] {3, 32, 32}, data.sensitive().exampleShape());
    assertEquals(5, data.pool().size());
    assertArrayEquals(new int[] {0, 1, 2}, data.labeledPool().labels());
    assertArrayEquals(new int[] {5, 6, 7, 8, 9}, data.evaluation().labels());
  }

  @Test
  void read_poolWhoseFeaturesNoMemoryHolds_failsByFile() {
    String file = "format: cifar10, files: [batch.bin], rows: ";
    String[] sets = {"classes: 10, " + file + "0..1", file + "1..19", file + "19..end"};
    DataException e =
        assertThrows(
            DataException.class,
            () ->
                read(
                    sets[0],
                    sets[1],
                    sets[2],
                    "teachers.backbone={type: patches, patch: 2, atoms: 16384, grid: 64}"));
    assertEquals(folder.resolve("batch.bin").toString(), e.file());
    assertTrue(e.rule().contains("more memory than the tensor engine may take"), e.rule());
    assertEquals(18, read(sets[0], sets[1], sets[2]).pool().size());
  }

  @Test
  void read_images_takesTheDeclaredClasses() {
    String file = "format: images, file: train, rows: ";
    RunData data =
        read(
            "classes: 2, classNames: [dog, cat], " + file + "0..2", file + "2..4", file + "4..end");
    assertEquals(2, data.sensitive().classes());
    assertEquals(2, data.evaluation().size());
  }

  @Test
  void read_classNameMisspelled_failsByFile() {
    DataException e =
        assertThrows(
            DataException.class,
            () ->
                read(
                    "classes: 2, classNames: [dog, cta], format: images, file: train, rows: 0..2",
                    "format: cifar10, files: [batch.bin], rows: 0..5",
                    "format: cifar10, files: [batch.bin], rows: 5..end"));
    assertEquals(folder.resolve("train").toString(), e.file());
  }

  @Test
  void read_otherShape_failsByFile() throws IOException {
    image("small/cat/1.png", 8, 1);
    DataException e =
        assertThrows(
            DataException.class,
            () ->
                read(
                    "classes: 10, format: cifar10, files: [batch.bin], rows: 0..10",
                    "format: images, file: small",
                    "format: cifar10, files: [batch.bin], rows: 10..end"));
    assertEquals(folder.resolve("small").toString(), e.file());
    assertTrue(e.rule().contains("[3, 32, 32], but have [3, 8, 8]"), e.rule());
  }

  @Test
  void read_copyOfTheSensitiveImages_isRefused() throws IOException {
    for (int i = 0; i < 6; i++) {
      image("copy/" + (i % 2 == 0 ? "cat" : "dog") + "/" + i + ".png", 32, 40 * i);
    }
    DataException e =
        assertThrows(
            DataException.class,
            () ->
                read(
                    "classes: 2, classNames: [dog, cat], format: images, file: train, rows: 0..3",
                    "format: images, file: copy, rows: 2..5",
                    "format: images, file: copy, rows: 5..end"));
    assertTrue(e.rule().contains("shares rows"), e.rule());
  }
}
