package io.rona.privacy.ledger;

import java.math.BigInteger;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.io.NumberOutput;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One JSON object, read strictly: each member once, of the right type, and no other members. */
final class StrictJson {
  private static final Pattern UNITS = Pattern.compile("0|[1-9][0-9]{0,399}");

  private final JsonNode node;
  private final Set<String> used = new LinkedHashSet<>();

  private StrictJson(JsonNode node) {
    this.node = node;
  }

  /** A mapper that refuses what is longer or deeper than the bounds, and repeated members. */
  static JsonMapper mapper(long maxLength, int maxDepth) {
    StreamReadConstraints constraints =
        StreamReadConstraints.builder()
            .maxDocumentLength(maxLength)
            .maxNestingDepth(maxDepth)
            .maxNameLength(64)
            .maxNumberLength(64)
            .maxStringLength(2 * LedgerEntry.MAX_BODY_LENGTH)
            .build();
    JsonFactory factory = JsonFactory.builder().streamReadConstraints(constraints).build();
    return JsonMapper.builder(factory)
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
        .build();
  }

  static StrictJson parse(JsonMapper mapper, String json) {
    try {
      return of(mapper.readTree(json));
    } catch (JacksonException e) {
      throw new IllegalArgumentException("not JSON within bounds: " + e.getOriginalMessage(), e);
    }
  }

  static StrictJson of(JsonNode node) {
    if (!node.isObject()) {
      throw new IllegalArgumentException("a JSON object is expected");
    }
    return new StrictJson(node);
  }

  /** The shortest decimal form, the same on every Java version. */
  static String real(double value) {
    return NumberOutput.toString(value, true);
  }

  boolean has(String name) {
    return node.has(name);
  }

  JsonNode member(String name) {
    used.add(name);
    JsonNode value = node.get(name);
    if (value == null) {
      throw new IllegalArgumentException("member " + name + " is missing");
    }
    return value;
  }

  String text(String name) {
    JsonNode value = member(name);
    require(value.isString(), name, "a string");
    return value.stringValue();
  }

  long integer(String name) {
    JsonNode value = member(name);
    require(value.isIntegralNumber() && value.canConvertToLong(), name, "an integer of 64 bits");
    return value.longValue();
  }

  double real(String name) {
    JsonNode value = member(name);
    require(value.isNumber(), name, "a number");
    return value.doubleValue();
  }

  boolean flag(String name) {
    JsonNode value = member(name);
    require(value.isBoolean(), name, "true or false");
    return value.booleanValue();
  }

  BigInteger units(String name) {
    String value = text(name);
    require(UNITS.matcher(value).matches(), name, "a whole number of units");
    return new BigInteger(value);
  }

  /** To be called last: no member may be left. */
  void end() {
    for (String name : node.propertyNames()) {
      if (!used.contains(name)) {
        throw new IllegalArgumentException("there is an unknown member");
      }
    }
  }

  private static void require(boolean good, String name, String rule) {
    if (!good) {
      throw new IllegalArgumentException("member " + name + " must be " + rule);
    }
  }
}
