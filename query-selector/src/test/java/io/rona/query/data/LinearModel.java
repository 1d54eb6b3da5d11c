package io.rona.query.data;

import java.util.SplittableRandom;

/** Multinomial logistic regression on the features, trained by stochastic gradient descent. */
final class LinearModel {
  private final float[][] weights;
  private final int width;

  private LinearModel(int classes, int width) {
    this.weights = new float[classes][width + 1];
    this.width = width;
  }

  static LinearModel train(ExampleSet data, int epochs, double rate, long seed) {
    LinearModel model = new LinearModel(data.classes(), data.width());
    SplittableRandom random = new SplittableRandom(seed);
    int steps = epochs * data.size();
    for (int step = 0; step < steps; step++) {
      int i = random.nextInt(data.size());
      model.step(data, i, (float) (rate * (1 - step / (double) steps)));
    }
    return model;
  }

  private void step(ExampleSet data, int index, float rate) {
    float[] input = input(data, index);
    double[] p = probabilities(input);
    for (int c = 0; c < p.length; c++) {
      float gradient = (float) (p[c] - (c == data.label(index) ? 1 : 0));
      for (int j = 0; j <= width; j++) {
        weights[c][j] -= rate * gradient * input[j];
      }
    }
  }

  private float[] input(ExampleSet data, int index) {
    float[] input = new float[width + 1];
    data.copyFeatures(index, input, 0);
    input[width] = 1;
    return input;
  }

  private double[] probabilities(float[] input) {
    double[] p = new double[weights.length];
    double sum = 0;
    for (int c = 0; c < p.length; c++) {
      float logit = 0;
      for (int j = 0; j <= width; j++) {
        logit += weights[c][j] * input[j];
      }
      p[c] = Math.exp(Math.min(logit, 80));
      sum += p[c];
    }
    for (int c = 0; c < p.length; c++) {
      p[c] /= sum;
    }
    return p;
  }

  double accuracy(ExampleSet data) {
    int right = 0;
    for (int i = 0; i < data.size(); i++) {
      double[] p = probabilities(input(data, i));
      int best = 0;
      for (int c = 1; c < p.length; c++) {
        best = p[c] > p[best] ? c : best;
      }
      right += best == data.label(i) ? 1 : 0;
    }
    return right / (double) data.size();
  }
}
