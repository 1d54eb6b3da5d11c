package io.rona.privacy.certificate;

import io.rona.privacy.Adjacency;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/**
 * The sentences of a guarantee, written from its numbers.
 *
 * @param claim the numbers
 * @param mechanism what was done
 * @param ledger where it was paid for
 * @param reservations how many releases the run paid for
 * @param noiseOfOthers whether the noise was drawn outside of this program
 */
record GuaranteeTexts(
    Claim claim,
    Mechanism mechanism,
    LedgerAnchor ledger,
    int reservations,
    boolean noiseOfOthers) {
  static final String TRUST_MODEL =
      "Central: the curator who runs the program holds the sensitive data and is trusted with it."
          + " The adversary sees everything that is released, and may know all public data, the"
          + " program, its configuration and every sensitive record but those of one unit.";

  NistSp800226 nistSp800226() {
    return new NistSp800226(
        unit(),
        parameters(),
        TRUST_MODEL,
        mechanism.name() + ". " + mechanism.noise() + ".",
        sensitivity(),
        composition(),
        noise()
            + " Time, power, memory and network traffic of the"
            + " curator's machine are not covered. No accuracy, count or file name derived from the"
            + " sensitive data stands in the bundle.",
        "Records reach the curator in the clear. The guarantee begins where the program reads them"
            + " and says nothing about how they were collected, transferred or stored before.",
        "Records, teachers and raw answers stay with the curator and are in no bundle. The ledger is"
            + " a file that its owner alone can read, or a database whose roles the curator grants;"
            + " the signing key is a file that its owner alone can read, or stays in a token. Who may"
            + " run the program, and so spend the budget, is the curator's to decide.");
  }

  private String noise() {
    return noiseOfOthers
        ? "The noise was drawn by another program, before this one: this program vouches neither for"
            + " its generator nor against leaks by the low-order bits of floating-point numbers."
        : "Noise comes from a generator of NIST SP 800-90A seeded by the operating system, and each"
            + " noisy value is rounded exactly to a public grid, so that no low-order bits of"
            + " floating-point numbers leak.";
  }

  private String unit() {
    String neighbors =
        claim.adjacency() == Adjacency.ADD_REMOVE
            ? "one data set is the other with one unit added or removed"
            : "one data set is the other with one unit replaced by another";
    return String.format(
        Locale.ROOT,
        "A unit is one %s. Neighboring data sets (%s): %s. The curator declares %d units%s.",
        claim.privacyUnit(),
        claim.adjacency(),
        neighbors,
        claim.declaredUnits(),
        claim.adjacency() == Adjacency.ADD_REMOVE ? "; the true number is itself protected" : "");
  }

  private String parameters() {
    return String.format(
        Locale.ROOT,
        "This release: epsilon = %s at delta = %s, an upper bound that does not look at the data;"
            + " delta is below 1/%d. Everything released from this data set so far, this release"
            + " included: epsilon = %s at delta = %s, of a budget of epsilon = %s.",
        rounded(claim.epsilon()),
        rounded(claim.delta()),
        claim.declaredUnits(),
        rounded(ledger.totalEpsilon()),
        rounded(ledger.budgetDelta()),
        rounded(ledger.budgetEpsilon()));
  }

  private String sensitivity() {
    return String.format(
        Locale.ROOT,
        "One unit moves one released vector by at most %s in the L2 norm: %s.",
        mechanism.l2Sensitivity(),
        mechanism.sensitivity());
  }

  private String composition() {
    return String.format(
        Locale.ROOT,
        "This release was paid for by %d reservation(s) in ledger %s, composed by the accountant \"%s\". All"
            + " releases from the data set share one budget in that ledger; each is reserved before"
            + " %s and refused if the budget does not allow it, however earlier"
            + " answers were used (a privacy filter).",
        reservations,
        ledger.ledgerId().substring(0, 16),
        claim.accountant(),
        noiseOfOthers ? "its output is used" : "its noise is drawn");
  }

  /** Six digits, rounded up: a bound is never shown smaller than it is. */
  private static String rounded(double value) {
    return BigDecimal.valueOf(value)
        .round(new MathContext(6, RoundingMode.UP))
        .stripTrailingZeros()
        .toString();
  }
}
