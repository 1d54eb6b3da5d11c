package io.rona.query.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ImageFilesReaderTest {
  private static final List<String> CLASSES = List.of("cat", "dog");
  private static final ImageForm GRAY = new ImageForm(Optional.empty(), 1);

  @TempDir private Path folder;

  /** One color all over, so that JPEG keeps it nearly. */
  private static byte[] image(String format, int type, int side, Color color) throws IOException {
    BufferedImage image = new BufferedImage(side, side, type);
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        image.setRGB(x, y, color.getRGB());
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertTrue(ImageIO.write(image, format, out), "an encoder for " + format);
    return out.toByteArray();
  }

  private static byte[] png(int level) throws IOException {
    return image("png", BufferedImage.TYPE_INT_RGB, 4, new Color(level, level, level));
  }

  private Path zip(Map<String, byte[]> entries) throws IOException {
    Path file = folder.resolve("images.zip");
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
        zip.closeEntry();
      }
    }
    return file;
  }

  private Path unpacked(Map<String, byte[]> entries) throws IOException {
    Path root = Files.createDirectories(folder.resolve("tree"));
    for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
      Path file = root.resolve(entry.getKey());
      Files.createDirectories(file.getParent());
      Files.write(file, entry.getValue());
    }
    return root;
  }

  /** Cats are dark, dogs light; no two images are alike. */
  private static Map<String, byte[]> animals() throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    for (int i = 0; i < 6; i++) {
      entries.put("train/cat/" + i + ".png", png(i));
      entries.put("train/dog/" + i + ".png", png(200 + i));
    }
    return entries;
  }

  private static ExampleSet read(Path path, String inside, ImageForm form) {
    return ImageFilesReader.labeledImages(
        ImageSource.of(path, inside, form), CLASSES, RowRange.all(), RowStorage.heap());
  }

  private static String failure(Path file, Runnable read) {
    DataException error = assertThrows(DataException.class, read::run);
    assertEquals(file.toString(), error.file());
    return error.rule();
  }

  private String failure(Map<String, byte[]> entries) throws IOException {
    Path file = zip(entries);
    return failure(file, () -> read(file, "", ImageForm.color()));
  }

  @Test
  void labeledImages_takeTheClassFromTheFolder() throws IOException {
    ExampleSet examples = read(zip(animals()), "train", GRAY);

    assertEquals(12, examples.size());
    assertArrayEquals(new long[] {1, 4, 4}, examples.exampleShape());
    float[] row = new float[16];
    for (int i = 0; i < 12; i++) {
      examples.copyFeatures(i, row, 0);
      assertEquals(row[0] * 255 >= 200 ? 1 : 0, examples.label(i));
    }
    int[] head = examples.slice(RowRange.of(0, 6)).labels();
    assertEquals(2, IntStream.of(head).distinct().count(), "a range mixes the classes");
  }

  @Test
  void labeledImages_ofFolderAndArchive_areTheSameRows() throws IOException {
    ExampleSet packed = read(zip(animals()), "train", ImageForm.color());
    ExampleSet loose = read(unpacked(animals()), "train", ImageForm.color());

    assertEquals(packed.contentDigest(), loose.contentDigest());
    assertTrue(packed.slice(RowRange.of(0, 3)).sharesRowsWith(loose.slice(RowRange.of(2, 4))));
    assertFalse(packed.slice(RowRange.of(0, 3)).sharesRowsWith(loose.slice(RowRange.of(3, 4))));
  }

  @Test
  void images_ofOneRange_areThoseRows() throws IOException {
    Path file = zip(animals());
    ExampleSet all =
        ImageFilesReader.images(ImageSource.of(file, "", GRAY), RowRange.all(), RowStorage.heap());
    ExampleSet some =
        ImageFilesReader.images(
            ImageSource.of(file, "", GRAY), RowRange.of(3, 7), RowStorage.heap());
    assertEquals(all.slice(RowRange.of(3, 7)).featuresDigest(), some.featuresDigest());
    assertFalse(some.isLabeled());
    assertTrue(
        failure(
                file,
                () ->
                    ImageFilesReader.images(
                        ImageSource.of(file, "", GRAY), RowRange.of(0, 13), RowStorage.heap()))
            .contains("but has fewer"));
  }

  @Test
  void images_outsideTheRange_areNotOpened() throws IOException {
    Map<String, byte[]> entries = animals();
    ExampleSet sound = read(zip(entries), "train", GRAY);
    entries.replaceAll((name, content) -> new byte[content.length]);
    Path broken = zip(entries);
    assertTrue(failure(broken, () -> read(broken, "train", GRAY)).contains("is no JPEG or PNG"));
    assertEquals(12, sound.size());
  }

  @Test
  void labeledImages_ofAList_keepItsOrderAndLabels() throws IOException {
    Path root = unpacked(animals());
    Path list =
        Files.writeString(
            folder.resolve("labels.csv"),
            "label,file\ndog,train/cat/1.png\ncat,train/dog/5.png\ndog,train/cat/0.png\n");
    ImageSource source = new ImageSource(root, "", Optional.of(list), GRAY);

    ExampleSet examples =
        ImageFilesReader.labeledImages(source, CLASSES, RowRange.of(1, 3), RowStorage.heap());
    float[] row = new float[16];
    examples.copyFeatures(0, row, 0);
    assertEquals(205 / 255f, row[0]);
    assertArrayEquals(new int[] {0, 1}, examples.labels());
    assertEquals(3, ImageFilesReader.images(source, RowRange.all(), RowStorage.heap()).size());
  }

  @Test
  void labeledImages_ofABrokenList_failByLine() throws IOException {
    Path root = unpacked(animals());
    for (String line :
        List.of(
            "train/cat/9.png,cat", "train/cat/1.png,cow", "../x.png,cat", "train/cat/0.png,cat")) {
      Path list =
          Files.writeString(
              folder.resolve("labels.csv"), "file,label\ntrain/cat/0.png,cat\n" + line + "\n");
      String rule =
          failure(
              list,
              () ->
                  ImageFilesReader.labeledImages(
                      new ImageSource(root, "", Optional.of(list), GRAY),
                      CLASSES,
                      RowRange.all(),
                      RowStorage.heap()));
      assertTrue(rule.contains("line 3") || rule.contains("outside of it"), rule);
      assertFalse(rule.contains("cow"), rule);
    }
  }

  @Test
  void labeledImages_foldersOtherThanTheClasses_fail() throws IOException {
    Map<String, byte[]> more =
        Map.of("cat/1.png", png(1), "dog/1.png", png(2), "cow/1.png", png(3));
    assertTrue(failure(more).contains("folder cow must be one of the declared classes"));
    Map<String, byte[]> fewer = Map.of("cat/1.png", png(1));
    assertTrue(failure(fewer).contains("for the class dog"));
    Map<String, byte[]> flat = Map.of("1.png", png(1), "cat/1.png", png(1), "dog/1.png", png(2));
    assertTrue(failure(flat).contains("one folder a class only"));
  }

  @Test
  void labeledImages_hiddenFiles_areLeftOut() throws IOException {
    Map<String, byte[]> entries =
        Map.of(
            "cat/1.png",
            png(1),
            "dog/1.png",
            png(2),
            "dog/.DS_Store",
            new byte[3],
            "__MACOSX/dog/._1.png",
            new byte[3]);
    assertEquals(2, read(zip(entries), "", GRAY).size());
  }

  @Test
  void labeledImages_damagedImage_failsByName() throws IOException {
    byte[] jpeg = image("jpg", BufferedImage.TYPE_INT_RGB, 16, Color.RED);
    for (byte[] bad :
        List.of(
            new byte[0],
            "text".getBytes(StandardCharsets.US_ASCII),
            Arrays.copyOf(jpeg, jpeg.length / 2),
            Arrays.copyOf(jpeg, jpeg.length - 20),
            Arrays.copyOf(png(1), 40))) {
      String rule = failure(Map.of("cat/1.jpg", bad, "dog/1.png", png(2)));
      assertTrue(rule.contains("image cat/1.jpg"), rule);
    }
  }

  @Test
  void labeledImages_namesThatLeadOut_fail() throws IOException {
    for (String name : List.of("../cat/1.png", "cat/../../1.png", "/cat/1.png", "cat\\..\\1.png")) {
      assertTrue(failure(Map.of(name, png(1))).contains("outside of it"), name);
    }
  }

  @Test
  void labeledImages_linkOutOfTheFolder_fails() throws IOException {
    Path root = unpacked(Map.of("cat/1.png", png(1), "dog/1.png", png(2)));
    Path secret = Files.write(folder.resolve("secret.png"), png(3));
    Files.createSymbolicLink(root.resolve("dog/2.png"), secret);
    assertTrue(failure(root, () -> read(root, "", GRAY)).contains("link out of the folder"));
  }

  @Test
  void labeledImages_zipBomb_failsByNameWithinBoundedMemory() throws IOException {
    Path file = folder.resolve("bomb.zip");
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("cat/1.png"));
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i <= ImageFiles.MAX_FILE_BYTES >> 20; i++) {
        zip.write(zeros);
      }
      zip.closeEntry();
      zip.putNextEntry(new ZipEntry("dog/1.png"));
      zip.write(png(1));
    }
    String rule = failure(file, () -> read(file, "", GRAY));
    assertTrue(rule.contains("image cat/1.png must have at most"), rule);
  }

  @Test
  void labeledImages_ofHugeDeclaredSize_failBeforeTheyAreDecoded() throws IOException {
    byte[] bomb = png(1);
    bomb[18] = (byte) 0xff;
    bomb[22] = (byte) 0xff;
    String rule = failure(Map.of("cat/1.png", bomb, "dog/1.png", png(2)));
    assertTrue(rule.contains("image cat/1.png"), rule);
  }

  @Test
  void labeledImages_ofTwoSizes_needASize() throws IOException {
    byte[] large = image("png", BufferedImage.TYPE_INT_RGB, 8, Color.WHITE);
    Path file = zip(Map.of("cat/1.png", png(1), "dog/1.png", large));
    assertTrue(failure(file, () -> read(file, "", GRAY)).contains("set size to scale"));
    ImageForm scaled = new ImageForm(Optional.of(new ImageForm.Size(2, 3)), 3);
    assertArrayEquals(new long[] {3, 2, 3}, read(file, "", scaled).exampleShape());
  }

  @Test
  void labeledImages_ofColorAndGray_areConverted() throws IOException {
    byte[] red = image("png", BufferedImage.TYPE_INT_RGB, 2, Color.RED);
    BufferedImage plain = new BufferedImage(2, 2, BufferedImage.TYPE_BYTE_GRAY);
    plain.getRaster().setSamples(0, 0, 2, 2, 0, new int[] {100, 100, 100, 100});
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertTrue(ImageIO.write(plain, "png", out));
    byte[] gray = out.toByteArray();
    Path file = zip(Map.of("cat/1.png", red, "dog/1.png", gray));

    Map<Integer, float[]> dark = byLabel(read(file, "", GRAY));
    assertEquals(Math.round(0.299 * 255) / 255f, dark.getOrDefault(0, new float[1])[0]);
    assertEquals(100 / 255f, dark.getOrDefault(1, new float[1])[0], "stored value, no gamma curve");
    Map<Integer, float[]> bright = byLabel(read(file, "", ImageForm.color()));
    assertArrayEquals(
        new float[] {1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0}, bright.getOrDefault(0, new float[0]));
    assertEquals(100 / 255f, bright.getOrDefault(1, new float[12])[11]);
  }

  private static Map<Integer, float[]> byLabel(ExampleSet examples) {
    Map<Integer, float[]> rows = new LinkedHashMap<>();
    for (int i = 0; i < examples.size(); i++) {
      float[] row = new float[examples.width()];
      examples.copyFeatures(i, row, 0);
      rows.put(examples.label(i), row);
    }
    return rows;
  }

  @Test
  void labeledImages_transparent_fail() throws IOException {
    byte[] glass = image("png", BufferedImage.TYPE_INT_ARGB, 2, new Color(9, 9, 9, 100));
    assertTrue(
        failure(Map.of("cat/1.png", glass, "dog/1.png", png(1))).contains("no transparent pixels"));
  }

  @Test
  void open_neitherFolderNorArchive_fails() throws IOException {
    Path text = Files.writeString(folder.resolve("images.zip"), "no archive");
    assertTrue(failure(text, () -> read(text, "", GRAY)).contains("a folder or a zip archive"));
    Path missing = folder.resolve("missing");
    assertTrue(failure(missing, () -> read(missing, "", GRAY)).contains("does not exist"));
    Path file = zip(animals());
    assertTrue(failure(file, () -> read(file, "test", GRAY)).contains("in the folder test"));
  }

  @Test
  void scale_downAveragesAndUpInterpolates() {
    ImageForm.Size four = new ImageForm.Size(1, 4);
    byte[] down = ImageResampler.scale(new byte[] {0, 100, 100, 0}, four, new ImageForm.Size(1, 1));
    assertEquals(58, down[0], 0.0, "weights 5, 7, 7, 5 of 24: a triangle of half width 4");
    byte[] flat = new byte[35];
    Arrays.fill(flat, (byte) 201);
    for (int side : new int[] {1, 2, 3, 6, 20}) {
      byte[] scaled =
          ImageResampler.scale(flat, new ImageForm.Size(5, 7), new ImageForm.Size(side, side));
      for (byte value : scaled) {
        assertEquals(201, value & 0xff);
      }
    }
    byte[] up = ImageResampler.scale(new byte[] {0, 100}, new ImageForm.Size(1, 2), four);
    assertArrayEquals(new byte[] {0, 25, 75, 100}, up);
  }

  @Test
  void labeledImages_ofCifar10_haveItsKnownStatistics() {
    Path file = SharedData.file("cifar10/cifar10-jpeg.zip");
    List<String> classes =
        List.of(
            "airplane",
            "automobile",
            "bird",
            "cat",
            "deer",
            "dog",
            "frog",
            "horse",
            "ship",
            "truck");

    ExampleSet examples =
        ImageFilesReader.labeledImages(
            ImageSource.of(file, "train", ImageForm.color()),
            classes,
            RowRange.of(0, 5000),
            RowStorage.heap());

    assertArrayEquals(new long[] {3, 32, 32}, examples.exampleShape());
    double[] mean = new double[3];
    float[] row = new float[3072];
    for (int i = 0; i < examples.size(); i++) {
      examples.copyFeatures(i, row, 0);
      for (int j = 0; j < row.length; j++) {
        mean[j / 1024] += row[j] / (1024.0 * examples.size());
      }
    }
    // Standard error of the mean of 5,000 images is about 0.002.
    assertArrayEquals(new double[] {0.4913, 0.4821, 0.4465}, mean, 0.01);
    for (int count : counts(examples)) {
      assertEquals(500, count, 5 * Math.sqrt(500));
    }
  }

  private static int[] counts(ExampleSet examples) {
    int[] counts = new int[examples.classes()];
    for (int label : examples.labels()) {
      counts[label]++;
    }
    return counts;
  }
}
