package io.rona.cli.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.cli.config.ConfigReader;
import io.rona.cli.config.RunConfig;
import io.rona.privacy.PrivacyParameters;
import io.rona.privacy.accounting.GaussianDp;
import io.rona.privacy.accounting.PrivacyFilter;
import io.rona.privacy.accounting.RenyiAccountant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class PlannerTest {
  private static final String YAML =
      """
      version: 1
      data:
        sensitive: {id: mnist, format: idx, images: a, labels: b, classes: 10, units: 60000}
        public: {format: idx, images: c, rows: 0..9000}
        evaluation: {format: idx, images: c, labels: d, rows: 9000..end}
      privacy: {epsilon: 2, delta: 1e-5, ledger: run}
      teachers: {count: 500}
      queries: {count: 3000}
      """;

  private static Plan plan(String... overrides) {
    return Planner.plan(config(overrides));
  }

  private static RunConfig config(String... overrides) {
    return ConfigReader.read("run.yaml", YAML, List.of(overrides));
  }

  private static boolean warns(Plan plan, String text) {
    return plan.advice().stream()
        .anyMatch(a -> a.level() == Advice.Level.WARNING && a.text().contains(text));
  }

  @Test
  void plan_targetsOnly_spendsTheBudgetAndNotMore() {
    Plan plan = plan();
    assertTrue(plan.epsilon() <= 2, "epsilon " + plan.epsilon());
    assertEquals(2, plan.epsilon(), 1e-6);
    assertTrue(plan.rdpEpsilon() > plan.epsilon());
    double mu = GaussianDp.muFor(new PrivacyParameters(2, 1e-5));
    // z = sqrt(m)/mu and s = z sqrt(2)/k; rounded up by a relative 1e-9.
    assertEquals(Math.sqrt(3000) / mu, plan.targets().noiseMultiplier(), 1e-6);
    assertEquals(Math.sqrt(2) / 500, plan.targets().l2Sensitivity(), 1e-18);
    assertEquals(Math.sqrt(6000) / mu / 500, plan.targets().noiseStdDev(), 1e-8);
    assertEquals(plan.targets().noiseStdDev(), plan.targets().noiseToSignal());
    assertEquals(120, plan.unitsPerTeacher());
  }

  /** The figures of the specification for 100 hints at epsilon 2: 40 clip norms, or 0.16. */
  @ParameterizedTest
  @CsvSource({"1, 40, 1", "250, 0.16, 0.01"})
  void plan_hundredClippedAnswers_needPublishedNoise(int teachers, double expected, double tol) {
    Plan plan =
        plan(
            "teachers.count=" + teachers,
            "queries.count=100",
            "teachers.hint.clipNorm=3",
            "teachers.hint.budgetShare=0.9999");
    assertEquals(expected, plan.hints().orElseThrow().noiseToSignal(), tol);
  }

  @Test
  void plan_oneTeacher_saysItBuysNothing() {
    Plan plan = plan("teachers.count=1", "queries.count=100");
    assertTrue(warns(plan, "one teacher buys nothing"), plan.advice().toString());
    assertTrue(plan.outlook().orElseThrow().survivalUnanimous() < 0.15);
  }

  @Test
  void plan_fewTeachers_namesHowManyWouldDo() {
    Plan plan = plan("teachers.count=10");
    assertTrue(warns(plan, "too little for 10 classes"), plan.advice().toString());
    int needed =
        IntStream.range(11, 500)
            .filter(k -> !warns(plan("teachers.count=" + k), "too little"))
            .findFirst()
            .orElseThrow();
    assertTrue(warns(plan, "at least " + needed + " teachers"), plan.advice().toString());
  }

  @Test
  void plan_goodSettings_warnsOfNothing() {
    Plan plan = plan();
    assertTrue(
        plan.advice().stream().noneMatch(a -> a.level() == Advice.Level.WARNING),
        plan.advice().toString());
  }

  @Test
  void plan_otherTroubles_areSaid() {
    assertTrue(warns(plan("teachers.count=6000"), "too few to teach"));
    assertTrue(
        warns(plan("privacy.budget.epsilon=1", "privacy.budget.delta=1e-5"), "will refuse it"));
  }

  @Test
  void plan_chosenClasses_costWhatVotesDo() {
    Plan votes = plan();
    Plan classes = plan("queries.release=gnmax");
    assertEquals(votes.targets(), classes.targets());
    assertEquals(votes.epsilon(), classes.epsilon());
    assertTrue(
        classes.advice().stream().anyMatch(a -> a.text().contains("only the class")),
        classes.advice().toString());
  }

  /** Asking every query in each of four epochs takes twice the noise for the same budget. */
  @Test
  void plan_stepByStep_andAnsweredOnce_showEachOther() {
    String epochs = "student.distillation.epochs=4";
    Plan once = plan(epochs);
    Plan steps = plan("queries.release=per-step", epochs);
    assertEquals(12_000, steps.targets().answers());
    assertEquals(2, steps.epsilon(), 1e-6);
    assertTrue(steps.epsilon() <= 2);
    assertEquals(2 * once.targets().noiseStdDev(), steps.targets().noiseStdDev(), 1e-9);
    Plan.OtherMode other = once.otherMode().orElseThrow();
    assertEquals("per-step", other.release());
    assertEquals(12_000, other.answers());
    assertEquals(steps.targets().noiseStdDev(), other.noiseStdDev(), 1e-9);
    assertEquals(once.targets().noiseStdDev(), steps.otherMode().orElseThrow().noiseStdDev(), 1e-9);
    assertTrue(
        PlanText.forPeople(steps).contains("the same budget with release answers: 3000"),
        PlanText.forPeople(steps));
  }

  /** The test has its own share and half the squared sensitivity; together they spend it all. */
  @Test
  void plan_confidentClasses_paysTheTestForEveryQuery() {
    Plan plan = plan("queries.release=confident-gnmax", "queries.testShare=0.2");
    assertEquals(2, plan.epsilon(), 1e-6);
    assertTrue(plan.epsilon() <= 2);
    double mu = GaussianDp.muFor(new PrivacyParameters(2, 1e-5));
    PlannedRelease test = plan.test().orElseThrow();
    assertEquals(3000, test.answers());
    assertEquals(Math.sqrt(3000 / 0.2) / mu, test.noiseMultiplier(), 1e-6);
    assertEquals(Math.sqrt(3000 / 0.8) / mu, plan.targets().noiseMultiplier(), 1e-6);
    assertEquals(1.0 / 500, test.l2Sensitivity(), 1e-18);
    assertTrue(PlanText.forPeople(plan).contains("Test"), PlanText.forPeople(plan));
  }

  private static Plan headPlan(String... overrides) {
    String yaml =
        YAML.replace("{count: 500}", "{kind: private-head, steps: 40}")
            .replace("queries: {count: 3000}\n", "");
    return Planner.plan(ConfigReader.read("run.yaml", yaml, List.of(overrides)));
  }

  @Test
  void plan_privateHead_spendsTheBudgetOnItsSteps() {
    Plan plan = headPlan();
    double mu = GaussianDp.muFor(new PrivacyParameters(2, 1e-5));
    assertEquals(2, plan.epsilon(), 1e-6);
    assertTrue(plan.epsilon() <= 2, "epsilon " + plan.epsilon());
    assertEquals(40, plan.targets().answers());
    assertEquals(1, plan.targets().l2Sensitivity());
    assertEquals(Math.sqrt(40) / mu, plan.targets().noiseMultiplier(), 1e-6);
    assertTrue(plan.outlook().isEmpty());
    assertFalse(warns(plan, ""), plan.advice().toString());
    String text = PlanText.forPeople(plan);
    assertTrue(text.contains("private head"), text);
    assertFalse(text.contains("shard"), text);
    assertEquals(2, headPlan("privacy.adjacency=replace-one").targets().l2Sensitivity());
  }

  @Test
  void plan_privateHeadOfFewUnits_isWarnedOf() {
    Plan few = headPlan("data.sensitive.units=100", "privacy.delta=1e-3");
    assertTrue(warns(few, "too little for hundreds of weights"), few.advice().toString());
  }

  @Test
  void plan_replaceOne_doublesTheNoise() {
    Plan addRemove = plan();
    Plan replaceOne = plan("privacy.adjacency=replace-one");
    assertEquals(addRemove.targets().noiseMultiplier(), replaceOne.targets().noiseMultiplier());
    assertEquals(2 * addRemove.targets().noiseStdDev(), replaceOne.targets().noiseStdDev());
  }

  static IntStream seeds() {
    return IntStream.range(0, 40);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void plan_anySettings_isAdmittedByTheFilter_inTwoParts(int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double epsilon = Math.exp(random.nextDouble(-4, 3));
    double delta = Math.exp(random.nextDouble(-30, -12));
    RunConfig config =
        config(
            "privacy.epsilon=" + epsilon,
            "privacy.delta=" + delta,
            "teachers.count=" + random.nextInt(1, 2000),
            "queries.count=" + random.nextInt(1, 9001),
            "teachers.hint.clipNorm=" + random.nextDouble(0.01, 10),
            "teachers.hint.budgetShare=" + random.nextDouble(0.001, 0.999));
    Plan plan = Planner.plan(config);
    PrivacyFilter filter = PrivacyFilter.gaussian(config.privacy().parameters());
    double afterTargets = filter.spentAfter(0, plan.targets().event());
    assertTrue(filter.admits(afterTargets, plan.hints().orElseThrow().event()));
    assertTrue(plan.epsilon() <= epsilon, plan.epsilon() + " above " + epsilon);
    assertTrue(plan.epsilon() > epsilon * 0.999, plan.epsilon() + " far below " + epsilon);
    double rdp = RenyiAccountant.epsilon(plan.event(), delta).value();
    assertEquals(rdp, plan.rdpEpsilon(), rdp * 1e-12);
  }
}
