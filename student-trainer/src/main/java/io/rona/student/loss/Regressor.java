package io.rona.student.loss;

/** A linear map along one dimension of a tensor. */
record Regressor(RegressorAxis axis, Tensor weights, Tensor bias) {

  /** Gradients with respect to what a regressor works on and with. */
  record Gradients(Tensor input, Tensor weights, Tensor bias) {}

  Tensor apply(Tensor input) {
    Matrix rows = rows(input).timesTransposed(map(input));
    int outputs = bias.size();
    for (int i = 0; i < rows.values().length; i++) {
      rows.values()[i] += bias.values()[i % outputs];
    }
    int[] shape = input.shape();
    shape[axis.dimension(input)] = outputs;
    return Tensor.own(shape, moved(rows.values(), inside(input), outputs, false));
  }

  Gradients gradients(Tensor input, Tensor atOutput) {
    Matrix slope = rows(atOutput);
    Matrix atInput = slope.times(map(input));
    int inputs = atInput.columns();
    double[] atBias = new double[bias.size()];
    for (int i = 0; i < slope.values().length; i++) {
      atBias[i % atBias.length] += slope.values()[i];
    }
    return new Gradients(
        input.with(moved(atInput.values(), inside(input), inputs, false)),
        weights.with(slope.transposedTimes(rows(input)).values()),
        bias.with(atBias));
  }

  private Matrix map(Tensor input) {
    int inputs = input.length(axis.dimension(input));
    if (weights.size() != bias.size() * inputs || weights.batch() != bias.size()) {
      throw new IllegalArgumentException(
          "regressor's weights must map " + inputs + " to " + bias + ", but are " + weights);
    }
    return new Matrix(bias.size(), inputs, weights.values());
  }

  /** Number of values behind the dimension that the map works along. */
  private int inside(Tensor tensor) {
    return tensor.lengths(axis.dimension(tensor) + 1, tensor.rank());
  }

  /** One row a position, the mapped dimension as columns. */
  private Matrix rows(Tensor tensor) {
    int columns = tensor.length(axis.dimension(tensor));
    double[] values = moved(tensor.values(), inside(tensor), columns, true);
    return new Matrix(tensor.size() / columns, columns, values);
  }

  /** Moves the mapped dimension behind the inner ones, or back before them. */
  private static double[] moved(double[] values, int inside, int columns, boolean toEnd) {
    if (inside == 1) {
      return values;
    }
    double[] result = new double[values.length];
    int block = inside * columns;
    for (int i = 0; i < values.length; i++) {
      int start = i / block * block;
      int column = i % block / inside;
      int place = i % inside;
      int end = start + place * columns + column;
      result[toEnd ? end : i] = values[toEnd ? i : end];
    }
    return result;
  }
}
