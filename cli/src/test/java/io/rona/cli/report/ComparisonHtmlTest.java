package io.rona.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.cli.report.ComparisonPage.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class ComparisonHtmlTest {
  private static final Pattern POINTS =
      Pattern.compile("<polyline class='series[^']*' points='([^']*)'");

  private static String render(List<Double> epsilons, Series... series) {
    return ComparisonHtml.render(
        new ComparisonPage("a <name>", false, epsilons, List.of(series), "what it cost"));
  }

  private static List<double[]> points(String page, int series) {
    Matcher matcher = POINTS.matcher(page);
    for (int i = 0; i <= series; i++) {
      assertTrue(matcher.find());
    }
    List<double[]> points = new ArrayList<>();
    for (String pair : matcher.group(1).strip().split(" ", -1)) {
      String[] numbers = pair.split(",", -1);
      points.add(new double[] {Double.parseDouble(numbers[0]), Double.parseDouble(numbers[1])});
    }
    return points;
  }

  /** Factors of epsilon are equally far apart; higher accuracy stands higher; nothing leaves. */
  @Test
  void render_curves_areDrawnToScaleInsideThePlot() {
    String page =
        render(
            List.of(0.5, 1.0, 2.0),
            new Series("one", List.of(0.5, 0.9, 0.98)),
            new Series("two", List.of(0.1, 1.0, Double.NaN)));
    List<double[]> first = points(page, 0);
    assertEquals(3, first.size());
    assertEquals(first.get(1)[0] - first.get(0)[0], first.get(2)[0] - first.get(1)[0], 0.2);
    assertTrue(first.get(0)[1] > first.get(1)[1] && first.get(1)[1] > first.get(2)[1]);
    // From half to a tenth of errors is as far as from a tenth to a fiftieth.
    assertEquals(first.get(0)[1] - first.get(1)[1], first.get(1)[1] - first.get(2)[1], 0.3);
    assertEquals(2, points(page, 1).size());
    for (int series = 0; series < 2; series++) {
      for (double[] point : points(page, series)) {
        assertTrue(point[0] >= 58 && point[0] <= 622 && point[1] >= 16 && point[1] <= 236);
      }
    }
    assertTrue(page.contains("a &lt;name&gt;") && !page.contains("<name>"), page);
    assertFalse(page.contains("NaN"), page);
    assertTrue(page.contains("what it cost"), page);
  }

  @Test
  void render_oneBudgetAndNoStudent_isStillAPage() {
    String page = render(List.of(1.0), new Series("none", List.of(Double.NaN)));
    assertTrue(page.contains("nothing to learn from"), page);
    assertFalse(page.contains("NaN"), page);
  }

  @Test
  void render_ablation_hasABarForEachVariant() {
    String page =
        ComparisonHtml.render(
            new ComparisonPage(
                "name",
                true,
                List.of(),
                List.of(
                    new Series("as configured", List.of(0.97)),
                    new Series("without hints", List.of(0.96))),
                "note"));
    assertEquals(2, page.split("class='bar", -1).length - 1);
    assertTrue(page.contains("97.00"), page);
  }
}
