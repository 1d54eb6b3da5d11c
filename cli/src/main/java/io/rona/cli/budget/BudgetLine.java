package io.rona.cli.budget;

import io.rona.privacy.Adjacency;
import io.rona.privacy.PrivacyParameters;
import io.rona.privacy.accounting.BudgetPlan;
import io.rona.privacy.accounting.DeltaResult;
import io.rona.privacy.accounting.EpsilonResult;
import io.rona.privacy.accounting.EventAdjacency;
import io.rona.privacy.accounting.GnMax;
import io.rona.privacy.accounting.PrivacyAccounting;
import io.rona.privacy.accounting.RenyiAccountant;
import io.rona.privacy.accounting.RenyiConversion;
import io.rona.privacy.accounting.UnsupportedEventException;
import io.rona.privacy.event.DpEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Answers one line of the JSON Lines mode.
 *
 * <p>The line is an object with an {@code id} and exactly one of {@code events}, {@code rdp},
 * {@code calibrate}, {@code rdpToDp}, {@code gnmax} and {@code plan}; see docs/budget.md for each.
 * The answer repeats the id. A number that is infinite is written as the string {@code "Infinity"},
 * which JSON has no number for. A line that cannot be answered gives {@code {"id","error"}}.
 */
final class BudgetLine {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final List<String> QUESTIONS =
      List.of("events", "rdp", "calibrate", "rdpToDp", "gnmax", "plan");

  private BudgetLine() {}

  /**
   * An answer.
   *
   * @param json one line of JSON
   * @param good whether the line could be answered
   */
  record Answer(String json, boolean good) {}

  /** Answers one line; never throws for what the line says. */
  static Answer answer(String line) {
    ObjectNode reply = NODES.objectNode();
    reply.putNull("id");
    try {
      JsonNode node = parse(line);
      JsonNode id = node.get("id");
      if (id != null) {
        reply.set("id", id);
      }
      answer(LineReader.of(node), reply);
      return new Answer(MAPPER.writeValueAsString(reply), true);
    } catch (IllegalArgumentException | ArithmeticException | UnsupportedEventException e) {
      return failed(reply.get("id"), String.valueOf(e.getMessage()));
    }
  }

  /** Answers a line that is not even read. */
  static Answer refused(String message) {
    return failed(NODES.nullNode(), message);
  }

  private static Answer failed(JsonNode id, String message) {
    ObjectNode failure = NODES.objectNode();
    failure.set("id", id);
    failure.put("error", message);
    return new Answer(MAPPER.writeValueAsString(failure), false);
  }

  private static JsonNode parse(String line) {
    try {
      JsonNode node = MAPPER.readTree(line);
      if (!node.isObject()) {
        throw new IllegalArgumentException("a line must be a JSON object");
      }
      return node;
    } catch (JacksonException e) {
      throw new IllegalArgumentException("a line must be JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static void answer(LineReader line, ObjectNode reply) {
    List<String> asked = QUESTIONS.stream().filter(line::has).toList();
    if (asked.size() != 1) {
      throw new IllegalArgumentException(
          "a line must ask exactly one of " + QUESTIONS + ", but asks " + asked);
    }
    switch (asked.get(0)) {
      case "events" -> compute(line, reply);
      case "rdp" -> rdp(line, reply);
      case "calibrate" -> calibrate(line, reply);
      case "rdpToDp" -> convert(line, reply);
      case "gnmax" -> gnmax(line, reply);
      default -> plan(line, reply);
    }
  }

  private static void compute(LineReader line, ObjectNode reply) {
    line.allowOnly("id", "events", "delta", "epsilon", "adjacency");
    DpEvent event = LineEvents.composition(line.member("events"));
    if (line.has("adjacency")) {
      EventAdjacency.require(event, Adjacency.ofLabel(line.text("adjacency")));
    }
    if (line.has("delta") == line.has("epsilon")) {
      throw new IllegalArgumentException("a line must give either delta or epsilon");
    }
    if (line.has("delta")) {
      put(reply, PrivacyAccounting.epsilon(event, line.real("delta")));
    } else {
      put(reply, PrivacyAccounting.delta(event, line.real("epsilon")));
    }
  }

  private static void put(ObjectNode reply, EpsilonResult result) {
    put(reply, "epsilon", result.epsilon());
    reply.put("accountant", result.accountant());
    put(reply, "rdpEpsilon", result.rdpEpsilon());
    put(reply, "pldLower", result.pldLower());
    put(reply, "pldUpper", result.pldUpper());
  }

  private static void put(ObjectNode reply, DeltaResult result) {
    put(reply, "delta", result.delta());
    reply.put("accountant", result.accountant());
    put(reply, "rdpDelta", result.rdpDelta());
    put(reply, "pldLower", result.pldLower());
    put(reply, "pldUpper", result.pldUpper());
  }

  private static void rdp(LineReader line, ObjectNode reply) {
    line.allowOnly("id", "rdp");
    LineReader question = line.object("rdp");
    question.allowOnly("event", "orders");
    DpEvent event = LineEvents.event(question.member("event"));
    ArrayNode values = NODES.arrayNode();
    for (double order : question.reals("orders")) {
      add(values, RenyiAccountant.rdp(event, order));
    }
    reply.set("rdp", values);
  }

  private static void calibrate(LineReader line, ObjectNode reply) {
    line.allowOnly("id", "calibrate", "event", "epsilon", "delta");
    PrivacyParameters budget = new PrivacyParameters(line.real("epsilon"), line.real("delta"));
    LineCalibration calibration =
        new LineCalibration(line.text("calibrate"), line.member("event"), budget);
    if (calibration.isCount()) {
      reply.put("value", calibration.count());
    } else {
      put(reply, "value", calibration.value());
    }
  }

  private static void convert(LineReader line, ObjectNode reply) {
    line.allowOnly("id", "rdpToDp");
    LineReader question = line.object("rdpToDp");
    question.allowOnly("order", "rdp", "delta", "epsilon");
    if (question.has("delta") == question.has("epsilon")) {
      throw new IllegalArgumentException("rdpToDp must give either delta or epsilon");
    }
    double order = question.real("order");
    double rdp = question.real("rdp");
    if (question.has("delta")) {
      put(reply, "epsilon", RenyiConversion.epsilon(order, rdp, question.real("delta")));
    } else {
      put(reply, "delta", RenyiConversion.delta(order, rdp, question.real("epsilon")));
    }
  }

  private static void gnmax(LineReader line, ObjectNode reply) {
    line.allowOnly("id", "gnmax");
    LineReader question = line.object("gnmax");
    question.allowOnly("votes", "noiseStdDev", "orders");
    GnMax mechanism = GnMax.of(question.real("noiseStdDev"));
    double[] votes = question.reals("votes");
    ArrayNode values = NODES.arrayNode();
    for (double order : question.reals("orders")) {
      add(values, mechanism.dataDependentRdp(votes, order));
    }
    reply.set("rdp", values);
    reply.put("direction", "from these votes to their neighbors only; sensitive");
  }

  private static void plan(LineReader line, ObjectNode reply) {
    line.allowOnly("id", "plan", "epsilon", "delta");
    PrivacyParameters budget = new PrivacyParameters(line.real("epsilon"), line.real("delta"));
    List<BudgetPlan.Request> requests = new ArrayList<>();
    for (LineReader request : line.objects("plan")) {
      request.allowOnly("name", "weight", "count");
      requests.add(
          new BudgetPlan.Request(
              request.text("name"), request.real("weight"), request.count("count")));
    }
    BudgetPlan plan = BudgetPlan.of(budget, requests);
    ArrayNode releases = NODES.arrayNode();
    for (BudgetPlan.PlannedRelease release : plan.releases()) {
      ObjectNode node = releases.addObject();
      node.put("name", release.name());
      node.put("count", release.count());
      put(node, "noiseMultiplier", release.noiseMultiplier());
    }
    reply.set("releases", releases);
    put(reply, "epsilon", PrivacyAccounting.epsilon(plan.event(), budget.delta()).epsilon());
  }

  private static void put(ObjectNode node, String name, OptionalDouble value) {
    if (value.isPresent()) {
      put(node, name, value.getAsDouble());
    } else {
      node.putNull(name);
    }
  }

  private static void put(ObjectNode node, String name, double value) {
    node.set(name, number(value));
  }

  private static void add(ArrayNode node, double value) {
    node.add(number(value));
  }

  private static JsonNode number(double value) {
    return Double.isFinite(value)
        ? NODES.numberNode(value)
        : NODES.stringNode(Double.toString(value));
  }
}
