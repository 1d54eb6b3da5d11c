package io.rona.cli.report;

import io.rona.cli.report.ReportData.Accuracy;
import io.rona.cli.report.ReportData.BudgetUse;
import io.rona.cli.report.ReportData.LedgerRow;
import io.rona.cli.report.ReportData.ModelComparison;
import io.rona.cli.report.ReportData.NoiseLevel;
import io.rona.cli.report.ReportData.PlanRow;
import io.rona.privacy.accounting.GaussianDp;
import io.rona.privacy.certificate.PrivacyGuarantee;
import io.rona.privacy.certificate.VerificationKey;
import io.rona.privacy.ledger.BudgetStatus;
import io.rona.privacy.ledger.SpendRecord;
import io.rona.privacy.ledger.SpendState;
import io.rona.privacy.ledger.VerifiedExtract;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Puts a report together: guarantee, budget, curve and ledger from the certificate and the extract,
 * figures of the run from the run.
 *
 * <p>Mutable; not safe for use by several threads.
 */
public final class ReportBuilder {
  private final PrivacyGuarantee guarantee;
  private final VerifiedExtract extract;
  private final VerificationKey signer;
  private final List<Accuracy> accuracies = new ArrayList<>();
  private final List<PlanRow> plan = new ArrayList<>();
  private @Nullable String title;
  private @Nullable NoiseLevel noise;
  private @Nullable ModelComparison models;

  private ReportBuilder(
      PrivacyGuarantee guarantee, VerifiedExtract extract, VerificationKey signer) {
    this.guarantee = guarantee;
    this.extract = extract;
    this.signer = signer;
  }

  /**
   * Starts a report.
   *
   * @param guarantee what the certificate will say
   * @param extract the ledger extract that goes into the bundle
   * @param signer the public half of the key that will sign
   * @return a builder
   */
  public static ReportBuilder of(
      PrivacyGuarantee guarantee, VerifiedExtract extract, VerificationKey signer) {
    return new ReportBuilder(guarantee, extract, signer);
  }

  /**
   * Names what was made.
   *
   * @param text the title; "Student of DATASET" if none is given
   * @return this builder
   */
  public ReportBuilder title(String text) {
    this.title = text;
    return this;
  }

  /**
   * Adds the accuracy of a model that is shown for comparison.
   *
   * @param model its name
   * @param fraction between 0 and 1, measured on public evaluation data
   * @return this builder
   */
  public ReportBuilder accuracy(String model, double fraction) {
    accuracies.add(new Accuracy(model, fraction, false));
    return this;
  }

  /**
   * Adds the accuracy of the model that is released.
   *
   * @param fraction between 0 and 1, measured on public evaluation data
   * @return this builder
   */
  public ReportBuilder studentAccuracy(double fraction) {
    accuracies.add(new Accuracy("student", fraction, true));
    return this;
  }

  /**
   * States noise against signal in one answer.
   *
   * @param level the two
   * @return this builder
   */
  public ReportBuilder noise(NoiseLevel level) {
    this.noise = level;
    return this;
  }

  /**
   * Adds a line of plan against outcome.
   *
   * @param quantity what is compared
   * @param planned what was planned
   * @param actual what came out
   * @return this builder
   */
  public ReportBuilder plan(String quantity, String planned, String actual) {
    plan.add(new PlanRow(quantity, planned, actual));
    return this;
  }

  /**
   * States sizes and speeds.
   *
   * @param comparison teacher and student side by side
   * @return this builder
   */
  public ReportBuilder models(ModelComparison comparison) {
    this.models = comparison;
    return this;
  }

  /**
   * Returns the report's content.
   *
   * @return what {@link ReportHtml#render} shows
   */
  public ReportData build() {
    BudgetStatus status = extract.status();
    double spent = (status.committed() + status.outstanding()) / status.limit();
    return new ReportData(
        title == null ? "Student of " + guarantee.ledger().dataset() : title,
        guarantee,
        signer,
        new BudgetUse(spent, status.epsilonRemaining()),
        curve(),
        accuracies,
        Optional.ofNullable(noise),
        plan,
        Optional.ofNullable(models),
        extract.spends().stream().map(ReportBuilder::row).toList());
  }

  /** The curve is drawn where it is exact. */
  private Optional<PrivacyCurve> curve() {
    OptionalDouble mu = GaussianDp.muOf(guarantee.mechanism().events());
    return mu.isPresent() ? Optional.of(new PrivacyCurve(mu.getAsDouble())) : Optional.empty();
  }

  private static LedgerRow row(SpendRecord spend) {
    return new LedgerRow(
        spend.sequence(),
        spend.runId(),
        spend.purpose(),
        EventWords.of(spend.event()),
        state(spend.state()));
  }

  private static String state(SpendState state) {
    return switch (state) {
      case COMMITTED -> "released";
      case OUTSTANDING -> "reserved, counted as spent";
      case RELEASED -> "given back, nothing left the process";
    };
  }
}
