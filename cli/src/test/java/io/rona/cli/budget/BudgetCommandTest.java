package io.rona.cli.budget;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.PrivacyParameters;
import io.rona.privacy.accounting.GaussianDp;
import io.rona.privacy.accounting.PrivacyAccounting;
import io.rona.privacy.event.PoissonSampledGaussianEvent;
import io.rona.privacy.event.SelfComposedEvent;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BudgetCommandTest {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private static JsonNode answer(String line) {
    BudgetLine.Answer answer = BudgetLine.answer(line);
    assertTrue(answer.good(), answer::json);
    return MAPPER.readTree(answer.json());
  }

  private static String error(String line) {
    BudgetLine.Answer answer = BudgetLine.answer(line);
    assertFalse(answer.good(), answer::json);
    JsonNode node = MAPPER.readTree(answer.json());
    assertEquals(2, node.size());
    return node.get("error").stringValue();
  }

  @Test
  void events_gaussian_giveTheExactEpsilonAndEveryMember() {
    JsonNode node =
        answer(
            "{\"id\":7,\"events\":[{\"type\":\"gaussian\",\"noiseMultiplier\":2.0,\"count\":4}],"
                + "\"delta\":1e-5}");
    assertEquals(7, node.get("id").intValue());
    assertEquals("gaussian-dp", node.get("accountant").stringValue());
    double exact = GaussianDp.epsilon(1, 1e-5);
    assertEquals(exact, node.get("epsilon").doubleValue(), 1e-9 * exact);
    assertTrue(node.get("rdpEpsilon").doubleValue() > exact);
    assertTrue(node.has("pldLower") && node.has("pldUpper"));
  }

  @Test
  void events_mixed_giveAnEpsilonBelowTheMomentsAccountants() {
    JsonNode node =
        answer(
            "{\"id\":\"a\",\"events\":["
                + "{\"type\":\"gaussian\",\"noiseMultiplier\":2.0,\"count\":3},"
                + "{\"type\":\"poisson-sampled-gaussian\",\"samplingProbability\":0.01,"
                + "\"noiseMultiplier\":1.1,\"count\":1000},"
                + "{\"type\":\"laplace\",\"scale\":2.0,\"count\":1},"
                + "{\"type\":\"pure-dp\",\"epsilon\":0.1,\"count\":1},"
                + "{\"type\":\"approx-dp\",\"epsilon\":0.1,\"delta\":1e-7,\"count\":1}],"
                + "\"delta\":1e-5}");
    assertEquals("a", node.get("id").stringValue());
    double epsilon = node.get("epsilon").doubleValue();
    assertTrue(epsilon > 4 && epsilon <= node.get("rdpEpsilon").doubleValue());
  }

  @Test
  void events_epsilonInPlaceOfDelta_giveDelta() {
    JsonNode node =
        answer(
            "{\"id\":1,\"events\":[{\"type\":\"gaussian\",\"noiseMultiplier\":1.0}],"
                + "\"epsilon\":1.0}");
    double exact = 0.12693673750664416;
    assertEquals(exact, node.get("delta").doubleValue(), 1e-9 * exact);
    assertFalse(node.has("epsilon"));
  }

  @Test
  void events_nonPrivate_giveInfinityAsAString() {
    JsonNode node = answer("{\"id\":1,\"events\":[{\"type\":\"non-private\"}],\"delta\":0.1}");
    assertEquals("Infinity", node.get("epsilon").stringValue());
  }

  @Test
  void events_countOne_isTheSameAsNone() {
    String event = "{\"type\":\"laplace\",\"scale\":2.0%s}";
    String line = "{\"id\":1,\"events\":[" + event + "],\"delta\":1e-5}";
    assertEquals(answer(line.formatted("")), answer(line.formatted(",\"count\":1")));
    assertEquals(
        answer(line.formatted(",\"count\":1e3")), answer(line.formatted(",\"count\":1000")));
  }

  @Test
  void rdp_orders_giveOneValueEach() {
    JsonNode node =
        answer(
            "{\"id\":1,\"rdp\":{\"event\":{\"type\":\"gaussian\",\"noiseMultiplier\":2.0},"
                + "\"orders\":[1.5,2,64]}}");
    assertEquals(3, node.get("rdp").size());
    assertEquals(8.0, node.get("rdp").get(2).doubleValue(), 1e-12);
  }

  @Test
  void rdpToDp_bothWays_followTheConversion() {
    JsonNode epsilon = answer("{\"id\":1,\"rdpToDp\":{\"order\":2,\"rdp\":1e-06,\"delta\":1e-12}}");
    assertEquals(26.244727754808657, epsilon.get("epsilon").doubleValue(), 1e-9);
    JsonNode delta = answer("{\"id\":1,\"rdpToDp\":{\"order\":1.5,\"rdp\":0.001,\"epsilon\":5}}");
    assertEquals(0.03161033191661731, delta.get("delta").doubleValue(), 1e-12);
  }

  @Test
  void gnmax_votes_giveTheDataDependentBoundAndItsDirection() {
    JsonNode node =
        answer(
            "{\"id\":1,\"gnmax\":{\"votes\":[250,0,0,0,0,0,0,0,0,0],\"noiseStdDev\":20.0,"
                + "\"orders\":[2.0]}}");
    assertEquals(7.676683874775963e-18, node.get("rdp").get(0).doubleValue(), 1e-26);
    assertTrue(node.get("direction").stringValue().contains("only"));
  }

  @Test
  void calibrate_gaussianNoise_isTheAnalyticOne() {
    JsonNode node =
        answer(
            "{\"id\":1,\"calibrate\":\"noiseMultiplier\",\"event\":{\"type\":\"gaussian\"},"
                + "\"epsilon\":1.0,\"delta\":1e-6}");
    double sigma = 4.224678889326835;
    double value = node.get("value").doubleValue();
    assertEquals(sigma, value, 1e-9 * sigma);
    assertTrue(GaussianDp.delta(1 / value, 1) <= 1e-6 * (1 + 1e-12));
  }

  @ParameterizedTest
  @ValueSource(strings = {"count", "steps", "queries"})
  void calibrate_count_isTheLargestThatFits(String name) {
    JsonNode node =
        answer(
            "{\"id\":1,\"calibrate\":\""
                + name
                + "\",\"event\":{\"type\":\"gaussian\",\"noiseMultiplier\":20.0},"
                + "\"epsilon\":1.0,\"delta\":1e-6}");
    long count = node.get("value").longValue();
    assertTrue(GaussianDp.epsilon(Math.sqrt((double) count) / 20, 1e-6) <= 1);
    assertTrue(GaussianDp.epsilon(Math.sqrt(count + 1.0) / 20, 1e-6) > 1);
  }

  @Test
  void calibrate_samplingProbability_putBackSatisfiesTheBudget() {
    JsonNode node =
        answer(
            "{\"id\":1,\"calibrate\":\"samplingProbability\",\"event\":{"
                + "\"type\":\"poisson-sampled-gaussian\",\"noiseMultiplier\":1.1,\"count\":100},"
                + "\"epsilon\":1.0,\"delta\":1e-6}");
    double value = node.get("value").doubleValue();
    SelfComposedEvent event =
        new SelfComposedEvent(new PoissonSampledGaussianEvent(value, 1.1), 100);
    assertTrue(PrivacyAccounting.satisfies(event, new PrivacyParameters(1, 1e-6)));
    SelfComposedEvent more =
        new SelfComposedEvent(new PoissonSampledGaussianEvent(value * 1.01, 1.1), 100);
    assertFalse(PrivacyAccounting.satisfies(more, new PrivacyParameters(1, 1e-6)));
  }

  @Test
  void plan_twoReleases_shareTheBudget() {
    JsonNode node =
        answer(
            "{\"id\":1,\"plan\":[{\"name\":\"a\",\"weight\":3,\"count\":100},"
                + "{\"name\":\"b\",\"weight\":1,\"count\":10}],\"epsilon\":2.0,\"delta\":1e-6}");
    assertEquals(2, node.get("releases").size());
    double epsilon = node.get("epsilon").doubleValue();
    assertTrue(epsilon <= 2 && epsilon > 1.999999);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "[]",
        "{}",
        "{\"id\":1}",
        "{\"id\":1,\"events\":[],\"delta\":1e-5}",
        "{\"id\":1,\"events\":{},\"delta\":1e-5}",
        "{\"id\":1,\"events\":[7],\"delta\":1e-5}",
        "{\"id\":1,\"events\":[{\"type\":\"gaussian\",\"noiseMultiplier\":1.0}]}",
        "{\"id\":1,\"events\":[{\"type\":\"gaussian\",\"noiseMultiplier\":1.0}],\"delta\":0}",
        "{\"id\":1,\"events\":[{\"type\":\"gaussian\",\"noiseMultiplier\":1.0}],\"delta\":1}",
        "{\"id\":1,\"events\":[{\"type\":\"gaussian\",\"noiseMultiplier\":1.0}],\"delta\":\"x\"}",
        "{\"id\":1,\"events\":[{\"type\":\"gaussian\",\"noiseMultiplier\":1.0}],\"delta\":0.1,"
            + "\"epsilon\":1}",
        "{\"id\":1,\"events\":[{\"type\":\"gaussian\",\"noiseMultiplier\":1.0}],\"delta\":0.1,"
            + "\"x\":1}",
        "{\"id\":1,\"events\":[{\"type\":\"gaussian\",\"noiseMultiplier\":NaN}],\"delta\":0.1}",
        "{\"id\":1,\"events\":[{\"type\":\"gaussian\",\"noiseMultiplier\":-1}],\"delta\":0.1}",
        "{\"id\":1,\"events\":[{\"type\":\"gaussian\",\"noiseMultiplier\":1,\"count\":0}],"
            + "\"delta\":0.1}",
        "{\"id\":1,\"events\":[{\"type\":\"gaussian\",\"noiseMultiplier\":1,\"count\":1.5}],"
            + "\"delta\":0.1}",
        "{\"id\":1,\"events\":[{\"type\":\"unsupported\",\"description\":\"x\"}],\"delta\":0.1}",
        "{\"id\":1,\"rdp\":{\"event\":{\"type\":\"gaussian\",\"noiseMultiplier\":1},"
            + "\"orders\":[0.5]}}",
        "{\"id\":1,\"rdp\":{\"event\":{\"type\":\"gaussian\",\"noiseMultiplier\":1},\"orders\":[]}}",
        "{\"id\":1,\"rdpToDp\":{\"order\":2,\"rdp\":-1e-9,\"delta\":1e-5}}",
        "{\"id\":1,\"rdpToDp\":{\"order\":2,\"rdp\":1}}",
        "{\"id\":1,\"gnmax\":{\"votes\":[1],\"noiseStdDev\":1,\"orders\":[2]}}",
        "{\"id\":1,\"calibrate\":\"noise\",\"event\":{\"type\":\"gaussian\"},\"epsilon\":1,"
            + "\"delta\":1e-5}",
        "{\"id\":1,\"calibrate\":\"noiseMultiplier\",\"event\":[],\"epsilon\":1,\"delta\":1e-5}",
        "{\"id\":1,\"calibrate\":\"noiseMultiplier\",\"event\":{\"type\":\"laplace\",\"scale\":1},"
            + "\"epsilon\":1,\"delta\":1e-5}",
        "{\"id\":1,\"plan\":[],\"epsilon\":1,\"delta\":1e-5}",
        "{\"id\":1,\"events\":[{\"type\":\"poisson-sampled-gaussian\",\"samplingProbability\":0.1,"
            + "\"noiseMultiplier\":1}],\"delta\":0.1,\"adjacency\":\"replace-one\"}",
        "{\"id\":1,\"events\":[{\"type\":\"poisson-sampled-gaussian\",\"samplingProbability\":0.1,"
            + "\"noiseMultiplier\":1},{\"type\":\"fixed-size-sampled-gaussian\","
            + "\"samplingFraction\":0.1,\"noiseMultiplier\":1}],\"delta\":0.1}",
      })
  void badLine_givesAnError(String line) {
    assertFalse(error(line).isBlank());
  }

  @Test
  void lines_badOneBetween_runGoesOnAndExitIs2() throws IOException {
    String good =
        "{\"id\":%d,\"events\":[{\"type\":\"gaussian\",\"noiseMultiplier\":2}],\"delta\":1e-5}\n";
    String text = good.formatted(1) + "{\"id\":\"bad\",\"events\":3}\n" + good.formatted(3);
    StringWriter out = new StringWriter();
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    assertEquals(2, BudgetLines.run(new ByteArrayInputStream(bytes), new PrintWriter(out)));
    List<String> answers = out.toString().lines().toList();
    assertEquals(3, answers.size());
    assertEquals("bad", MAPPER.readTree(answers.get(1)).get("id").stringValue());
    assertTrue(MAPPER.readTree(answers.get(1)).has("error"));
    assertEquals(3, MAPPER.readTree(answers.get(2)).get("id").intValue());
  }

  @Test
  void lines_oneBeyondMeasure_isRefusedAndTheNextAnswered() throws IOException {
    String good = "{\"id\":2,\"rdpToDp\":{\"order\":2,\"rdp\":1,\"delta\":0.1}}";
    String text = "[".repeat(BudgetLines.MOST_CHARACTERS + 1) + "\r\n" + good;
    StringWriter out = new StringWriter();
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    assertEquals(2, BudgetLines.run(new ByteArrayInputStream(bytes), new PrintWriter(out)));
    List<String> answers = out.toString().lines().toList();
    assertEquals(2, answers.size());
    assertTrue(answers.get(0).contains("at most"), answers.get(0));
    assertEquals(2, MAPPER.readTree(answers.get(1)).get("id").intValue());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"laplace\",\"scale\":100,\"count\":1000000000000000000}",
        "{\"type\":\"poisson-sampled-gaussian\",\"samplingProbability\":1e-300,"
            + "\"noiseMultiplier\":1e150,\"count\":1000}",
        "{\"type\":\"discrete-laplace\",\"decay\":0.1,\"sensitivity\":9223372036854775807}",
        "{\"type\":\"randomized-response\",\"truthProbability\":1e-300,\"categories\":3}",
        "{\"type\":\"gaussian\",\"noiseMultiplier\":1e-308}",
        "{\"type\":\"pure-dp\",\"epsilon\":1e300,\"count\":3}",
        "{\"type\":\"zcdp\",\"rho\":1e300,\"count\":3}",
      })
  void events_absurd_areAnsweredAndNeverTooCheap(String event) {
    JsonNode node = answer("{\"id\":1,\"events\":[" + event + "],\"delta\":1e-12}");
    JsonNode epsilon = node.get("epsilon");
    double value = epsilon.isString() ? Double.POSITIVE_INFINITY : epsilon.doubleValue();
    assertTrue(value >= 0, node::toString);
    if (node.get("pldLower").isNumber()) {
      assertTrue(value >= node.get("pldLower").doubleValue() * (1 - 1e-12), node::toString);
    }
  }

  @Test
  void events_deeplyNested_areAnError() {
    String open = "{\"type\":\"composed\",\"events\":[";
    for (int depth : new int[] {101, 1000, 100_000}) {
      String nested = open.repeat(depth) + "{\"type\":\"non-private\"}" + "]}".repeat(depth);
      assertFalse(error("{\"id\":1,\"events\":[" + nested + "],\"delta\":0.1}").isBlank());
    }
  }

  @Test
  void events_hundredsOfDifferentOnes_areAnswered() {
    StringBuilder events = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      events.append(i == 0 ? "" : ",").append("{\"type\":\"laplace\",\"scale\":");
      events.append(100 + i).append('}');
    }
    JsonNode node = answer("{\"id\":1,\"events\":[" + events + "],\"delta\":1e-6}");
    assertTrue(node.get("epsilon").doubleValue() >= node.get("pldLower").doubleValue());
    assertTrue(node.get("epsilon").doubleValue() <= node.get("rdpEpsilon").doubleValue());
  }

  private static int execute(StringWriter out, String... arguments) {
    return new CommandLine(new BudgetCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(new StringWriter()))
        .execute(arguments);
  }

  @ParameterizedTest
  @ValueSource(strings = {"compute", "calibrate", "plan"})
  void command_file_isAnsweredLineByLine(String command, @TempDir Path folder) throws IOException {
    Path file = folder.resolve("lines.jsonl");
    Files.writeString(
        file,
        "{\"id\":1,\"events\":[{\"type\":\"gaussian\",\"noiseMultiplier\":2}],\"delta\":1e-5}\n");
    StringWriter out = new StringWriter();
    assertEquals(0, execute(out, command, file.toString()));
    assertEquals(1, out.toString().lines().count());
    assertTrue(MAPPER.readTree(out.toString()).get("epsilon").doubleValue() > 0);
  }

  @Test
  void command_options_askOneQuestion() {
    StringWriter out = new StringWriter();
    String event = "{\"type\":\"gaussian\",\"noiseMultiplier\":2}";
    assertEquals(0, execute(out, "compute", "--event", event, "--delta", "1e-5"));
    assertTrue(MAPPER.readTree(out.toString()).has("epsilon"));
    StringWriter noise = new StringWriter();
    assertEquals(
        0,
        execute(
            noise,
            "calibrate",
            "--parameter",
            "noiseMultiplier",
            "--event",
            "{\"type\":\"gaussian\"}",
            "--epsilon",
            "1",
            "--delta",
            "1e-6"));
    assertTrue(MAPPER.readTree(noise.toString()).get("value").doubleValue() > 4.2246);
    StringWriter plan = new StringWriter();
    String release = "{\"name\":\"a\",\"weight\":1,\"count\":5}";
    assertEquals(
        0, execute(plan, "plan", "--release", release, "--epsilon", "1", "--delta", "1e-6"));
    assertTrue(MAPPER.readTree(plan.toString()).has("releases"));
  }

  @Test
  void command_badOptions_exitWithUsage() {
    assertEquals(2, execute(new StringWriter()));
    assertEquals(2, execute(new StringWriter(), "compute"));
    assertEquals(2, execute(new StringWriter(), "compute", "--event", "{", "--delta", "0.1"));
    assertEquals(
        2,
        execute(
            new StringWriter(), "compute", "--event", "{\"type\":\"gaussian\"}", "--delta", "0.1"));
    assertEquals(2, execute(new StringWriter(), "calibrate", "--parameter", "noiseMultiplier"));
  }
}
