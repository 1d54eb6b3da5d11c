package io.rona.cli.plan;

import io.rona.cli.config.AnswerRelease;
import io.rona.cli.config.DataSource;
import io.rona.cli.config.Decimals;
import io.rona.cli.config.RunConfig;
import io.rona.privacy.accounting.PrivacyFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Says plainly where a plan is useless or a promise weaker than it looks. */
final class Advisor {
  /** Below this many answers of unit noise a class there is nothing to learn from. */
  private static final int ENOUGH_PER_CLASS = 10;

  /** A shard below this many units a class teaches its teacher little. */
  private static final int UNITS_PER_CLASS = 2;

  /** Below this many times the noise, the weights of a head drown in it. */
  private static final int ENOUGH_A_CLASS = 30;

  private final RunConfig config;
  private final Plan plan;
  private final List<Advice> advice = new ArrayList<>();

  private Advisor(RunConfig config, Plan plan) {
    this.config = config;
    this.plan = plan;
  }

  static List<Advice> advise(RunConfig config, Plan plan) {
    Advisor advisor = new Advisor(config, plan);
    advisor.onBudget();
    plan.outlook()
        .ifPresentOrElse(
            outlook -> {
              advisor.onInformation(outlook);
              advisor.onShards();
              advisor.onForm();
            },
            () -> {
              if (config.teachers().declaredTraining().isEmpty()) {
                advisor.onModel();
              }
            });
    advisor.onPromise();
    return List.copyOf(advisor.advice);
  }

  private void onBudget() {
    PrivacyFilter own = PrivacyFilter.gaussian(config.privacy().parameters());
    PrivacyFilter filter = PrivacyFilter.gaussian(config.privacy().budget());
    if (!(own.cost(plan.event()) <= own.limit())) {
      advice.add(
          Advice.warning(
              "the training that is declared costs more than privacy.epsilon allows at"
                  + " privacy.delta: the run will be refused (exit code 3)"));
    } else if (!(filter.cost(plan.event()) <= filter.limit())) {
      advice.add(
          Advice.warning(
              "this run alone costs more than privacy.budget allows for the data set: the ledger"
                  + " will refuse it (exit code 3)"));
    }
  }

  /** All answers together hold (k mu)^2 / 2 unit-noise answers, however many queries there are. */
  private void onInformation(Plan.Outlook outlook) {
    int classes = config.data().sensitive().classes();
    double worth = outlook.equivalentAnswers();
    double enough = ENOUGH_PER_CLASS * (double) classes;
    if (plan.teachers() == 1) {
      advice.add(
          Advice.warning(
              "one teacher buys nothing: one unit may change its whole answer, so "
                  + noise()
                  + ". Use many teachers, each on its own shard"));
    } else if (worth < enough) {
      advice.add(
          Advice.warning(
              noise()
                  + "; all answers together tell as much as "
                  + round(worth)
                  + " answers with noise as large as the signal, too little for "
                  + classes
                  + " classes. Fewer queries do not help; at least "
                  + teachersFor(enough, worth)
                  + " teachers or a larger epsilon would"));
    } else if (plan.targets().noiseToSignal() > 1) {
      advice.add(
          Advice.note(
              noise() + ": no single answer can be trusted, the student must average over many"));
    }
  }

  /** All steps together show a sum with noise of deviation sensitivity / mu a coordinate. */
  private void onModel() {
    double perClass =
        config.data().sensitive().units() / (double) config.data().sensitive().classes();
    double worth = perClass * plan.mu() / plan.targets().l2Sensitivity();
    if (worth < ENOUGH_A_CLASS) {
      advice.add(
          Advice.warning(
              "the units of one class together outweigh the noise on one weight "
                  + round(worth)
                  + " times at best, too little for hundreds of weights a class; more"
                  + " units or a larger epsilon would help, more steps do not"));
    }
  }

  private long teachersFor(double enough, double worth) {
    return (long) Math.ceil(plan.teachers() * Math.sqrt(enough / worth));
  }

  private String noise() {
    return String.format(
        Locale.ROOT,
        "the noise on each answer is %s times the signal",
        round(plan.targets().noiseToSignal()));
  }

  private void onShards() {
    int classes = config.data().sensitive().classes();
    if (plan.unitsPerTeacher() < UNITS_PER_CLASS * (double) classes) {
      advice.add(
          Advice.warning(
              "a shard gets about "
                  + round(plan.unitsPerTeacher())
                  + " units for "
                  + classes
                  + " classes, too few to teach; use fewer teachers"));
    }
  }

  private void onForm() {
    boolean classes =
        config
            .queries()
            .map(queries -> queries.release())
            .filter(
                release ->
                    release instanceof AnswerRelease.Gnmax
                        || release instanceof AnswerRelease.ConfidentGnmax)
            .isPresent();
    if (classes) {
      advice.add(
          Advice.note(
              "only the class of each noised answer is released, which tells less than the noised"
                  + " votes would for the same epsilon (queries.release: answers)"));
    }
  }

  private void onPromise() {
    double units = config.data().sensitive().units();
    if (plan.delta() * units > 0.1) {
      advice.add(
          Advice.note(
              "delta is above a tenth of 1/units = "
                  + round(1 / units)
                  + ": it allows a chance worth naming that some unit is exposed"));
    }
    if (plan.epsilon() > 8) {
      advice.add(
          Advice.note(
              "epsilon "
                  + round(plan.epsilon())
                  + " bounds the odds ratio by a factor of "
                  + round(Math.exp(plan.epsilon()))
                  + " only, which is a weak promise"));
    }
    boolean digits = config.data().sensitive().source() instanceof DataSource.Digits;
    if (!config.privacy().ledger().composesOverRuns() && !digits) {
      advice.add(
          Advice.note(
              "ledger: run keeps a ledger for this run alone; other runs on the same data are not"
                  + " counted. Use it for data that are not sensitive in truth"));
    }
  }

  /** Three digits, for people. */
  private static String round(double value) {
    return Decimals.shortest(Double.parseDouble(String.format(Locale.ROOT, "%.2e", value)));
  }
}
