package io.rona.privacy.event;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.io.NumberOutput;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Events as JSON and back.
 *
 * <p>The text is canonical: one line without spaces, members in a fixed order, each number in the
 * shortest form that reads back to the same value, so the same event gives the same bytes. The
 * outermost object carries {@code "schemaVersion":1}. What was written once is read for ever: a
 * member is never removed nor given a new meaning, a changed mechanism is a new type. Reading is
 * strict: unknown, repeated and missing members, other schema versions and text after the object
 * are errors.
 *
 * <p>Thread-safe.
 */
public final class DpEventJson {
  private static final int SCHEMA_VERSION = 1;
  private static final int MAX_DEPTH = 100;
  private static final String TYPE = "type";
  private static final String VERSION = "schemaVersion";
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private DpEventJson() {}

  /**
   * Writes an event.
   *
   * @param event the event
   * @return one line of canonical JSON
   */
  public static String write(DpEvent event) {
    return "{\"" + VERSION + "\":" + SCHEMA_VERSION + "," + event.accept(new Writer()).substring(1);
  }

  /**
   * Reads an event that {@link #write} wrote, in this version or an earlier one.
   *
   * @param json the text
   * @return the event
   * @throws IllegalArgumentException if the text is not such an event
   */
  public static DpEvent read(String json) {
    JsonNode node = parse(json);
    JsonNode version = node.get(VERSION);
    if (version == null || !version.isInt() || version.intValue() != SCHEMA_VERSION) {
      throw new IllegalArgumentException(VERSION + " must be " + SCHEMA_VERSION);
    }
    return readObject(node, Set.of(VERSION), 0);
  }

  /**
   * Reads the object of one event, which carries no schema version.
   *
   * @param node an object such as {@code {"type":"gaussian","noiseMultiplier":2.0}}
   * @return the event
   * @throws IllegalArgumentException if the node is not an event
   */
  public static DpEvent read(JsonNode node) {
    return readObject(node, Set.of(), 0);
  }

  private static JsonNode parse(String json) {
    try {
      return MAPPER.readTree(json);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("event must be JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static DpEvent readObject(JsonNode node, Set<String> alsoAllowed, int depth) {
    if (depth > MAX_DEPTH) {
      throw new IllegalArgumentException("event must not nest deeper than " + MAX_DEPTH);
    }
    if (!node.isObject()) {
      throw new IllegalArgumentException("event must be a JSON object");
    }
    Members members = new Members(node, depth);
    DpEvent event = members.toEvent();
    Set<String> unknown = new TreeSet<>(node.propertyNames());
    unknown.removeAll(members.used);
    unknown.removeAll(alsoAllowed);
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException("event has unknown members " + unknown);
    }
    return event;
  }

  /** The members of one object, which remembers those asked for. */
  private static final class Members {
    private final JsonNode node;
    private final int depth;
    private final Set<String> used = new TreeSet<>();

    Members(JsonNode node, int depth) {
      this.node = node;
      this.depth = depth;
    }

    DpEvent toEvent() {
      String type = text(TYPE);
      return switch (type) {
        case "gaussian" -> new GaussianEvent(real("noiseMultiplier"));
        case "discrete-gaussian" ->
            new DiscreteGaussianEvent(real("sigma"), integer("sensitivity"));
        case "laplace" -> new LaplaceEvent(real("scale"));
        case "discrete-laplace" -> new DiscreteLaplaceEvent(real("decay"), integer("sensitivity"));
        case "randomized-response" ->
            new RandomizedResponseEvent(real("truthProbability"), smallInteger("categories"));
        case "exponential-mechanism" -> new ExponentialMechanismEvent(real("epsilon"));
        case "pure-dp" -> new PureDpEvent(real("epsilon"));
        case "approx-dp" -> new ApproxDpEvent(real("epsilon"), real("delta"));
        case "zcdp" -> new ZeroConcentratedDpEvent(real("rho"));
        case "gnmax" -> new GnMaxEvent(real("noiseStdDev"));
        case "confident-gnmax-threshold" -> new ConfidentGnMaxThresholdEvent(real("noiseStdDev"));
        case "non-private" -> new NonPrivateEvent();
        case "unsupported" -> new UnsupportedEvent(text("description"));
        default -> toSampledOrComposed(type);
      };
    }

    private DpEvent toSampledOrComposed(String type) {
      return switch (type) {
        case "poisson-sampled-gaussian" ->
            new PoissonSampledGaussianEvent(real("samplingProbability"), real("noiseMultiplier"));
        case "poisson-sampled-laplace" ->
            new PoissonSampledLaplaceEvent(real("samplingProbability"), real("scale"));
        case "fixed-size-sampled-gaussian" ->
            new FixedSizeSampledGaussianEvent(real("samplingFraction"), real("noiseMultiplier"));
        case "composed" -> new ComposedEvent(events("events"));
        case "self-composed" ->
            new SelfComposedEvent(
                readObject(member("event"), Set.of(), depth + 1), integer("count"));
        default -> throw new IllegalArgumentException("event type must be known, but is " + type);
      };
    }

    private JsonNode member(String name) {
      used.add(name);
      JsonNode value = node.get(name);
      if (value == null) {
        throw new IllegalArgumentException("event must have a member " + name);
      }
      return value;
    }

    private double real(String name) {
      JsonNode value = member(name);
      if (!value.isNumber()) {
        throw new IllegalArgumentException(name + " must be a number");
      }
      return value.doubleValue();
    }

    private long integer(String name) {
      JsonNode value = member(name);
      if (!value.isIntegralNumber() || !value.canConvertToLong()) {
        throw new IllegalArgumentException(name + " must be an integer");
      }
      return value.longValue();
    }

    private int smallInteger(String name) {
      long value = integer(name);
      if (value != (int) value) {
        throw new IllegalArgumentException(name + " must be an integer of 32 bits");
      }
      return (int) value;
    }

    private String text(String name) {
      JsonNode value = member(name);
      if (!value.isString()) {
        throw new IllegalArgumentException(name + " must be a string");
      }
      return value.stringValue();
    }

    private List<DpEvent> events(String name) {
      JsonNode value = member(name);
      if (!value.isArray()) {
        throw new IllegalArgumentException(name + " must be an array");
      }
      List<DpEvent> events = new ArrayList<>();
      for (JsonNode element : value) {
        events.add(readObject(element, Set.of(), depth + 1));
      }
      return events;
    }
  }

  /** Writes the object of each event. */
  private static final class Writer implements DpEventVisitor<String> {
    private static String object(String type, String... members) {
      StringBuilder text = new StringBuilder("{\"type\":\"").append(type).append('"');
      for (String member : members) {
        text.append(',').append(member);
      }
      return text.append('}').toString();
    }

    private static String real(String name, double value) {
      // Double.toString differs between JDK 17 and 19 for some values; this is always the shortest.
      return raw(name, NumberOutput.toString(value, true));
    }

    private static String integer(String name, long value) {
      return raw(name, Long.toString(value));
    }

    private static String raw(String name, String value) {
      return "\"" + name + "\":" + value;
    }

    @Override
    public String visit(GaussianEvent event) {
      return object("gaussian", real("noiseMultiplier", event.noiseMultiplier()));
    }

    @Override
    public String visit(DiscreteGaussianEvent event) {
      return object(
          "discrete-gaussian",
          real("sigma", event.sigma()),
          integer("sensitivity", event.sensitivity()));
    }

    @Override
    public String visit(LaplaceEvent event) {
      return object("laplace", real("scale", event.scale()));
    }

    @Override
    public String visit(DiscreteLaplaceEvent event) {
      return object(
          "discrete-laplace",
          real("decay", event.decay()),
          integer("sensitivity", event.sensitivity()));
    }

    @Override
    public String visit(RandomizedResponseEvent event) {
      return object(
          "randomized-response",
          real("truthProbability", event.truthProbability()),
          integer("categories", event.categories()));
    }

    @Override
    public String visit(ExponentialMechanismEvent event) {
      return object("exponential-mechanism", real("epsilon", event.epsilon()));
    }

    @Override
    public String visit(PureDpEvent event) {
      return object("pure-dp", real("epsilon", event.epsilon()));
    }

    @Override
    public String visit(ApproxDpEvent event) {
      return object("approx-dp", real("epsilon", event.epsilon()), real("delta", event.delta()));
    }

    @Override
    public String visit(ZeroConcentratedDpEvent event) {
      return object("zcdp", real("rho", event.rho()));
    }

    @Override
    public String visit(PoissonSampledGaussianEvent event) {
      return object(
          "poisson-sampled-gaussian",
          real("samplingProbability", event.samplingProbability()),
          real("noiseMultiplier", event.noiseMultiplier()));
    }

    @Override
    public String visit(PoissonSampledLaplaceEvent event) {
      return object(
          "poisson-sampled-laplace",
          real("samplingProbability", event.samplingProbability()),
          real("scale", event.scale()));
    }

    @Override
    public String visit(FixedSizeSampledGaussianEvent event) {
      return object(
          "fixed-size-sampled-gaussian",
          real("samplingFraction", event.samplingFraction()),
          real("noiseMultiplier", event.noiseMultiplier()));
    }

    @Override
    public String visit(GnMaxEvent event) {
      return object("gnmax", real("noiseStdDev", event.noiseStdDev()));
    }

    @Override
    public String visit(ConfidentGnMaxThresholdEvent event) {
      return object("confident-gnmax-threshold", real("noiseStdDev", event.noiseStdDev()));
    }

    @Override
    public String visit(ComposedEvent event) {
      StringBuilder list = new StringBuilder("[");
      for (DpEvent part : event.events()) {
        list.append(list.length() > 1 ? "," : "").append(part.accept(this));
      }
      return object("composed", raw("events", list.append(']').toString()));
    }

    @Override
    public String visit(SelfComposedEvent event) {
      return object(
          "self-composed",
          integer("count", event.count()),
          raw("event", event.event().accept(this)));
    }

    @Override
    public String visit(NonPrivateEvent event) {
      return object("non-private");
    }

    @Override
    public String visit(UnsupportedEvent event) {
      String quoted = JsonNodeFactory.instance.stringNode(event.description()).toString();
      return object("unsupported", raw("description", quoted));
    }
  }
}
