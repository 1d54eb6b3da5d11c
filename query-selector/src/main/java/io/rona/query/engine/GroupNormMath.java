package io.rona.query.engine;

import java.util.stream.IntStream;

/**
 * Group normalization (Wu and He, 2018, Group Normalization, section 3.1).
 *
 * <p>With \( \mu \) and \( \sigma^2 \) mean and variance of the values \( x \) of one group of one
 * example, \( \hat x = (x - \mu) / \sqrt{\sigma^2 + \epsilon} \) and the output is \( y = \gamma_c
 * \hat x + \beta_c \) for channel \( c \), rectified if so asked. With \( g \) the gradient at \(
 * \hat x \) and \( m \) the number of values of the group, that at \( x \) is \( (g - \bar g - \hat
 * x \, \overline{g \hat x}) / \sqrt{\sigma^2 + \epsilon} \), bars for means over the group.
 *
 * <p>Sums are in double precision and in a fixed order. Rows do not mix.
 */
final class GroupNormMath {

  private final int channels;
  private final int places;
  private final int groups;
  private final boolean rectified;
  private final float[] scale;
  private final float[] offset;

  GroupNormMath(
      int channels, int places, int groups, boolean rectified, float[] scale, float[] offset) {
    this.channels = channels;
    this.places = places;
    this.groups = groups;
    this.rectified = rectified;
    this.scale = scale;
    this.offset = offset;
  }

  /** Gradients of a batch. */
  static final class Gradients {
    private final float[] atInputs;
    private final float[] ofWeights;

    private Gradients(float[] atInputs, float[] ofWeights) {
      this.atInputs = atInputs;
      this.ofWeights = ofWeights;
    }

    /** Returns the gradient at the inputs, as long as the batch; not a copy. */
    float[] atInputs() {
      return atInputs;
    }

    /** Returns that of each row's scales, then of its offsets; not a copy. */
    float[] ofWeights() {
      return ofWeights;
    }
  }

  /** Computes the outputs of a batch, one example after the other. */
  float[] forward(float[] inputs) {
    float[] outputs = new float[inputs.length];
    groupsOf(inputs).parallel().forEach(group -> forward(inputs, group, outputs));
    return outputs;
  }

  /** Computes the gradients of a batch from that at the outputs. */
  Gradients backward(float[] inputs, float[] gradient) {
    float[] atInputs = new float[inputs.length];
    float[] ofWeights = new float[2 * inputs.length / places];
    groupsOf(inputs)
        .parallel()
        .forEach(group -> backward(inputs, gradient, group, atInputs, ofWeights));
    return new Gradients(atInputs, ofWeights);
  }

  /** The groups of all rows, which lie side by side. */
  private IntStream groupsOf(float[] inputs) {
    return IntStream.range(0, inputs.length / groupSize());
  }

  private int groupSize() {
    return channels / groups * places;
  }

  /** Mean and inverse deviation of one group. */
  private record Moments(double mean, double inverse) {
    static Moments of(float[] values, int from, int count) {
      // The first value as origin: squares of what is left lose nothing to a large mean.
      double origin = values[from];
      double sum = 0;
      double squares = 0;
      for (int i = from; i < from + count; i++) {
        double value = values[i] - origin;
        sum += value;
        squares += value * value;
      }
      double mean = sum / count;
      double variance = Math.max(0, squares / count - mean * mean);
      return new Moments(origin + mean, 1 / Math.sqrt(variance + LayerSpec.GroupNorm.EPSILON));
    }
  }

  private void forward(float[] inputs, int group, float[] outputs) {
    int from = group * groupSize();
    Moments moments = Moments.of(inputs, from, groupSize());
    float mean = (float) moments.mean();
    for (int start = from; start < from + groupSize(); start += places) {
      int channel = start / places % channels;
      float factor = (float) (scale[channel] * moments.inverse());
      for (int i = start; i < start + places; i++) {
        float value = (inputs[i] - mean) * factor + offset[channel];
        outputs[i] = rectified ? Math.max(0, value) : value;
      }
    }
  }

  private void backward(
      float[] inputs, float[] gradient, int group, float[] atInputs, float[] ofWeights) {
    int from = group * groupSize();
    Moments moments = Moments.of(inputs, from, groupSize());
    double sum = 0;
    double products = 0;
    for (int start = from; start < from + groupSize(); start += places) {
      int channel = start / places % channels;
      pass(inputs, gradient, start, moments, atInputs);
      double ofOffset = 0;
      double ofScale = 0;
      for (int i = start; i < start + places; i++) {
        ofOffset += atInputs[i];
        ofScale += atInputs[i] * (inputs[i] - moments.mean());
      }
      ofScale *= moments.inverse();
      int place = start / places / channels * 2 * channels + channel;
      ofWeights[place] = (float) ofScale;
      ofWeights[place + channels] = (float) ofOffset;
      sum += scale[channel] * ofOffset;
      products += scale[channel] * ofScale;
    }
    center(inputs, from, moments, sum / groupSize(), products / groupSize(), atInputs);
  }

  /** Copies the gradient of one channel where the rectifier lets it through, and zero elsewhere. */
  private void pass(float[] inputs, float[] gradient, int start, Moments moments, float[] passed) {
    int channel = start / places % channels;
    float mean = (float) moments.mean();
    float factor = (float) (scale[channel] * moments.inverse());
    for (int i = start; i < start + places; i++) {
      float value = (inputs[i] - mean) * factor + offset[channel];
      passed[i] = !rectified || value > 0 ? gradient[i] : 0;
    }
  }

  /** Turns a group's gradients at its outputs into those at its inputs. */
  private void center(
      float[] inputs, int from, Moments moments, double sum, double products, float[] gradients) {
    float mean = (float) moments.mean();
    float inverse = (float) moments.inverse();
    float slope = (float) (products * moments.inverse());
    for (int start = from; start < from + groupSize(); start += places) {
      float factor = scale[start / places % channels];
      for (int i = start; i < start + places; i++) {
        gradients[i] = (gradients[i] * factor - (float) sum - (inputs[i] - mean) * slope) * inverse;
      }
    }
  }
}
