package io.rona.privacy.certificate;

import io.rona.privacy.Adjacency;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * What was done to the data, read from JSON: how often each elementary release happened. The order
 * and the nesting of composition do not matter.
 *
 * <p>Gaussian releases compose exactly: \( \mu^2 = \sum_i 1/z_i^2 \) (Dong, Roth and Su, 2022,
 * corollary 3.3). A vote of one teacher moves two counts by one (squared L2 sensitivity 2) and the
 * largest count by at most one. Poisson-sampled Gaussian steps are looked at by {@link
 * SampledCurve}. Any other event is refused, never guessed.
 *
 * @param counts how often each elementary release happened
 */
record AuditedEvent(SortedMap<Release, BigInteger> counts) {
  static final AuditedEvent NONE = new AuditedEvent(new TreeMap<>());

  /** Longest product of repetitions, in bits; more could not be within any budget. */
  private static final int MAX_COUNT_BITS = 1024;

  /** Reads an event with its schema version. */
  static AuditedEvent of(JsonNode json) {
    AuditObject event = new AuditObject(json, "event");
    event.expect("schemaVersion", 1);
    return read(event);
  }

  AuditedEvent plus(AuditedEvent other) {
    SortedMap<Release, BigInteger> sum = new TreeMap<>(counts);
    other.counts.forEach((release, count) -> sum.merge(release, count, BigInteger::add));
    return new AuditedEvent(sum);
  }

  /**
   * Of the releases that sample nobody; exact but for the last of 34 digits of each kind of
   * release.
   */
  BigDecimal muSquared(Adjacency adjacency) {
    BigDecimal sum = BigDecimal.ZERO;
    for (Map.Entry<Release, BigInteger> entry : counts.entrySet()) {
      if (!entry.getKey().isSampled()) {
        sum =
            sum.add(entry.getKey().muSquared(adjacency).multiply(new BigDecimal(entry.getValue())));
      }
    }
    return sum;
  }

  /** How often each kind of sampled step happened. */
  SortedMap<Release, BigInteger> sampled(Adjacency adjacency) {
    SortedMap<Release, BigInteger> sampled = new TreeMap<>(counts);
    sampled.keySet().removeIf(release -> !release.isSampled());
    if (!sampled.isEmpty() && adjacency != Adjacency.ADD_REMOVE) {
      throw new VerificationException("this verifier knows Poisson sampling under add-remove only");
    }
    return sampled;
  }

  private static AuditedEvent read(AuditObject event) {
    String type = event.text("type");
    AuditedEvent read =
        switch (type) {
          case "composed" -> composed(event);
          case "self-composed" -> repeated(event);
          case "gaussian" -> single(type, event.positiveReal("noiseMultiplier"));
          case Release.SAMPLED ->
              single(
                  new Release(
                      type,
                      event.positiveReal("noiseMultiplier"),
                      event.positiveReal("samplingProbability")));
          case "gnmax", "confident-gnmax-threshold" ->
              single(type, event.positiveReal("noiseStdDev"));
          default ->
              throw new VerificationException(
                  "this verifier cannot recompute an event of type "
                      + Printable.of(type)
                      + ": it knows Gaussian releases, plain and sampled, and vote counts under"
                      + " add-remove");
        };
    event.end();
    return read;
  }

  private static AuditedEvent composed(AuditObject event) {
    JsonNode parts = event.member("events");
    if (!parts.isArray()) {
      throw new VerificationException("events of event must be an array");
    }
    AuditedEvent sum = NONE;
    for (JsonNode part : parts) {
      sum = sum.plus(read(new AuditObject(part, "event")));
    }
    return sum;
  }

  private static AuditedEvent repeated(AuditObject event) {
    BigInteger times = BigInteger.valueOf(event.positive("count"));
    SortedMap<Release, BigInteger> product = new TreeMap<>();
    read(event.object("event"))
        .counts
        .forEach((release, count) -> product.put(release, count.multiply(times)));
    if (product.values().stream().anyMatch(count -> count.bitLength() > MAX_COUNT_BITS)) {
      throw new VerificationException("count of event is too large");
    }
    return new AuditedEvent(product);
  }

  private static AuditedEvent single(String type, double noise) {
    return single(new Release(type, noise, 1));
  }

  private static AuditedEvent single(Release release) {
    return new AuditedEvent(new TreeMap<>(Map.of(release, BigInteger.ONE)));
  }

  /**
   * An elementary release.
   *
   * @param type its type, as events are written
   * @param noise standard deviation of its noise: over the L2 sensitivity, or in votes
   * @param sampling probability that a unit takes part, at most 1
   */
  record Release(String type, double noise, double sampling) implements Comparable<Release> {
    static final String SAMPLED = "poisson-sampled-gaussian";

    Release {
      if (!(sampling > 0 && sampling <= 1)) {
        throw new VerificationException("samplingProbability of event must be at most 1");
      }
    }

    boolean isSampled() {
      return type.equals(SAMPLED);
    }

    BigDecimal muSquared(Adjacency adjacency) {
      if (!type.equals("gaussian") && adjacency != Adjacency.ADD_REMOVE) {
        throw new VerificationException("this verifier knows vote counts under add-remove only");
      }
      BigDecimal exact = new BigDecimal(noise);
      BigDecimal squaredSensitivity = BigDecimal.valueOf(type.equals("gnmax") ? 2 : 1);
      return squaredSensitivity.divide(exact.multiply(exact), MathContext.DECIMAL128);
    }

    @Override
    public int compareTo(Release other) {
      int byType = type.compareTo(other.type);
      int byNoise = Double.compare(noise, other.noise);
      return byType != 0
          ? byType
          : byNoise != 0 ? byNoise : Double.compare(sampling, other.sampling);
    }
  }
}
