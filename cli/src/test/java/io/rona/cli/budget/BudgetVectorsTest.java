package io.rona.cli.budget;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The tables of reference values through the JSON Lines: what a user asks is what the tables hold.
 */
class BudgetVectorsTest {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final String PROPERTY = "rona.vectors.accounting";
  private static final String DEFAULT = "../../shared/vectors/accounting";

  /** Every so many rows of the two large tables are run in the gate; all of them nightly. */
  private static final int STRIDE = 60;

  private static final String SAMPLED =
      "{\"type\":\"poisson-sampled-gaussian\",\"samplingProbability\":%s,\"noiseMultiplier\":%s,"
          + "\"count\":%s}";

  /** One line of a table by column name. */
  private record Row(Map<String, String> cells) {
    String get(String column) {
      String value = cells.get(column);
      if (value == null) {
        throw new IllegalStateException("no column " + column);
      }
      return value;
    }

    double number(String column) {
      String text = get(column);
      return text.equals("inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
    }

    String sampled(String steps) {
      return SAMPLED.formatted(get("q"), get("sigma"), get(steps));
    }
  }

  /** The question that a row asks, without braces and id. */
  private interface Question {
    String of(Row row);
  }

  /** What must hold for the answer. */
  private interface Check {
    void answer(Row row, JsonNode answer);
  }

  private static List<Row> read(String table, int stride) throws IOException {
    Path file = Path.of(System.getProperty(PROPERTY, DEFAULT)).resolve(table + ".csv");
    assumeTrue(
        Files.isRegularFile(file),
        () ->
            "reference table " + file + " is absent; set -D" + PROPERTY + "=DIR to run this test");
    List<String> lines =
        Files.readAllLines(file).stream().filter(line -> !line.startsWith("#")).toList();
    String[] header = lines.get(0).split(",", -1);
    List<Row> rows = new ArrayList<>();
    for (int i = 1; i < lines.size(); i += stride) {
      String[] cells = lines.get(i).split(",", -1);
      assertEquals(header.length, cells.length, lines.get(i));
      Map<String, String> row = new HashMap<>();
      for (int c = 0; c < header.length; c++) {
        row.put(header[c], cells[c]);
      }
      rows.add(new Row(row));
    }
    assertTrue(rows.size() > 1, () -> table + " must have rows");
    return rows;
  }

  private static void run(List<Row> rows, Question question, Check check) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < rows.size(); i++) {
      text.append("{\"id\":").append(i).append(',').append(question.of(rows.get(i))).append("}\n");
    }
    StringWriter out = new StringWriter();
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    int code = BudgetLines.run(new ByteArrayInputStream(bytes), new PrintWriter(out));
    List<String> answers = out.toString().lines().toList();
    assertEquals(rows.size(), answers.size());
    for (int i = 0; i < rows.size(); i++) {
      JsonNode answer = MAPPER.readTree(answers.get(i));
      assertEquals(i, answer.get("id").intValue());
      check.answer(rows.get(i), answer);
    }
    assertEquals(BudgetLines.OK, code);
  }

  private static double number(JsonNode answer, String name) {
    JsonNode value = answer.get(name);
    assertTrue(value != null && !value.isNull(), () -> name + " missing in " + answer);
    return value.isString() ? Double.parseDouble(value.stringValue()) : value.doubleValue();
  }

  /** At most 1e-9 above the reference, and below it by no more than the reference is rounded. */
  private static void assertFromAbove(String exact, double value, double rounding, Row row) {
    double expected = exact.equals("inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(exact);
    if (Double.isInfinite(expected)) {
      assertEquals(expected, value, row::toString);
      return;
    }
    if (expected < Double.MIN_NORMAL) {
      assertTrue(value >= expected && value <= 1e-300, () -> value + " in " + row);
      return;
    }
    BigDecimal reference = new BigDecimal(exact);
    double excess =
        new BigDecimal(value)
            .subtract(reference)
            .divide(reference, MathContext.DECIMAL64)
            .doubleValue();
    assertTrue(excess >= -rounding && excess <= 1e-9, () -> excess + " in " + row);
  }

  private static String event(String type, String... members) {
    StringBuilder text = new StringBuilder("{\"type\":\"").append(type).append('"');
    for (int i = 0; i < members.length; i += 2) {
      text.append(",\"").append(members[i]).append("\":").append(members[i + 1]);
    }
    return text.append('}').toString();
  }

  private static String gaussian(Row row) {
    return "\"events\":[" + event("gaussian", "noiseMultiplier", row.get("sigma")) + "]";
  }

  @Test
  void sampledGaussianDivergences_areMetFromAbove() throws IOException {
    run(
        read("a_rdp_subsampled_gaussian", 1),
        row -> {
          String event =
              event(
                  "poisson-sampled-gaussian",
                  "samplingProbability",
                  row.get("q"),
                  "noiseMultiplier",
                  row.get("sigma"));
          return "\"rdp\":{\"event\":" + event + ",\"orders\":[" + row.get("alpha") + "]}";
        },
        (row, answer) ->
            assertFromAbove(
                row.get("rdp_exact_30"), answer.get("rdp").get(0).doubleValue(), 0, row));
  }

  @Test
  void gaussianDeltasEpsilonsAndNoise_areMetFromAbove() throws IOException {
    run(
        read("c_gaussian_delta", 1),
        row -> gaussian(row) + ",\"epsilon\":" + row.get("eps"),
        (row, answer) ->
            assertFromAbove(row.get("delta_exact_30"), number(answer, "delta"), 0, row));
    run(
        read("c_gaussian_eps", 1),
        row -> gaussian(row) + ",\"delta\":" + row.get("delta"),
        (row, answer) ->
            assertFromAbove(row.get("eps_exact_30"), number(answer, "epsilon"), 0, row));
    run(
        read("c_gaussian_sigma", 1),
        row ->
            "\"calibrate\":\"noiseMultiplier\",\"event\":{\"type\":\"gaussian\"},\"epsilon\":"
                + row.get("eps")
                + ",\"delta\":"
                + row.get("delta"),
        (row, answer) ->
            assertFromAbove(row.get("sigma_exact_30"), number(answer, "value"), 0, row));
  }

  @Test
  void votes_costTheTablesDivergences() throws IOException {
    run(
        read("f_gnmax_rdp", 1),
        row ->
            "\"gnmax\":{\"votes\":[%s],\"noiseStdDev\":%s,\"orders\":[%s]}"
                .formatted(
                    row.get("histogram").trim().replace(' ', ','),
                    row.get("sigma"),
                    row.get("alpha")),
        (row, answer) -> {
          // Below this the 50 digits of the reference have cancelled; the peer's have not.
          boolean cancelled = row.number("rdp_dep_mp") < 1e-35;
          String exact = row.get(cancelled ? "rdp_dep_pate" : "rdp_dep_mp");
          assertFromAbove(exact, answer.get("rdp").get(0).doubleValue(), 1e-12, row);
        });
  }

  @Test
  void conversions_areMetFromAbove() throws IOException {
    run(
        read("h_rdp_to_dp", 1),
        row -> {
          String name = row.get("kind").equals("eps") ? "delta" : "epsilon";
          String value = row.get(row.get("kind").equals("eps") ? "delta" : "eps");
          return "\"rdpToDp\":{\"order\":%s,\"rdp\":%s,\"%s\":%s}"
              .formatted(row.get("alpha"), row.get("rdp"), name, value);
        },
        (row, answer) -> {
          String name = row.get("kind").equals("eps") ? "epsilon" : "delta";
          assertFromAbove(row.get("best"), number(answer, name), 1e-12, row);
        });
  }

  @Test
  void concentratedPrivacy_isConvertedAtTheBestOrder() throws IOException {
    run(
        read("h_zcdp", 1),
        row ->
            "\"events\":["
                + event("zcdp", "rho", row.get("rho"))
                + "],\"delta\":"
                + row.get("delta"),
        (row, answer) ->
            assertFromAbove(row.get("cks20_opt"), number(answer, "epsilon"), 1e-12, row));
  }

  @Test
  void equalPureEvents_areMetFromAboveAndEnclosed() throws IOException {
    run(
        read("h_kov_composition", 1),
        row ->
            "\"events\":["
                + event(
                    "approx-dp",
                    "epsilon",
                    row.get("eps0"),
                    "delta",
                    row.get("delta0"),
                    "count",
                    row.get("k"))
                + "],\"delta\":"
                + row.get("delta"),
        (row, answer) -> {
          if (row.number("kov_exact") == 0) {
            assertTrue(number(answer, "epsilon") < 1e-9, row::toString);
          } else {
            assertFromAbove(row.get("kov_exact"), number(answer, "epsilon"), 1e-12, row);
          }
          assertEncloses(answer, row.number("kov_exact"), 1e-9, row);
        });
  }

  @Test
  void mixedCompositions_areEnclosedAndNotAboveThePeers() throws IOException {
    run(
        read("d_heterogeneous", 1),
        row ->
            "\"events\":["
                + composition(row.get("composition"))
                + "],"
                + (row.get("kind").equals("eps")
                    ? "\"delta\":" + row.get("delta")
                    : "\"epsilon\":" + row.get("eps")),
        (row, answer) -> {
          double exact = row.number("exact");
          String name = row.get("kind").equals("eps") ? "epsilon" : "delta";
          assertEncloses(answer, exact, 1e-9 * Math.max(1, exact), row);
          for (String peer : List.of("pld_pess_h1e-4", "plda", "prv_up", "rdp", "autodp")) {
            boolean sound = !row.get(peer).isEmpty() && row.number(peer) >= exact;
            assertTrue(
                !sound || number(answer, name) <= row.number(peer) * (1 + 1e-9),
                () -> answer + " above " + peer + row);
          }
        });
  }

  /** Turns 30xGauss(20)+5xLap(10) and the like into events. */
  private static String composition(String text) {
    List<String> events = new ArrayList<>();
    for (String item : text.split("\\+", -1)) {
      int times = item.indexOf('x');
      int open = item.indexOf('(');
      String count = item.substring(0, times);
      String[] p = item.substring(open + 1, item.length() - 1).split(";", -1);
      events.add(
          switch (item.substring(times + 1, open)) {
            case "Gauss" -> event("gaussian", "noiseMultiplier", p[0], "count", count);
            case "Lap" -> event("laplace", "scale", p[0], "count", count);
            case "PoisGauss" -> SAMPLED.formatted(p[0], p[1], count);
            case "PureDP" -> event("pure-dp", "epsilon", p[0], "count", count);
            case "ApproxDP" -> event("approx-dp", "epsilon", p[0], "delta", p[1], "count", count);
            default -> throw new IllegalStateException("unknown mechanism in " + text);
          });
    }
    return String.join(",", events);
  }

  @Test
  void sampledGaussianCompositions_areEnclosedTightly() throws IOException {
    sampledCompositions(STRIDE);
  }

  @Tag("nightly")
  @Test
  void sampledGaussianCompositions_areEnclosedTightlyInEveryRow() throws IOException {
    sampledCompositions(1);
  }

  private static void sampledCompositions(int stride) throws IOException {
    run(
        read("b_subsampled_gaussian_eps", stride),
        row -> "\"events\":[" + row.sampled("steps") + "],\"delta\":" + row.get("delta"),
        (row, answer) -> {
          // The references come from transforms in double precision, which shows at this delta.
          double noise = row.number("delta") < 1e-11 ? 1e-4 : 1e-6;
          double exact = row.number("eps_exact");
          assertEncloses(answer, exact, noise * exact, row);
          double upper = number(answer, "pldUpper");
          double gap = upper - number(answer, "pldLower");
          assertTrue(gap <= 1e-3 * Math.max(1, upper), () -> answer + " gap in " + row);
          assertTrue(number(answer, "epsilon") <= upper, row::toString);
        });
    run(
        read("b_subsampled_gaussian_delta", stride),
        row -> "\"events\":[" + row.sampled("steps") + "],\"epsilon\":" + row.get("eps"),
        (row, answer) -> {
          double exact = row.number("delta_exact");
          assertEncloses(answer, exact, 1e-6 * exact + 2e-15, row);
        });
  }

  private static void assertEncloses(JsonNode answer, double exact, double tolerance, Row row) {
    double lower = number(answer, "pldLower");
    double upper = number(answer, "pldUpper");
    if (Double.isInfinite(exact)) {
      assertEquals(exact, upper, row::toString);
      return;
    }
    assertTrue(
        lower <= exact + tolerance && upper >= exact - tolerance,
        () -> String.format(Locale.ROOT, "%s to %s in %s", lower, upper, row));
  }
}
