package io.rona.privacy.ledger;

import io.rona.privacy.Adjacency;
import io.rona.privacy.PrivacyParameters;
import io.rona.privacy.event.DpEvent;
import io.rona.privacy.event.GaussianEvent;
import io.rona.privacy.event.SelfComposedEvent;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;

/** Accounts and requests that tests share. */
final class LedgerFixtures {
  static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-01T12:00:00Z"), ZoneOffset.UTC);
  static final String QUERY = "a".repeat(64);
  static final String OUTPUT = "b".repeat(64);
  static final String OTHER_OUTPUT = "c".repeat(64);

  /** The budget of one Gaussian release with noise multiplier about 3.73. */
  static final PrivacyParameters BUDGET = new PrivacyParameters(1, 1e-5);

  private LedgerFixtures() {}

  static BudgetAccount account(String name) {
    return account(name, digestOf(name));
  }

  static BudgetAccount account(String name, String keyedDigest) {
    SensitiveDataId id = new SensitiveDataId(name, keyedDigest);
    return new BudgetAccount(id, Adjacency.ADD_REMOVE, "record", 1000, BUDGET);
  }

  static String digestOf(String name) {
    return Digests.body("contents of " + name);
  }

  static SpendRequest request(BudgetAccount account, double noiseMultiplier, long count) {
    DpEvent event = new SelfComposedEvent(new GaussianEvent(noiseMultiplier), count);
    return request(account, event);
  }

  static SpendRequest request(BudgetAccount account, DpEvent event) {
    return new SpendRequest(account.key(), event, "run-1", "answers to a batch", QUERY);
  }
}
