package io.rona.cli.report;

import io.rona.cli.config.Decimals;
import io.rona.cli.report.ComparisonPage.Series;
import java.util.List;

/** A comparison as one page that needs nothing else: a plot, a table, what it cost. */
public final class ComparisonHtml {
  private ComparisonHtml() {}

  /**
   * Writes the page.
   *
   * @param data what it shows
   * @return HTML text
   */
  public static String render(ComparisonPage data) {
    StringBuilder page = new StringBuilder();
    page.append(PageHead.of("Comparison: " + data.title(), List.of("Internal", "not for release")));
    page.append("<section><h2>Accuracy of the student on the evaluation data</h2><figure>")
        .append(data.ablation() ? bars(data) : SvgCharts.comparison(data))
        .append("</figure>");
    table(page, data);
    page.append("<p class='note'>").append(Html.escape(data.note())).append("</p></section>");
    return page.append("</main></body></html>\n").toString();
  }

  private static String bars(ComparisonPage data) {
    List<ReportData.Accuracy> accuracies =
        data.series().stream()
            .filter(series -> !Double.isNaN(series.accuracies().get(0)))
            .map(
                series ->
                    new ReportData.Accuracy(
                        series.name(),
                        series.accuracies().get(0),
                        series.equals(data.series().get(0))))
            .toList();
    return SvgCharts.accuracies(accuracies);
  }

  private static void table(StringBuilder page, ComparisonPage data) {
    page.append("<table><thead><tr><th>")
        .append(data.ablation() ? "variant" : "epsilon")
        .append("</th>");
    if (data.ablation()) {
      page.append("<th>accuracy</th>");
    }
    for (double epsilon : data.epsilons()) {
      page.append("<th>").append(Decimals.shortest(epsilon)).append("</th>");
    }
    page.append("</tr></thead><tbody>");
    for (Series series : data.series()) {
      page.append("<tr><th scope='row'>").append(Html.escape(series.name())).append("</th>");
      for (double accuracy : series.accuracies()) {
        page.append("<td>")
            .append(Double.isNaN(accuracy) ? "\u2013" : Html.percent(accuracy, 2))
            .append("</td>");
      }
      page.append("</tr>");
    }
    page.append("</tbody></table>");
  }
}
