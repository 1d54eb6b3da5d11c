package io.rona.cli.budget;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** Typed access to the members of one JSON object; anything unexpected is an error. */
final class LineReader {
  private final JsonNode node;

  private LineReader(JsonNode node) {
    this.node = node;
  }

  static LineReader of(JsonNode node) {
    if (!node.isObject()) {
      throw new IllegalArgumentException("a JSON object is needed");
    }
    return new LineReader(node);
  }

  boolean has(String name) {
    return node.has(name);
  }

  JsonNode member(String name) {
    JsonNode value = node.get(name);
    if (value == null) {
      throw new IllegalArgumentException(name + " must be present");
    }
    return value;
  }

  LineReader object(String name) {
    JsonNode value = member(name);
    if (!value.isObject()) {
      throw new IllegalArgumentException(name + " must be an object");
    }
    return new LineReader(value);
  }

  List<LineReader> objects(String name) {
    List<LineReader> objects = new ArrayList<>();
    for (JsonNode element : array(name)) {
      objects.add(of(element));
    }
    return objects;
  }

  double real(String name) {
    return real(name, member(name));
  }

  double[] reals(String name) {
    JsonNode array = array(name);
    double[] values = new double[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = real(name, array.get(i));
    }
    if (values.length == 0) {
      throw new IllegalArgumentException(name + " must not be empty");
    }
    return values;
  }

  String text(String name) {
    JsonNode value = member(name);
    if (!value.isString()) {
      throw new IllegalArgumentException(name + " must be a string");
    }
    return value.stringValue();
  }

  /** Reads a whole number, also one written as 1e6 or 3.0. */
  long count(String name) {
    return count(name, member(name));
  }

  static long count(String name, JsonNode value) {
    if (value.isIntegralNumber() && value.canConvertToLong()) {
      return value.longValue();
    }
    double real = real(name, value);
    if (!(real == Math.rint(real) && Math.abs(real) <= 1L << 53)) {
      throw new IllegalArgumentException(name + " must be a whole number");
    }
    return (long) real;
  }

  void allowOnly(String... names) {
    Set<String> unknown = new TreeSet<>(node.propertyNames());
    unknown.removeAll(Set.of(names));
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException("unknown members " + unknown);
    }
  }

  private JsonNode array(String name) {
    JsonNode value = member(name);
    if (!value.isArray()) {
      throw new IllegalArgumentException(name + " must be an array");
    }
    return value;
  }

  private static double real(String name, JsonNode value) {
    if (!value.isNumber()) {
      throw new IllegalArgumentException(name + " must be a number");
    }
    return value.doubleValue();
  }
}
