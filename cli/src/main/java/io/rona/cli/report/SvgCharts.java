package io.rona.cli.report;

import io.rona.cli.report.ReportData.Accuracy;
import io.rona.cli.report.ReportData.NoiseLevel;
import java.util.List;
import java.util.Locale;

/** Drawings in the page itself: lines, bars and words, no scripts. */
final class SvgCharts {
  private static final int WIDTH = 640;
  private static final int LEFT = 58;
  private static final int RIGHT = 18;
  private static final int TOP = 16;
  private static final int PLOT_HEIGHT = 220;
  private static final int BAR_HEIGHT = 26;
  private static final int BAR_STEP = 42;
  private static final int BAR_LEFT = 196;
  private static final int BAR_RIGHT = 76;
  private static final int DECADES = 12;
  private static final int LEGEND_STEP = 20;

  /** Lines that the style tells apart. */
  private static final int SERIES_KINDS = 7;

  /** Fewer errors than these are drawn as these. */
  private static final double LEAST_ERROR = 0.002;

  private static final double[] ERROR_TICKS = {0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 0.9};

  private SvgCharts() {}

  /** Delta over epsilon, delta in powers of ten, with the claimed point marked. */
  static String curve(PrivacyCurve curve, double epsilon, double delta) {
    List<PrivacyCurve.Point> points = curve.points();
    double end = Math.max(points.get(points.size() - 1).epsilon(), epsilon * 1.1);
    StringBuilder svg = open(TOP + PLOT_HEIGHT + 46, "Privacy curve: delta for every epsilon");
    for (int decade = 0; decade <= DECADES; decade += 3) {
      double y = y(Math.pow(10, -decade));
      add(
          svg,
          "<line class='grid' x1='%d' x2='%d' y1='%.1f' y2='%.1f'/>",
          LEFT,
          WIDTH - RIGHT,
          y,
          y);
      add(svg, "<text class='tick end' x='%d' y='%.1f'>%s</text>", LEFT - 8, y + 4, power(decade));
    }
    double step = niceStep(end);
    for (double tick = 0; tick <= end; tick += step) {
      double x = x(tick, end);
      add(
          svg,
          "<text class='tick mid' x='%.1f' y='%d'>%s</text>",
          x,
          TOP + PLOT_HEIGHT + 18,
          tick(tick));
    }
    svg.append("<polyline class='line' points='");
    points.forEach(p -> add(svg, "%.1f,%.1f ", x(p.epsilon(), end), y(p.delta())));
    svg.append("'/>");
    marker(svg, x(epsilon, end), y(delta), Html.bound(epsilon) + ", " + Html.probability(delta));
    add(
        svg,
        "<text class='axis mid' x='%d' y='%d'>epsilon</text>",
        (LEFT + WIDTH - RIGHT) / 2,
        TOP + PLOT_HEIGHT + 40);
    add(svg, "<text class='axis' x='4' y='%d'>delta</text>", TOP - 4);
    return svg.append("</svg>").toString();
  }

  /** One bar a model, from 0 to all. */
  static String accuracies(List<Accuracy> accuracies) {
    StringBuilder svg =
        open(TOP + accuracies.size() * BAR_STEP, "Accuracy on public evaluation data");
    int y = TOP / 2;
    for (Accuracy accuracy : accuracies) {
      double width = (WIDTH - BAR_LEFT - BAR_RIGHT) * accuracy.fraction();
      label(svg, y, accuracy.model());
      bar(svg, y, width, accuracy.student() ? "bar strong" : "bar");
      value(svg, y, width, Html.percent(accuracy.fraction(), 2));
      y += BAR_STEP;
    }
    return svg.append("</svg>").toString();
  }

  /**
   * One line a method: accuracy over epsilon. Epsilon is drawn in powers of two and the share of
   * errors in powers of ten, so that 98% and 99% lie as far apart as 80% and 90%.
   */
  static String comparison(ComparisonPage data) {
    double lowest = Math.log10(LEAST_ERROR);
    double highest = Math.log10(largestError(data));
    StringBuilder svg =
        open(
            TOP + PLOT_HEIGHT + 46 + data.series().size() * LEGEND_STEP,
            "Accuracy of the student for every budget");
    for (double error : ERROR_TICKS) {
      if (Math.log10(error) <= highest) {
        accuracyTick(svg, error, errorHeight(error, lowest, highest));
      }
    }
    for (double epsilon : data.epsilons()) {
      add(
          svg,
          "<text class='tick mid' x='%.1f' y='%d'>%s</text>",
          budgetX(epsilon, data.epsilons()),
          TOP + PLOT_HEIGHT + 18,
          tick(epsilon));
    }
    add(
        svg,
        "<text class='axis mid' x='%d' y='%d'>epsilon</text>",
        (LEFT + WIDTH - RIGHT) / 2,
        TOP + PLOT_HEIGHT + 38);
    for (int i = 0; i < data.series().size(); i++) {
      series(svg, data, i, lowest, highest);
    }
    return svg.append("</svg>").toString();
  }

  private static double largestError(ComparisonPage data) {
    double error = 2 * LEAST_ERROR;
    for (ComparisonPage.Series series : data.series()) {
      for (double accuracy : series.accuracies()) {
        error = Double.isNaN(accuracy) ? error : Math.max(error, 1 - accuracy);
      }
    }
    return Math.min(1, 1.2 * error);
  }

  private static void accuracyTick(StringBuilder svg, double error, double y) {
    add(svg, "<line class='grid' x1='%d' x2='%d' y1='%.1f' y2='%.1f'/>", LEFT, WIDTH - RIGHT, y, y);
    add(
        svg,
        "<text class='tick end' x='%d' y='%.1f'>%s%%</text>",
        LEFT - 8,
        y + 4,
        tick(100 * (1 - error)));
  }

  private static void series(
      StringBuilder svg, ComparisonPage data, int index, double lowest, double highest) {
    ComparisonPage.Series series = data.series().get(index);
    String kind = "series s" + index % SERIES_KINDS;
    StringBuilder line = new StringBuilder();
    StringBuilder dots = new StringBuilder();
    for (int i = 0; i < data.epsilons().size(); i++) {
      double accuracy = series.accuracies().get(i);
      if (!Double.isNaN(accuracy)) {
        double x = budgetX(data.epsilons().get(i), data.epsilons());
        double y = errorHeight(1 - accuracy, lowest, highest);
        add(line, "%.1f,%.1f ", x, y);
        add(dots, "<circle class='%s dot' cx='%.1f' cy='%.1f' r='3'/>", kind, x, y);
      }
    }
    add(svg, "<polyline class='%s' points='%s'/>%s", kind, line, dots);
    int y = TOP + PLOT_HEIGHT + 56 + index * LEGEND_STEP;
    add(svg, "<line class='%s' x1='%d' x2='%d' y1='%d' y2='%d'/>", kind, LEFT, LEFT + 34, y, y);
    add(
        svg,
        "<text class='label' x='%d' y='%d'>%s%s</text>",
        LEFT + 44,
        y + 4,
        Html.escape(series.name()),
        line.isEmpty() ? ": nothing to learn from" : "");
  }

  /** Equal steps for equal factors; in the middle if there is one budget. */
  private static double budgetX(double epsilon, List<Double> epsilons) {
    double first = Math.log(epsilons.get(0));
    double last = Math.log(epsilons.get(epsilons.size() - 1));
    double place = last == first ? 0.5 : (Math.log(epsilon) - first) / (last - first);
    return LEFT + 20 + (WIDTH - RIGHT - LEFT - 40) * place;
  }

  private static double errorHeight(double error, double lowest, double highest) {
    double log = Math.log10(Math.max(LEAST_ERROR, error));
    return TOP + PLOT_HEIGHT * (log - lowest) / (highest - lowest);
  }

  /** The noise's standard deviation beside the signal it may hide. */
  static String noise(NoiseLevel noise) {
    double longest = Math.max(noise.noiseStdDev(), noise.signal());
    double scale = (WIDTH - BAR_LEFT - BAR_RIGHT) / longest;
    StringBuilder svg = open(TOP + 2 * BAR_STEP, "Noise against signal in one coordinate");
    label(svg, TOP / 2, "signal");
    bar(svg, TOP / 2, noise.signal() * scale, "bar strong");
    value(svg, TOP / 2, noise.signal() * scale, Html.decimal(noise.signal(), 3));
    int y = TOP / 2 + BAR_STEP;
    label(svg, y, "noise (std. dev.)");
    bar(svg, y, noise.noiseStdDev() * scale, "bar noise");
    value(svg, y, noise.noiseStdDev() * scale, Html.decimal(noise.noiseStdDev(), 3));
    return svg.append("</svg>").toString();
  }

  /** What is spent of a budget, as one bar. */
  static String budget(double spentFraction) {
    double fraction = Math.max(0, Math.min(1, spentFraction));
    StringBuilder svg = open(24, "Budget spent");
    add(svg, "<rect class='track' x='0' y='4' width='%d' height='14' rx='3'/>", WIDTH);
    add(
        svg,
        "<rect class='bar strong' x='0' y='4' width='%.1f' height='14' rx='3'/>",
        WIDTH * fraction);
    return svg.append("</svg>").toString();
  }

  private static StringBuilder open(int height, String title) {
    StringBuilder svg = new StringBuilder();
    add(
        svg,
        "<svg viewBox='0 0 %d %d' role='img' aria-label='%s'><title>%s</title>",
        WIDTH,
        height,
        Html.escape(title),
        Html.escape(title));
    return svg;
  }

  private static void marker(StringBuilder svg, double x, double y, String text) {
    // The curve falls: above it on the right there is room, below it on the left.
    boolean right = x < WIDTH * 0.7;
    add(
        svg,
        "<line class='guide' x1='%.1f' x2='%.1f' y1='%.1f' y2='%d'/>",
        x,
        x,
        y,
        TOP + PLOT_HEIGHT);
    add(svg, "<line class='guide' x1='%d' x2='%.1f' y1='%.1f' y2='%.1f'/>", LEFT, x, y, y);
    add(svg, "<circle class='point' cx='%.1f' cy='%.1f' r='5'/>", x, y);
    add(
        svg,
        "<text class='note %s' x='%.1f' y='%.1f'>claimed: %s</text>",
        right ? "" : "end",
        right ? x + 12 : x - 12,
        right ? y - 8 : y + 20,
        Html.escape(text));
  }

  private static void label(StringBuilder svg, int y, String text) {
    add(
        svg,
        "<text class='label end' x='%d' y='%d'>%s</text>",
        BAR_LEFT - 12,
        y + 18,
        Html.escape(text));
  }

  private static void bar(StringBuilder svg, int y, double width, String kind) {
    add(
        svg,
        "<rect class='%s' x='%d' y='%d' width='%.1f' height='%d' rx='2'/>",
        kind,
        BAR_LEFT,
        y,
        Math.max(1, width),
        BAR_HEIGHT);
  }

  private static void value(StringBuilder svg, int y, double width, String text) {
    add(
        svg,
        "<text class='value' x='%.1f' y='%d'>%s</text>",
        BAR_LEFT + width + 8,
        y + 18,
        Html.escape(text));
  }

  private static double x(double epsilon, double end) {
    return LEFT + (WIDTH - RIGHT - LEFT) * epsilon / end;
  }

  private static double y(double delta) {
    double depth = Math.min(DECADES, Math.max(0, -Math.log10(delta)));
    return TOP + PLOT_HEIGHT * depth / DECADES;
  }

  private static double niceStep(double end) {
    double rough = end / 6;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    for (double multiple : new double[] {1, 2, 5}) {
      if (multiple * power >= rough) {
        return multiple * power;
      }
    }
    return 10 * power;
  }

  private static String tick(double value) {
    String text = String.format(Locale.ROOT, "%.3f", value);
    return text.replaceAll("0+$", "").replaceAll("\\.$", "");
  }

  private static String power(int decade) {
    return decade == 0 ? "1" : Html.probability(Math.pow(10, -decade));
  }

  private static void add(StringBuilder svg, String format, Object... arguments) {
    svg.append(String.format(Locale.ROOT, format, arguments));
  }
}
