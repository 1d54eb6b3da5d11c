package io.rona.cli.report;

import io.rona.cli.report.ReportData.Latency;
import io.rona.cli.report.ReportData.LedgerRow;
import io.rona.cli.report.ReportData.ModelComparison;
import io.rona.cli.report.ReportData.NoiseLevel;
import io.rona.cli.report.ReportData.PlanRow;
import io.rona.cli.report.ReportData.StudentFile;
import io.rona.privacy.Adjacency;
import io.rona.privacy.certificate.Claim;
import io.rona.privacy.certificate.LedgerAnchor;
import io.rona.privacy.certificate.PrivacyGuarantee;
import java.util.List;

/**
 * Writes the public report: one HTML page that needs no network, no script and no second file, and
 * prints on paper.
 *
 * <p>All text is escaped; the page forbids scripts and foreign resources by its own policy.
 */
public final class ReportHtml {
  private final ReportData data;
  private final PrivacyGuarantee guarantee;
  private final Claim claim;
  private final LedgerAnchor ledger;
  private final StringBuilder page = new StringBuilder(1 << 15);

  private ReportHtml(ReportData data) {
    this.data = data;
    this.guarantee = data.guarantee();
    this.claim = guarantee.claim();
    this.ledger = guarantee.ledger();
  }

  /**
   * Writes the page.
   *
   * @param data what it shows
   * @return a whole HTML document; the same data gives the same text
   */
  public static String render(ReportData data) {
    return new ReportHtml(data).render();
  }

  private String render() {
    head();
    summary();
    budget();
    protection();
    accuracy();
    plan();
    models();
    mechanism();
    nist();
    assumptions();
    ledgerTable();
    howToVerify();
    page.append("</main></body></html>\n");
    return page.toString();
  }

  private void head() {
    page.append(
        PageHead.of(
            "Privacy report: " + data.title(),
            data.title(),
            List.of(
                "Public report",
                guarantee.issuedAt().substring(0, 10),
                "rona " + guarantee.ronaVersion())));
    if (!guarantee.releasable()) {
      page.append("<p class='alarm'><strong>Not releasable.</strong> The noise of this run came ")
          .append("from a seeded source. Whoever knows the seed can take the noise off: the ")
          .append("guarantee below does not hold, and nothing of this run may leave its curator.")
          .append("</p>");
    }
  }

  private void summary() {
    String change =
        claim.adjacency() == Adjacency.ADD_REMOVE
            ? "Whether any one %s took part or not"
            : "If any one %s had been another";
    paragraph(
        "lead",
        String.format(
            "This model learned from sensitive data through noised vectors alone. "
                + change
                + ", the probability of anything one can observe changes by a factor of at most"
                + " %s, plus at most %s.",
            Html.escape(claim.privacyUnit()),
            factor(claim.epsilon()),
            Html.probability(claim.delta())));
    page.append("<dl class='figures'>");
    figure("epsilon", Html.bound(claim.epsilon()), "upper bound");
    figure(
        "delta",
        Html.probability(claim.delta()),
        "less than 1/" + Html.count(claim.declaredUnits()));
    figure("privacy unit", claim.privacyUnit(), Html.count(claim.declaredUnits()) + " declared");
    figure("neighbors", claim.adjacency().label(), neighbors());
    page.append("</dl>");
  }

  /** The factor itself while a reader can picture it, rounded up; else as a power. */
  private static String factor(double epsilon) {
    String power = "e<sup>" + Html.bound(epsilon) + "</sup>";
    double factor = Math.ceil(Math.exp(epsilon) * 10) / 10;
    return epsilon <= 5 ? Html.decimal(factor, 1) + " (" + power + ")" : power;
  }

  private String neighbors() {
    return claim.adjacency() == Adjacency.ADD_REMOVE
        ? "one unit more or less"
        : "one unit exchanged";
  }

  private void budget() {
    section("Budget of the data set");
    page.append(SvgCharts.budget(data.budget().spentFraction()));
    paragraph(
        "",
        String.format(
            "All releases from <em>%s</em> so far, this one included: epsilon %s of %s, at delta %s."
                + " In the unit in which releases add up (the squared \u03bc of Gaussian differential"
                + " privacy), %s of the budget is spent; a release that took all the rest would"
                + " have epsilon %s by itself.",
            Html.escape(ledger.dataset()),
            Html.bound(ledger.totalEpsilon()),
            Html.bound(ledger.budgetEpsilon()),
            Html.probability(ledger.budgetDelta()),
            Html.percent(upPercent(data.budget().spentFraction()), 1),
            Html.decimal(data.budget().epsilonRemaining(), 2)));
    endSection();
  }

  private void protection() {
    if (data.curve().isEmpty()) {
      return;
    }
    PrivacyCurve curve = data.curve().get();
    section("What an attacker can learn");
    paragraph(
        "",
        String.format(
            "An attacker who knows everything but %s, and for whom both are equally likely, is right"
                + " at most <strong>%s</strong> of the time. Tossing a coin gives 50\u00a0%%. This"
                + " bounds every attack on this release, known or not.",
            secret(), Html.percent(upPercent(curve.attackerAccuracy()), 1)));
    page.append("<figure>")
        .append(SvgCharts.curve(curve, claim.epsilon(), claim.delta()))
        .append("<figcaption>The release satisfies every pair on or above the curve, not only the ")
        .append("claimed one.</figcaption></figure>");
    endSection();
  }

  private String secret() {
    String unit = Html.escape(claim.privacyUnit());
    return claim.adjacency() == Adjacency.ADD_REMOVE
        ? "whether one " + unit + " was used"
        : "which of two values one " + unit + " had";
  }

  /** A fraction rounded up to a tenth of a percent: a bound is never shown smaller than it is. */
  private static double upPercent(double fraction) {
    return Math.min(1, Math.ceil(fraction * 1000) / 1000);
  }

  private void accuracy() {
    if (data.accuracies().isEmpty() && data.noise().isEmpty()) {
      return;
    }
    section("What the model can do");
    if (!data.accuracies().isEmpty()) {
      page.append("<figure>")
          .append(SvgCharts.accuracies(data.accuracies()))
          .append("<figcaption>Accuracy, measured on public evaluation data only.</figcaption>")
          .append("</figure>");
    }
    data.noise().ifPresent(this::noise);
    endSection();
  }

  private void noise(NoiseLevel noise) {
    page.append("<figure>")
        .append(SvgCharts.noise(noise))
        .append("<figcaption>One coordinate of one of ")
        .append(Html.count(noise.answers()))
        .append(" noised vectors. Signal: ")
        .append(Html.escape(noise.meaning()))
        .append(".</figcaption></figure>");
  }

  private void plan() {
    if (data.plan().isEmpty()) {
      return;
    }
    section("Planned and actual");
    page.append("<table><thead><tr><th></th><th>planned</th><th>actual</th></tr></thead><tbody>");
    for (PlanRow row : data.plan()) {
      row(row.quantity(), row.planned(), row.actual());
    }
    page.append("</tbody></table>");
    endSection();
  }

  private void models() {
    data.models().ifPresent(this::models);
  }

  private void models(ModelComparison models) {
    section("Size and speed");
    page.append(
        "<table><thead><tr><th></th><th>one teacher</th><th>student</th></tr></thead><tbody>");
    row(
        "parameters",
        Html.count(models.teacherParameters()),
        Html.count(models.studentParameters()));
    row(
        "bytes of the weights",
        Html.count(Float.BYTES * models.teacherParameters()),
        Html.count(Float.BYTES * models.studentParameters()));
    for (Latency latency : models.latencies()) {
      row(
          "milliseconds, batch of " + latency.batch(),
          Html.decimal(latency.teacherMillis(), 3),
          Html.decimal(latency.studentMillis(), 3));
    }
    page.append("</tbody></table>");
    paragraph("note", sizeInWords(models.compressionRatio()) + " Times are medians on one engine.");
    studentFiles(models.files());
    endSection();
  }

  private void studentFiles(List<StudentFile> files) {
    if (files.isEmpty()) {
      return;
    }
    page.append("<table><thead><tr>");
    for (String head :
        List.of("file", "bytes", "names the student's class", "milliseconds, batch of 1")) {
      page.append("<th>").append(Html.escape(head)).append("</th>");
    }
    page.append("</tr></thead><tbody>");
    for (StudentFile file : files) {
      row(
          file.name(),
          Html.count(file.bytes()),
          Html.percent(file.agreement(), 2),
          Html.decimal(file.millis(), 3));
    }
    page.append("</tbody></table>");
    paragraph("note", "Run by ONNX Runtime on one thread; the rest on the engine of the training.");
  }

  private static String sizeInWords(double ratio) {
    return ratio >= 1
        ? "The student is " + Html.decimal(ratio, 1) + " times smaller than one teacher."
        : "One teacher alone is smaller than the student, which stands in for all of them.";
  }

  private void mechanism() {
    section("How the number comes about");
    page.append("<dl class='terms'>");
    term("Mechanism", guarantee.mechanism().name());
    term("Sensitivity", guarantee.mechanism().sensitivity());
    term("Noise", guarantee.mechanism().noise());
    term("Accountant", claim.accountant() + ", version " + claim.accountantVersion());
    term("Exact epsilon", Double.toString(claim.epsilon()));
    claim
        .rdpEpsilon()
        .ifPresent(
            rdp ->
                term(
                    "For comparison",
                    "the R\u00e9nyi (moments) accountant gives epsilon " + Html.bound(rdp)));
    page.append("</dl>");
    endSection();
  }

  private void nist() {
    section("The claim, item by item");
    paragraph(
        "note",
        "After NIST SP 800-226, Guidelines for Evaluating Differential Privacy Guarantees (2025).");
    page.append("<dl class='terms'>");
    guarantee.nistSp800226().items().forEach(this::term);
    page.append("</dl>");
    endSection();
  }

  private void assumptions() {
    section("What must be true for it to hold");
    page.append("<ul>");
    guarantee
        .assumptions()
        .forEach(text -> page.append("<li>").append(Html.escape(text)).append("</li>"));
    page.append("</ul>");
    endSection();
  }

  private void ledgerTable() {
    section("Ledger of the data set");
    page.append("<table class='ledger'><thead><tr><th>entry</th><th>run</th><th>purpose</th>")
        .append("<th>what was done</th><th>state</th></tr></thead><tbody>");
    for (LedgerRow row : data.ledger()) {
      page.append("<tr><td>").append(row.entry()).append("</td>");
      for (String text : List.of(row.runId(), row.purpose(), row.event(), row.state())) {
        page.append("<td>").append(Html.escape(text)).append("</td>");
      }
      page.append("</tr>");
    }
    page.append("</tbody></table>");
    page.append("<dl class='terms'>");
    code("Ledger", ledger.ledgerId());
    code("Head, entry " + ledger.sequence(), ledger.headHash());
    page.append("</dl>");
    endSection();
  }

  private void howToVerify() {
    section("How to check this report");
    paragraph(
        "",
        "This page is one file of a signed bundle. The command below checks every file, the"
            + " signature and the ledger, and computes epsilon again by another method. It needs no"
            + " network. Get the public key from the curator by another way than this bundle.");
    page.append("<pre>rona verify BUNDLE --key CURATOR.pub.pem</pre><dl class='terms'>");
    code("Signing key (" + data.signer().algorithm() + ")", data.signer().keyId());
    page.append("</dl>");
    endSection();
  }

  private void section(String title) {
    page.append("<section><h2>").append(Html.escape(title)).append("</h2>");
  }

  private void endSection() {
    page.append("</section>");
  }

  /** The text is HTML already. */
  private void paragraph(String kind, String html) {
    page.append(kind.isEmpty() ? "<p>" : "<p class='" + kind + "'>").append(html).append("</p>");
  }

  private void figure(String name, String value, String note) {
    page.append("<div><dt>")
        .append(Html.escape(name))
        .append("</dt><dd>")
        .append(Html.escape(value))
        .append("</dd><dd class='note'>")
        .append(Html.escape(note))
        .append("</dd></div>");
  }

  private void term(String name, String text) {
    page.append("<dt>")
        .append(Html.escape(name))
        .append("</dt><dd>")
        .append(Html.escape(text))
        .append("</dd>");
  }

  private void code(String name, String text) {
    page.append("<dt>")
        .append(Html.escape(name))
        .append("</dt><dd><code>")
        .append(Html.escape(text))
        .append("</code></dd>");
  }

  private void row(String name, String... cells) {
    page.append("<tr><th scope='row'>").append(Html.escape(name)).append("</th>");
    for (String cell : cells) {
      page.append("<td>").append(Html.escape(cell)).append("</td>");
    }
    page.append("</tr>");
  }
}
