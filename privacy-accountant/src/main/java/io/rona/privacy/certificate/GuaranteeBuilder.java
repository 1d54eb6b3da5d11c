package io.rona.privacy.certificate;

import io.rona.privacy.event.DpEvent;
import io.rona.privacy.ledger.BudgetAccount;
import io.rona.privacy.ledger.VerifiedExtract;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Puts together a guarantee from a ledger extract and what the program knows about itself.
 *
 * <p>Unit, relation, number of units, budget, events and whether the run is releasable come from
 * the ledger and cannot be set. The answers to NIST SP 800-226 are written from the same facts.
 *
 * <p>Mutable; not safe for use by several threads.
 */
public final class GuaranteeBuilder {
  private static final List<String> ASSUMPTIONS =
      List.of(
          "The machine that trains and answers is the curator's; nobody else observes it while it"
              + " works.",
          "The operating system's random generator is unpredictable and its output stays secret.",
          "The privacy unit named here is the one that needs protection, and each record carries its"
              + " true unit.",
          "The public data, the configuration and everything the teachers share were chosen without"
              + " looking at the sensitive data.",
          "No other copy of the sensitive data is released under another name or outside this"
              + " ledger.");

  private final VerifiedExtract extract;
  private final String runId;
  private final LedgerSpends spends;
  private List<String> assumptions = ASSUMPTIONS;
  private @Nullable Instant issuedAt;
  private @Nullable String ronaVersion;
  private long publicSeed;
  private @Nullable Accounted accounted;
  private @Nullable Described described;
  private boolean noiseOfOthers;

  private GuaranteeBuilder(VerifiedExtract extract, String runId) {
    this.extract = extract;
    this.runId = runId;
    this.spends = LedgerSpends.of(extract, runId);
  }

  /**
   * Starts from what the ledger says.
   *
   * @param extract the extract that goes into the bundle, verified
   * @param runId the run that the bundle is about
   * @return a builder
   * @throws VerificationException if the ledger holds no release of that run
   */
  public static GuaranteeBuilder of(VerifiedExtract extract, String runId) {
    return new GuaranteeBuilder(extract, runId);
  }

  /**
   * Returns everything the run did to the sensitive data, for an accountant to look at.
   *
   * @return all its reservations that were not given back, committed or not
   */
  public DpEvent runEvent() {
    return spends.runEvent();
  }

  /**
   * Returns everything all runs did to the sensitive data, this one included.
   *
   * @return all reservations of the account that were not given back
   */
  public DpEvent totalEvent() {
    return spends.totalEvent();
  }

  /**
   * States what the accountant says about {@link #runEvent} and {@link #totalEvent}, both at the
   * budget's delta.
   *
   * @param runEpsilon epsilon of the run, an upper bound
   * @param totalEpsilon epsilon of everything, an upper bound
   * @param accountant which accountant
   * @param rdpEpsilon what the R&eacute;nyi accountant gives for the run, if it applies
   * @return this builder
   */
  public GuaranteeBuilder accounted(
      double runEpsilon, double totalEpsilon, String accountant, OptionalDouble rdpEpsilon) {
    this.accounted = new Accounted(runEpsilon, totalEpsilon, accountant, rdpEpsilon);
    return this;
  }

  /**
   * States what was done.
   *
   * @param name the mechanism in the field's words
   * @param l2Sensitivity how far one privacy unit can move one released vector, in the L2 norm
   * @param sensitivity why it can move it no further
   * @param noise how the noise is drawn
   * @return this builder
   */
  public GuaranteeBuilder mechanism(
      String name, double l2Sensitivity, String sensitivity, String noise) {
    this.described = new Described(name, l2Sensitivity, sensitivity, noise);
    return this;
  }

  /**
   * States that the noise was drawn outside of this program, which vouches neither for its
   * generator nor for its rounding.
   *
   * @return this builder
   */
  public GuaranteeBuilder noiseDrawnElsewhere() {
    this.noiseOfOthers = true;
    return this;
  }

  /**
   * States when the certificate is issued.
   *
   * @param instant the time
   * @return this builder
   */
  public GuaranteeBuilder issuedAt(Instant instant) {
    this.issuedAt = instant;
    return this;
  }

  /**
   * States the program's version, which is the accountant's too.
   *
   * @param version the version
   * @return this builder
   */
  public GuaranteeBuilder ronaVersion(String version) {
    this.ronaVersion = version;
    return this;
  }

  /**
   * States the seed of the public randomness.
   *
   * @param seed the seed
   * @return this builder
   */
  public GuaranteeBuilder publicSeed(long seed) {
    this.publicSeed = seed;
    return this;
  }

  /**
   * States what must be true outside the program, in place of the usual list.
   *
   * @param texts at least one sentence
   * @return this builder
   */
  public GuaranteeBuilder assumptions(List<String> texts) {
    this.assumptions = List.copyOf(texts);
    return this;
  }

  /**
   * States what else must be true outside the program, beside the list.
   *
   * @param more further sentences; may be none
   * @return this builder
   */
  public GuaranteeBuilder assuming(List<String> more) {
    this.assumptions = Stream.concat(assumptions.stream(), more.stream()).toList();
    return this;
  }

  /**
   * Returns the guarantee.
   *
   * @return the predicate of a certificate
   * @throws IllegalStateException if a statement is missing
   * @throws IllegalArgumentException if a value is out of range
   */
  public PrivacyGuarantee build() {
    Mechanism mechanism = required("mechanism", described).with(runEvent());
    Claim claim = claim();
    LedgerAnchor anchor = anchor();
    GuaranteeTexts texts =
        new GuaranteeTexts(claim, mechanism, anchor, spends.runCount(), noiseOfOthers);
    return new PrivacyGuarantee(
        PrivacyGuarantee.SCHEMA_VERSION,
        required("issuedAt", issuedAt).toString(),
        required("ronaVersion", ronaVersion),
        spends.releasable(),
        publicSeed,
        claim,
        mechanism,
        anchor,
        assumptions,
        GuaranteeTexts.TRUST_MODEL,
        texts.nistSp800226());
  }

  private Claim claim() {
    BudgetAccount account = extract.account();
    Accounted values = required("accounted", accounted);
    return new Claim(
        values.runEpsilon(),
        account.budget().delta(),
        account.adjacency(),
        account.privacyUnit(),
        account.declaredUnits(),
        values.accountant(),
        required("ronaVersion", ronaVersion),
        values.rdpEpsilon());
  }

  private LedgerAnchor anchor() {
    BudgetAccount account = extract.account();
    return new LedgerAnchor(
        extract.status().head().ledgerId(),
        extract.status().head().sequence(),
        extract.status().head().hash(),
        account.dataset().name(),
        runId,
        account.budget().epsilon(),
        account.budget().delta(),
        required("accounted", accounted).totalEpsilon());
  }

  private static <T> T required(String name, @Nullable T value) {
    if (value == null) {
      throw new IllegalStateException(name + " must be stated before the guarantee is built");
    }
    return value;
  }

  private record Accounted(
      double runEpsilon, double totalEpsilon, String accountant, OptionalDouble rdpEpsilon) {}

  private record Described(String name, double l2Sensitivity, String sensitivity, String noise) {
    Mechanism with(DpEvent events) {
      return new Mechanism(name, events, l2Sensitivity, sensitivity, noise);
    }
  }
}
