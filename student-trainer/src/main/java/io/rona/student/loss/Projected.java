package io.rona.student.loss;

import java.util.ArrayList;
import java.util.List;

/**
 * Another loss behind a linear regressor on the student's tensor, \( y = W x + b \), along one of
 * its dimensions. Its first parameters are W, of shape {@code [outputs, inputs]} or that of a 1x1
 * convolution, and b, of shape {@code [outputs]}.
 */
record Projected(Loss loss, RegressorAxis axis) implements Loss {

  @Override
  public LossValue evaluate(LossInput input) {
    List<Tensor> parameters = input.parameters();
    if (parameters.size() < 2) {
      throw new IllegalArgumentException(
          "a regressor must have weights and biases, but parameters are " + parameters.size());
    }
    Tensor student = input.student();
    Tensor weights = parameters.get(0);
    Tensor bias = parameters.get(1);
    Regressor regressor = new Regressor(axis, weights, bias);
    LossInput inner =
        input
            .withTensors(List.of(regressor.apply(student)), List.of(input.teacher()))
            .withParameters(parameters.subList(2, parameters.size()));
    LossValue value = loss.evaluate(inner);
    Regressor.Gradients gradients = regressor.gradients(student, value.student().get(0));
    List<Tensor> all = new ArrayList<>(List.of(gradients.weights(), gradients.bias()));
    all.addAll(value.parameters());
    return new LossValue(value.value(), List.of(gradients.input()), all);
  }
}
