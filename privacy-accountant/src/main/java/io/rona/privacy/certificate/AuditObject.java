package io.rona.privacy.certificate;

import java.math.BigInteger;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** One JSON object under audit: members are asked for by name and type, and none may be left. */
final class AuditObject {
  private static final Pattern UNITS = Pattern.compile("0|[1-9][0-9]{0,399}");

  private final JsonNode node;
  private final String what;
  private final Set<String> asked = new HashSet<>();

  AuditObject(JsonNode node, String what) {
    if (!node.isObject()) {
      throw new VerificationException(what + " must be a JSON object");
    }
    this.node = node;
    this.what = what;
  }

  JsonNode member(String name) {
    asked.add(name);
    JsonNode value = node.get(name);
    if (value == null) {
      throw wrong(name, "be there");
    }
    return value;
  }

  AuditObject object(String name) {
    return new AuditObject(member(name), name + " of " + what);
  }

  String text(String name) {
    JsonNode value = member(name);
    require(value.isString(), name, "be a string");
    return value.stringValue();
  }

  String sha256(String name) {
    String value = text(name);
    require(Digests.isSha256(value), name, "be a SHA-256 in hexadecimal");
    return value;
  }

  long positive(String name) {
    JsonNode value = member(name);
    boolean integer = value.isIntegralNumber() && value.canConvertToLong();
    require(integer && value.longValue() > 0, name, "be an integer greater than 0");
    return value.longValue();
  }

  double positiveReal(String name) {
    JsonNode value = member(name);
    double real = value.isNumber() ? value.doubleValue() : Double.NaN;
    require(real > 0 && real < Double.POSITIVE_INFINITY, name, "be a number greater than 0");
    return real;
  }

  boolean flag(String name) {
    JsonNode value = member(name);
    require(value.isBoolean(), name, "be true or false");
    return value.booleanValue();
  }

  BigInteger units(String name) {
    String value = text(name);
    require(UNITS.matcher(value).matches(), name, "be a whole number of units");
    return new BigInteger(value);
  }

  void expect(String name, String value) {
    require(text(name).equals(value), name, "be " + value);
  }

  void expect(String name, long value) {
    require(positive(name) == value, name, "be " + value);
  }

  /** To be called last: no member may be left. */
  void end() {
    for (String name : node.propertyNames()) {
      if (!asked.contains(name)) {
        throw new VerificationException(what + " has an unknown member");
      }
    }
  }

  private void require(boolean good, String name, String rule) {
    if (!good) {
      throw wrong(name, rule);
    }
  }

  private VerificationException wrong(String name, String rule) {
    return new VerificationException(name + " of " + what + " must " + rule);
  }
}
