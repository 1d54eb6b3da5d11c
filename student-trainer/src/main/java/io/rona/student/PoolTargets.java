package io.rona.student;

import io.rona.query.ReleasedKnowledge;
import io.rona.query.data.PublicLabels;
import io.rona.query.engine.CrossEntropy;
import java.util.Arrays;
import java.util.Optional;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Class targets of every pool example: its public label if it has one, else a belief. */
final class PoolTargets {

  /** A fitted answer lies near a one-hot vector; divided by this it becomes a firm softmax. */
  private static final double ESTIMATE_TEMPERATURE = 0.1;

  /** Weight of a query's own noised answer beside the estimate that it helped to fit. */
  private static final double INITIAL_EVIDENCE = 0.5;

  /** No class is taken for rarer than this part of its even share. */
  private static final double SMALLEST_SHARE = 0.1;

  /** Deviation of class shares from even ones, before any evidence, in units of an even share. */
  private static final double SHARE_SPREAD = 0.5;

  private final PublicLabels labels;
  private final Beliefs beliefs;
  private final double[][] estimates;
  private final double[] classShares;

  private PoolTargets(
      PublicLabels labels, Beliefs beliefs, double[][] estimates, double[] classShares) {
    this.labels = labels;
    this.beliefs = beliefs;
    this.estimates = estimates;
    this.classShares = classShares;
  }

  /**
   * Fits the answers.
   *
   * @param labels public labels of the pool; at least one where there are no answers
   * @param classes number of classes
   * @param features public features of the pool, one row an example; not modified
   * @param released noised answers, if any
   */
  static PoolTargets of(
      PublicLabels labels, int classes, INDArray features, Optional<ReleasedKnowledge> released) {
    int pool = Math.toIntExact(features.size(0));
    Optional<ReleasedAnswers> answers =
        released.map(knowledge -> ReleasedAnswers.of(knowledge, pool));
    INDArray fitted = denoiser(labels, classes, features, answers).estimate(features);
    return new PoolTargets(
        labels,
        answers.map(ReleasedAnswers::beliefs).orElseGet(() -> new Beliefs(new double[pool][0], 0)),
        CrossEntropy.softmax(fitted, ESTIMATE_TEMPERATURE).toDoubleMatrix(),
        answers.map(PoolTargets::classShares).orElseGet(() -> even(classes)));
  }

  private static double[] even(int classes) {
    double[] shares = new double[classes];
    Arrays.fill(shares, 1.0 / classes);
    return shares;
  }

  private static double[] classShares(ReleasedAnswers answers) {
    return classShares(answers.mean(), answers.noiseStdDev() / Math.sqrt(answers.queries().length));
  }

  /**
   * Takes the beliefs of a released head, which has one about every example. They begin the
   * targets, and stay evidence beside the student's own beliefs later.
   *
   * <p>How common a class is, is told by how often the head chooses it: clipped gradients leave its
   * probabilities less sure than its choices are right, so their mean leans toward even shares.
   *
   * @param labels public labels of the pool
   * @param probabilities the head's, one row a pool example; not modified
   */
  static PoolTargets of(PublicLabels labels, double[][] probabilities) {
    double[] shares = new double[probabilities[0].length];
    for (double[] row : probabilities) {
      shares[argMax(row)] += 1.0 / probabilities.length;
    }
    return new PoolTargets(
        labels, Beliefs.ofHead(probabilities), probabilities, classShares(shares, 0));
  }

  /**
   * Takes the student's own beliefs where no answer was kept: public labels, and classes as common
   * as the student holds them now.
   *
   * @param labels public labels of the pool
   * @param own the student's class probabilities, one row a pool example
   */
  static PoolTargets ofStudent(PublicLabels labels, double[][] own) {
    double[] shares = new double[own[0].length];
    for (double[] row : own) {
      for (int c = 0; c < shares.length; c++) {
        shares[c] += row[c] / own.length;
      }
    }
    return new PoolTargets(
        labels, new Beliefs(new double[own.length][0], 0), own, classShares(shares, 0));
  }

  private static int argMax(double[] values) {
    int best = 0;
    for (int c = 1; c < values.length; c++) {
      best = values[c] > values[best] ? c : best;
    }
    return best;
  }

  private static AnswerDenoiser denoiser(
      PublicLabels labels, int classes, INDArray features, Optional<ReleasedAnswers> released) {
    int[] examples = labels.examples();
    INDArray oneHot = Nd4j.zeros(DataType.FLOAT, examples.length, classes);
    for (int i = 0; i < examples.length; i++) {
      oneHot.putScalar(i, labels.label(examples[i]), 1);
    }
    if (released.isEmpty()) {
      return AnswerDenoiser.fit(features.getRows(examples), oneHot, 1);
    }
    INDArray asked = features.getRows(released.get().queries());
    INDArray answers = released.get().matrix();
    double precision = Beliefs.answerPrecision(released.get().noiseStdDev());
    return examples.length == 0
        ? AnswerDenoiser.fit(asked, answers, precision)
        : AnswerDenoiser.fit(asked, answers, precision, features.getRows(examples), oneHot);
  }

  /**
   * The mean answer tells how common each class is; where its noise is large, it is drawn toward
   * even shares (the posterior mean under a Gaussian prior around them).
   */
  private static double[] classShares(double[] meanAnswer, double noiseStdDev) {
    double even = 1.0 / meanAnswer.length;
    double priorVariance = SHARE_SPREAD * SHARE_SPREAD * even * even;
    double trust = priorVariance / (priorVariance + noiseStdDev * noiseStdDev);
    double least = SMALLEST_SHARE * even;
    return normalized(
        Arrays.stream(meanAnswer)
            .map(share -> Math.max(even + trust * (share - even), least))
            .toArray());
  }

  private static double[] normalized(double[] values) {
    double sum = Arrays.stream(values).sum();
    return Arrays.stream(values).map(value -> value / sum).toArray();
  }

  int classes() {
    return classShares.length;
  }

  /** Targets before the student has a belief of its own. */
  double[][] initial() {
    return withLabels(beliefs.update(estimates, INITIAL_EVIDENCE));
  }

  /**
   * Targets from the student's belief.
   *
   * @param own the student's class probabilities, one row a pool example; not modified
   * @param evidenceWeight of the released answers
   */
  double[][] renewed(double[][] own, double evidenceWeight) {
    return withLabels(beliefs.update(aligned(own), evidenceWeight));
  }

  private double[][] withLabels(double[][] targets) {
    for (int i : labels.examples()) {
      Arrays.fill(targets[i], 0);
      targets[i][labels.label(i)] = 1;
    }
    return targets;
  }

  /**
   * Scales the student's beliefs so that classes are as common in them as in the answers
   * ("distribution alignment", Berthelot et al., 2020, ReMixMatch): a student that follows itself
   * must not forget a class.
   */
  private double[][] aligned(double[][] own) {
    double[] shares = new double[classShares.length];
    for (double[] row : own) {
      for (int c = 0; c < shares.length; c++) {
        shares[c] += row[c] / own.length;
      }
    }
    double[][] result = new double[own.length][];
    for (int i = 0; i < own.length; i++) {
      double[] scaled = new double[shares.length];
      for (int c = 0; c < shares.length; c++) {
        scaled[c] = own[i][c] * classShares[c] / Math.max(shares[c], 1e-6);
      }
      result[i] = normalized(scaled);
    }
    return result;
  }
}
