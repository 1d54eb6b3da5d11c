package io.rona.privacy.certificate;

import io.rona.privacy.Adjacency;
import io.rona.privacy.certificate.AuditedSpend.State;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Follows the entries of one data set: every reservation was affordable, every sum is right, and
 * each reservation is settled once at most.
 *
 * <p>Costs and limits are recomputed here, from \( 1/z^2 \) in exact decimals and from the
 * numerical integral of the privacy loss; the ledger that made the entries uses other code. What
 * sampled steps were charged is held against an estimate ({@link SampledCharge}).
 */
final class AccountAudit {
  private static final BigDecimal UNITS_PER_ONE = new BigDecimal(BigInteger.ONE.shiftLeft(128));

  /** How far, relatively, a recorded cost may be below the recomputed one, or a limit above. */
  private static final BigDecimal TOLERANCE = new BigDecimal("1e-9");

  /** The same for the charge of sampled steps, which is estimated. */
  private static final BigDecimal ESTIMATE_ERROR = new BigDecimal("0.01");

  private final String genesis;
  private final Map<String, AuditedSpend> spends = new LinkedHashMap<>();
  private final Map<SortedMap<AuditedEvent.Release, BigInteger>, Double> charges = new HashMap<>();
  private @Nullable AuditedTerms terms;
  private BigInteger limit = BigInteger.ZERO;
  private BigInteger committed = BigInteger.ZERO;
  private BigInteger outstanding = BigInteger.ZERO;
  private String lastHash;
  private long entries;
  private boolean closed;

  AccountAudit(String genesis) {
    this.genesis = genesis;
    this.lastHash = genesis;
  }

  void follow(String json, String hash) {
    AuditObject body = new AuditObject(StrictJson.tree(json, "body"), "body");
    entries++;
    body.expect("version", 1);
    body.text("at");
    body.expect("accountSequence", entries);
    body.expect("accountPrevious", entries == 1 ? genesis : lastHash);
    String kind = body.text("kind");
    require(
        (entries == 1) == kind.equals("register"), "the data set is registered first, and once");
    switch (kind) {
      case "register" -> register(body);
      case "reserve" -> reserve(body);
      case "commit" -> commit(body);
      case "release" -> giveBack(body);
      case "close" -> close(body);
      default -> throw new VerificationException("kind of body must be known");
    }
    require(body.units("committed").equals(committed), "its committed sum must be " + committed);
    require(
        body.units("outstanding").equals(outstanding),
        "its outstanding sum must be " + outstanding);
    body.end();
    lastHash = hash;
  }

  long entries() {
    return entries;
  }

  AuditedTerms terms() {
    if (terms == null) {
      throw new VerificationException("the extract holds no entry of its data set");
    }
    return terms;
  }

  List<AuditedSpend> spends() {
    return List.copyOf(spends.values());
  }

  private void register(AuditObject body) {
    AuditedTerms registered =
        new AuditedTerms(
            body.text("dataset"),
            body.sha256("keyedDigest"),
            Adjacency.ofLabel(body.text("adjacency")),
            body.text("privacyUnit"),
            body.positive("declaredUnits"),
            body.positiveReal("epsilon"),
            body.positiveReal("delta"));
    body.expect("filter", "gaussian");
    limit = body.units("limit");
    require(withinBudget(registered), "its limit is above the budget");
    terms = registered;
  }

  /** Whoever spends up to the limit, which is in \( \mu^2 \), stays within the budget. */
  private boolean withinBudget(AuditedTerms registered) {
    BigDecimal muSquared =
        new BigDecimal(limit)
            .multiply(BigDecimal.ONE.subtract(TOLERANCE))
            .divide(UNITS_PER_ONE, MathContext.DECIMAL128);
    double mu = Math.sqrt(muSquared.doubleValue());
    return mu == 0 || GaussianQuadrature.delta(mu, registered.epsilon()) <= registered.delta();
  }

  private void reserve(AuditObject body) {
    String id = body.text("reservation");
    AuditedEvent event = AuditedEvent.of(body.member("event"));
    BigInteger cost = body.units("cost");
    BigDecimal least = units(least(event));
    require(!closed, "the account was closed before it");
    require(!spends.containsKey(id), "its reservation was made before");
    require(cost.signum() > 0 && new BigDecimal(cost).compareTo(least) >= 0, "its cost is too low");
    outstanding = outstanding.add(cost);
    require(committed.add(outstanding).compareTo(limit) <= 0, "it exceeds the budget");
    body.text("purpose");
    body.sha256("queryDigest");
    spends.put(
        id,
        new AuditedSpend(
            body.text("runId"), body.flag("releasable"), event, cost, State.OUTSTANDING));
  }

  /** The least \( \mu^2 \) that a reservation must cost, up to the error of the arithmetic. */
  private BigDecimal least(AuditedEvent event) {
    BigDecimal plain =
        event.muSquared(terms().adjacency()).multiply(BigDecimal.ONE.subtract(TOLERANCE));
    SortedMap<AuditedEvent.Release, BigInteger> sampled = event.sampled(terms().adjacency());
    if (sampled.isEmpty()) {
      return plain;
    }
    double charge = charges.computeIfAbsent(sampled, steps -> charge().least(steps));
    return plain.add(new BigDecimal(charge).multiply(BigDecimal.ONE.subtract(ESTIMATE_ERROR)));
  }

  private SampledCharge charge() {
    double muSquared =
        new BigDecimal(limit).divide(UNITS_PER_ONE, MathContext.DECIMAL128).doubleValue();
    return new SampledCharge(muSquared, terms().epsilon(), terms().delta());
  }

  private void commit(AuditObject body) {
    AuditedSpend spend = settle(body.text("reservation"), State.COMMITTED);
    body.sha256("outputDigest");
    require(body.flag("releasable") == spend.releasable(), "its noise is of another kind");
    committed = committed.add(spend.cost());
  }

  private void giveBack(AuditObject body) {
    settle(body.text("reservation"), State.GIVEN_BACK);
    body.text("reason");
  }

  private void close(AuditObject body) {
    require(!closed, "the account was closed before it");
    body.text("reason");
    closed = true;
  }

  private AuditedSpend settle(String id, State state) {
    AuditedSpend spend = spends.get(id);
    if (spend == null || spend.state() != State.OUTSTANDING) {
      throw new VerificationException("its reservation is not outstanding");
    }
    outstanding = outstanding.subtract(spend.cost());
    spends.put(id, spend.in(state));
    return spend;
  }

  private static BigDecimal units(BigDecimal value) {
    return value.multiply(UNITS_PER_ONE);
  }

  private static void require(boolean good, String rule) {
    if (!good) {
      throw new VerificationException(rule);
    }
  }
}
