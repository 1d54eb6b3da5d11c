package io.rona.student;

import java.util.Arrays;

/**
 * What the student holds for likely of each pool example's class: a prior, brought up to date with
 * the released answer by Bayes' rule under the noise that the guard is known to have added.
 *
 * <p>An answer is modeled as the one-hot true class plus Gaussian noise of variance \( s^2 + s_0^2
 * \): \( s \) is the guard's noise, \( s_0 \) the spread of the teachers themselves, who disagree.
 * Then \( \log P(c \mid a) = \log P(c) + w\, a_c / (s^2 + s_0^2) + \text{const} \), with \( w \)
 * the evidence weight.
 */
final class Beliefs {

  /** Deviation of a noiseless mean of teachers' answers from the one-hot true class. */
  static final double TEACHER_SPREAD = 0.2;

  /** No belief is so firm that no evidence could move it. */
  private static final double FLOOR = 1e-3;

  private final double[][] evidence;
  private final double precision;

  /**
   * Takes the evidence.
   *
   * @param answers released answer of each pool example, or an empty array where none was asked
   * @param noiseStdDev standard deviation of the guard's noise in each coordinate, at least 0
   */
  Beliefs(double[][] answers, double noiseStdDev) {
    this.evidence = answers;
    this.precision = 1 / (noiseStdDev * noiseStdDev + TEACHER_SPREAD * TEACHER_SPREAD);
  }

  private Beliefs(double[][] logLikelihoods) {
    this.evidence = logLikelihoods;
    this.precision = 1;
  }

  /**
   * Takes classes of known probability of error as the evidence: the log likelihood of the chosen
   * one is larger than that of the others by one number.
   *
   * @param chosen one-hot chosen class of each pool example, or an empty array where none was asked
   * @param meaning what a chosen class tells
   */
  static Beliefs ofClasses(double[][] chosen, ChosenClasses meaning) {
    double[][] logs = new double[chosen.length][];
    for (int i = 0; i < logs.length; i++) {
      logs[i] = Arrays.stream(chosen[i]).map(at -> at * meaning.logOdds()).toArray();
    }
    return new Beliefs(logs);
  }

  /**
   * Takes what a released head holds for likely as the evidence: \( \log P(c \mid h) = \log P(c) +
   * w \log h_c + \text{const} \).
   *
   * @param probabilities the head's, one row a pool example; not modified
   */
  static Beliefs ofHead(double[][] probabilities) {
    double[][] logs = new double[probabilities.length][];
    for (int i = 0; i < logs.length; i++) {
      logs[i] = Arrays.stream(probabilities[i]).map(p -> Math.log(p + FLOOR)).toArray();
    }
    return new Beliefs(logs);
  }

  /**
   * Compares a released answer with a public label, which has the teachers' spread alone.
   *
   * @param noiseStdDev standard deviation of the guard's noise in each coordinate, at least 0
   * @return precision of an answer in units of a label's, greater than 0 and at most 1
   */
  static double answerPrecision(double noiseStdDev) {
    return 1 / (1 + noiseStdDev * noiseStdDev / (TEACHER_SPREAD * TEACHER_SPREAD));
  }

  /**
   * Brings priors up to date.
   *
   * @param priors class probabilities of each pool example; not modified
   * @param evidenceWeight from 0 to 1
   * @return class probabilities of each pool example
   */
  double[][] update(double[][] priors, double evidenceWeight) {
    double[][] posteriors = new double[priors.length][];
    for (int i = 0; i < priors.length; i++) {
      posteriors[i] = update(priors[i], evidence[i], evidenceWeight * precision);
    }
    return posteriors;
  }

  private static double[] update(double[] prior, double[] answer, double weight) {
    double[] logs = new double[prior.length];
    for (int c = 0; c < prior.length; c++) {
      logs[c] = Math.log(prior[c] + FLOOR) + (answer.length == 0 ? 0 : weight * answer[c]);
    }
    double largest = Arrays.stream(logs).max().orElseThrow();
    double total = 0;
    for (int c = 0; c < logs.length; c++) {
      logs[c] = Math.exp(logs[c] - largest);
      total += logs[c];
    }
    for (int c = 0; c < logs.length; c++) {
      logs[c] /= total;
    }
    return logs;
  }

  /**
   * Weighs examples by how sure their belief is: the square of its largest probability.
   *
   * @param beliefs class probabilities of each example; not modified
   * @return one weight an example, at most 1
   */
  static float[] confidence(double[][] beliefs) {
    float[] weights = new float[beliefs.length];
    for (int i = 0; i < beliefs.length; i++) {
      double largest = Arrays.stream(beliefs[i]).max().orElseThrow();
      weights[i] = (float) (largest * largest);
    }
    return weights;
  }
}
