package io.rona.cli.plan;

import io.rona.cli.config.Decimals;
import io.rona.cli.config.TeachersConfig;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Plans as text for people and as JSON. */
public final class PlanText {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private PlanText() {}

  /**
   * Writes a plan for people.
   *
   * @param plan the plan
   * @return several lines
   */
  public static String forPeople(Plan plan) {
    StringBuilder out = new StringBuilder();
    row(out, "Guarantee", "epsilon %s at delta %s", digits(plan.epsilon()), digits(plan.delta()));
    row(out, "", "%s adjacency, unit: %s", plan.adjacency(), plan.privacyUnit());
    row(out, "", "epsilon by the moments accountant: %s", digits(plan.rdpEpsilon()));
    plan.outlook().ifPresentOrElse(outlook -> ensemble(out, plan, outlook), () -> model(out, plan));
    for (Advice advice : plan.advice()) {
      boolean warning = advice.level() == Advice.Level.WARNING;
      row(out, warning ? "WARNING" : "Note", "%s", advice.text());
    }
    return out.toString();
  }

  private static void ensemble(StringBuilder out, Plan plan, Plan.Outlook outlook) {
    row(
        out,
        "Teachers",
        "%d, about %s units each",
        plan.teachers(),
        digits(plan.unitsPerTeacher()));
    release(out, "Targets", "answer", "an answer of size 1", plan.targets());
    plan.otherMode().ifPresent(other -> otherMode(out, plan, other));
    plan.hints().ifPresent(hints -> release(out, "Hints", "answer", "the clip norm", hints));
    plan.test()
        .ifPresent(
            test -> {
              release(out, "Test", "largest vote share", "a share of all teachers", test);
              row(out, "", "targets get less noise where fewer queries pass the test");
            });
    row(
        out,
        "One answer",
        "right arg-max %s of the time where all teachers agree, %s where half do",
        percent(outlook.survivalUnanimous()),
        percent(outlook.survivalHalf()));
    row(
        out,
        "All answers",
        "tell as much as %s answers with noise as large as the signal",
        digits(outlook.equivalentAnswers()));
  }

  private static void otherMode(StringBuilder out, Plan plan, Plan.OtherMode other) {
    row(
        out,
        "",
        "the same budget with release %s: %d answers, noise %s, %s times this",
        other.release(),
        other.answers(),
        digits(other.noiseStdDev()),
        digits(other.noiseStdDev() / plan.targets().noiseStdDev()));
  }

  private static void model(StringBuilder out, Plan plan) {
    boolean network = plan.kind().equals(TeachersConfig.DP_SGD);
    boolean brought = plan.kind().equals(TeachersConfig.MODELS);
    double part = plan.targets().samplingProbability();
    row(
        out,
        "Teacher",
        brought
            ? "a model that was trained elsewhere by all units together, as declared"
            : network
                ? "a network taught by all units together with DP-SGD"
                : "a private head on public features, taught by all units together");
    release(
        out,
        "Steps",
        "gradient over the clip norm",
        part < 1 ? "the units expected in a step" : "the declared units",
        plan.targets());
    if (network || brought) {
      row(
          out,
          "",
          part < 1 ? "a unit takes part in a step with probability %s" : "all units take part%s",
          part < 1 ? digits(part) : "");
    }
    if (network) {
      row(out, "", "paid for in %d blocks", plan.targets().blocks());
    }
    row(
        out,
        "Answers",
        "free of cost for every public example: the %s itself is %s",
        brought ? "model" : network ? "network" : "head",
        brought ? "paid for" : "released");
  }

  private static void release(
      StringBuilder out, String name, String what, String signal, PlannedRelease release) {
    row(out, name, "%d, noise multiplier %s", release.answers(), digits(release.noiseMultiplier()));
    row(out, "", "L2 sensitivity of one %s: %s", what, digits(release.l2Sensitivity()));
    row(
        out,
        "",
        "noise on each coordinate: %s, which is %s times %s",
        digits(release.noiseStdDev()),
        digits(release.noiseToSignal()),
        signal);
  }

  private static void row(StringBuilder out, String label, String format, Object... values) {
    out.append(String.format(Locale.ROOT, "%-12s", label));
    out.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private static String digits(double value) {
    return Double.isFinite(value)
        ? Decimals.shortest(Double.parseDouble(String.format(Locale.ROOT, "%.3e", value)))
        : "infinity";
  }

  private static String percent(double value) {
    return String.format(Locale.ROOT, "%.0f%%", 100 * value);
  }

  /**
   * Writes a plan as JSON.
   *
   * @param plan the plan
   * @return one object and a line break; numbers in full
   */
  public static String json(Plan plan) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("epsilon", plan.epsilon());
    tree.put("delta", plan.delta());
    tree.put("rdpEpsilon", plan.rdpEpsilon());
    tree.put("mu", plan.mu());
    tree.put("adjacency", plan.adjacency().label());
    tree.put("privacyUnit", plan.privacyUnit());
    tree.put("units", plan.units());
    tree.put("kind", plan.kind());
    tree.put("teachers", plan.teachers());
    tree.put("unitsPerTeacher", plan.unitsPerTeacher());
    tree.put("targets", plan.targets());
    plan.hints().ifPresent(hints -> tree.put("hints", hints));
    plan.test().ifPresent(test -> tree.put("test", test));
    plan.otherMode().ifPresent(other -> tree.put("otherMode", other));
    plan.outlook().ifPresent(outlook -> tree.put("outlook", outlook));
    tree.put("advice", plan.advice().stream().map(PlanText::tree).toList());
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(tree) + "\n";
  }

  private static Map<String, String> tree(Advice advice) {
    Map<String, String> tree = new LinkedHashMap<>();
    tree.put("level", advice.level().name().toLowerCase(Locale.ROOT));
    tree.put("text", advice.text());
    return tree;
  }
}
