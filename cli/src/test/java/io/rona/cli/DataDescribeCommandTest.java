package io.rona.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class DataDescribeCommandTest {
  private static final String IMAGES =
      """
      version: 1
      data:
        root: %s
        sensitive: {id: patients, format: images, file: secret, classes: 2, units: 1000,
                    classNames: [healthy, ill]}
        public: {format: images, file: open, publicLabels: %s}
        evaluation: {format: images, file: held}
      privacy: {epsilon: 2, delta: 1e-5}
      teachers: {count: 50}
      queries: {count: 2}
      """;

  private static final String TABLE =
      """
      version: 1
      data:
        root: %s
        sensitive: {id: patients, format: csv, file: secret.csv, schema: s.yaml, classes: 2,
                    units: 1000}
        public: {format: csv, file: open.csv, schema: s.yaml}
        evaluation: {format: csv, file: held.csv, schema: s.yaml}
      privacy: {epsilon: 2, delta: 1e-5}
      teachers: {count: 50}
      queries: {count: 2}
      """;

  @TempDir private Path folder = Path.of("");

  private void image(String name, int gray) throws IOException {
    BufferedImage image = new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB);
    for (int at = 0; at < 4; at++) {
      image.setRGB(at % 2, at / 2, gray << 16 | gray << 8 | gray);
    }
    Path file = folder.resolve(name);
    Files.createDirectories(file.resolveSibling(""));
    assertTrue(ImageIO.write(image, "png", file.toFile()));
  }

  private CommandRun describe(String yaml, String... more) throws IOException {
    Path config = Files.writeString(folder.resolve("run.yaml"), yaml);
    String[] args = new String[3 + more.length];
    args[0] = "data";
    args[1] = "describe";
    args[2] = config.toString();
    System.arraycopy(more, 0, args, 3, more.length);
    return CommandRun.of(args);
  }

  private void images() throws IOException {
    image("open/healthy/1.png", 0);
    image("open/ill/1.png", 255);
    image("open/ill/2.png", 51);
    image("held/healthy/1.png", 10);
    image("held/ill/1.png", 20);
  }

  @Test
  void describe_images_showsThePublicOnes() throws IOException {
    images();
    CommandRun run = describe(IMAGES.formatted(folder, "all"), "--json");
    assertEquals(0, run.exitCode(), run.err());
    JsonNode tree = JsonMapper.builder().build().readTree(run.out());
    JsonNode open = tree.get("public");
    assertEquals(3, open.get("rows").asInt());
    assertEquals("[3,2,2]", open.get("shape").toString());
    assertEquals(0.4, open.get("values").get("mean").asDouble(), 1e-6);
    assertEquals(2, open.get("labels").get("ill").asInt());
    assertEquals(1, tree.get("evaluation").get("labels").get("healthy").asInt());
    assertEquals(1000, tree.get("sensitive").get("declaredUnits").asInt());
  }

  @Test
  void describe_networks_showsWhatTheyAreOnTheData() throws IOException {
    images();
    String yaml = IMAGES.formatted(folder, "all") + "student: {layers: [conv 5x5x4, dense 6]}\n";
    JsonNode student =
        JsonMapper.builder().build().readTree(describe(yaml, "--json").out()).get("student.layers");
    assertEquals(
        "{\"1 conv 5x5x4\":{\"output\":\"an image of 4 x 2 x 2\",\"weights\":304},"
            + "\"2 dense 6\":{\"output\":\"6 values\",\"weights\":102},"
            + "\"logits\":{\"weights\":14},\"weights\":420}",
        student.toString());
    String text = describe(yaml).out();
    assertTrue(text.contains("output an image of 4 x 2 x 2, weights 304"), text);
  }

  @Test
  void describe_sensitiveFiles_haveNoSay() throws IOException {
    images();
    String yaml = IMAGES.formatted(folder, "all");
    CommandRun without = describe(yaml);
    image("secret/ill/needle-7731.png", 77);
    Files.writeString(folder.resolve("secret/needle.txt"), "no image at all");
    CommandRun with = describe(yaml);
    assertEquals(0, without.exitCode(), without.err());
    assertEquals(without, with);
    assertFalse(with.out().contains("needle"), with.out());
    assertTrue(with.out().contains("not opened"), with.out());
  }

  @Test
  void describe_labelsThatAreNotPublic_areNotCounted() throws IOException {
    images();
    CommandRun run = describe(IMAGES.formatted(folder, "none"), "--json");
    JsonNode open = JsonMapper.builder().build().readTree(run.out()).get("public");
    assertEquals("none", open.get("publicLabels").asString());
    assertFalse(open.has("labels"), run.out());
  }

  @Test
  void describe_table_showsColumnsInTheirUnit() throws IOException {
    Files.writeString(
        folder.resolve("s.yaml"),
        """
        columns:
          - {name: age, kind: numeric, min: 0, max: 200}
          - {name: weight, kind: numeric, min: 0, max: 100, optional: true}
          - {name: town, kind: categorical}
          - {name: ill, kind: label, classes: ["no", "yes"]}
        """);
    Files.writeString(
        folder.resolve("open.csv"), "age,weight,town,ill\n20,50,x,?\n60,,y,?\n40,70,x,?\n");
    Files.writeString(folder.resolve("held.csv"), "age,weight,town,ill\n20,50,x,yes\n");
    String yaml = TABLE.formatted(folder);
    CommandRun run = describe(yaml);
    assertEquals(0, run.exitCode(), run.err());
    assertTrue(run.out().contains("min 20.00, max 60.00, mean 40.00"), run.out());
    assertTrue(run.out().contains("max 70.00, mean 60.00, missing 1"), run.out());
    assertTrue(run.out().contains("x 2, y 1"), run.out());
    assertTrue(run.out().contains("no 0, yes 1"), run.out());
    Files.writeString(folder.resolve("secret.csv"), "age,weight,town,ill\n31.337,1,z,yes\n");
    assertEquals(run, describe(yaml));
  }

  @Test
  void describe_brokenPublicImage_isADataError() throws IOException {
    images();
    Files.writeString(folder.resolve("open/ill/3.png"), "text");
    CommandRun run = describe(IMAGES.formatted(folder, "all"));
    assertEquals(ExitCodes.DATA, run.exitCode());
    assertTrue(run.err().contains("image ill/3.png is no JPEG or PNG image"), run.err());
  }
}
