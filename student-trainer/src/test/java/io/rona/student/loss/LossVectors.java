package io.rona.student.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the files of reference values of losses. */
final class LossVectors {
  private static final String PROPERTY = "rona.vectors.losses";
  private static final String DEFAULT = "../shared/vectors/losses";

  /** The build runs tests in the module's directory; the paths are those of the project's. */
  private static final Path PROJECT = Path.of("").toAbsolutePath().resolve("..");

  private LossVectors() {}

  /** All files, by name without the ending; the caller's test is skipped where there are none. */
  static Map<String, List<Case>> all() throws IOException {
    Path directory = PROJECT.resolve(System.getProperty(PROPERTY, DEFAULT)).normalize();
    assumeTrue(
        Files.isDirectory(directory),
        () ->
            "directory of loss vectors "
                + directory
                + " is absent; set -D"
                + PROPERTY
                + "=DIR to run this test");
    Map<String, List<Case>> result = new TreeMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".json")).toList()) {
        String name = file.getFileName().toString().replaceFirst("\\.json$", "");
        result.put(name, read(name, file));
      }
    }
    return result;
  }

  private static List<Case> read(String name, Path file) {
    JsonNode root = JsonMapper.shared().readTree(file);
    return root.get("cases").valueStream().map(node -> new Case(name, root, node)).toList();
  }

  /** One case. Whoever runs it must read all that it says. */
  static final class Case {
    private final String file;
    private final JsonNode root;
    private final JsonNode node;
    private final Set<String> unread = new TreeSet<>();

    Case(String file, JsonNode root, JsonNode node) {
      this.file = file;
      this.root = root;
      this.node = node;
      unread.addAll(node.path("params").propertyNames());
      unread.addAll(node.path("inputs").propertyNames());
      unread.remove("note");
    }

    String id() {
      return node.get("id").stringValue();
    }

    private JsonNode parameter(String name) {
      unread.remove(name);
      return node.path("params").path(name);
    }

    double number(String name) {
      return parameter(name).doubleValue();
    }

    double number(String name, double otherwise) {
      return has(name) ? number(name) : otherwise;
    }

    boolean flag(String name) {
      JsonNode value = parameter(name);
      return !value.isMissingNode() && value.booleanValue();
    }

    String text(String name, String otherwise) {
      JsonNode value = parameter(name);
      return value.isMissingNode() ? otherwise : value.stringValue();
    }

    boolean has(String name) {
      return node.path("params").has(name) || node.path("inputs").has(name);
    }

    /** Names of inputs that start so. */
    List<String> inputs(String prefix) {
      return node.path("inputs").propertyNames().stream()
          .filter(name -> name.startsWith(prefix))
          .sorted()
          .toList();
    }

    Tensor input(String name) {
      unread.remove(name);
      return tensor(node.get("inputs").get(name));
    }

    int[] labels(String name) {
      unread.remove(name);
      JsonNode data = node.get("inputs").get(name).get("data");
      return data.valueStream().mapToInt(JsonNode::intValue).toArray();
    }

    private static Tensor tensor(JsonNode node) {
      int[] shape = node.get("shape").valueStream().mapToInt(JsonNode::intValue).toArray();
      double[] data = node.get("data").valueStream().mapToDouble(JsonNode::doubleValue).toArray();
      return Tensor.of(shape, data);
    }

    private double tolerance(String name) {
      JsonNode own = node.path("tolerance");
      return (own.isMissingNode() ? root.get("tolerance") : own).get(name).doubleValue();
    }

    /** Holds an outcome to everything that is expected. */
    void check(Outcome outcome) {
      assertEquals(Set.of(), unread, this + ": parameters and inputs that were not used");
      for (String name : node.get("expected").propertyNames()) {
        JsonNode expected = node.get("expected").get(name);
        switch (name) {
          case "loss" -> checkLoss(expected.doubleValue(), outcome);
          case "grad" -> {
            assertEquals(
                new TreeSet<>(expected.propertyNames()),
                new TreeSet<>(outcome.gradients().keySet()),
                this + ": gradients");
            outcome.gradients().forEach((of, gradient) -> check(of, expected.get(of), gradient));
          }
          case "aux" -> checkLimit(expected, outcome);
          default -> check(name, expected, outcome.value(name));
        }
      }
    }

    private void checkLoss(double expected, Outcome outcome) {
      double tolerance = tolerance("loss_rel") * Math.abs(expected);
      assertEquals(expected, outcome.loss(), tolerance, this + ": loss");
    }

    private void checkLimit(JsonNode aux, Outcome outcome) {
      if (aux.has("l2_limit")) {
        assertEquals(aux.get("l2_limit").doubleValue(), outcome.loss(), 1e-3, this + ": limit");
      }
    }

    private void check(String name, JsonNode node, Tensor actual) {
      Tensor expected = tensor(node);
      assertEquals(expected.toString(), actual.toString(), this + ": shape of " + name);
      double tolerance = tolerance("grad_abs");
      IntStream.range(0, expected.size())
          .forEach(
              i ->
                  assertEquals(
                      expected.values()[i],
                      actual.values()[i],
                      tolerance,
                      () -> this + ": " + name + " at " + i));
    }

    @Override
    public String toString() {
      return file + " " + id();
    }
  }

  /** What a run of a case gave. */
  record Outcome(double loss, Map<String, Tensor> gradients, Map<String, Tensor> values) {
    static Outcome of(Map<String, Tensor> values) {
      return new Outcome(Double.NaN, Map.of(), values);
    }

    /** Names the gradients in the order of the student tensors and parameters. */
    static Outcome of(LossValue value, String... names) {
      List<Tensor> all =
          Stream.concat(value.student().stream(), value.parameters().stream()).toList();
      assertEquals(names.length, all.size());
      Map<String, Tensor> gradients = new TreeMap<>();
      for (int i = 0; i < names.length; i++) {
        gradients.put(names[i], all.get(i));
      }
      return new Outcome(value.value(), gradients, Map.of());
    }

    Tensor value(String name) {
      Tensor value = values.get(name);
      if (value == null) {
        throw new AssertionError("nothing was computed for " + name);
      }
      return value;
    }
  }
}
