package io.rona.teacher;

import io.rona.query.data.ExampleSet;
import io.rona.query.engine.CrossEntropy;
import io.rona.query.features.FeatureMap;
import io.rona.query.features.RidgeRegression;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The teacher that saw public data only: the public center of the other teachers' answers, and the
 * model a team would have without its sensitive data.
 *
 * @param backbone shared feature map
 * @param head linear map from features and a constant to class scores; zero without public labels
 * @param labeled whether there were public labels to learn from
 */
public record PublicOnlyModel(FeatureMap backbone, INDArray head, boolean labeled) {

  /**
   * Fits the head.
   *
   * @param backbone shared feature map
   * @param labeled public examples with labels; may be empty
   * @param classes number of classes, which is declared
   * @param penalty ridge penalty, greater than 0
   * @return the model
   */
  static PublicOnlyModel fit(FeatureMap backbone, ExampleSet labeled, int classes, double penalty) {
    if (labeled.size() == 0) {
      INDArray zero = Nd4j.zeros(DataType.FLOAT, backbone.dimension() + 1L, classes);
      return new PublicOnlyModel(backbone, zero, false);
    }
    INDArray head =
        RidgeRegression.fit(
            labeled,
            block ->
                new RidgeRegression.Rows(
                    TeacherEnsemble.withConstant(backbone.apply(block.features())),
                    block.oneHotLabels()),
            penalty);
    return new PublicOnlyModel(backbone, head, true);
  }

  /**
   * Computes class scores.
   *
   * @param inputs a batch; not modified
   * @return shape {@code [n, classes]}
   */
  public INDArray scores(INDArray inputs) {
    return TeacherEnsemble.withConstant(backbone.apply(inputs)).mmul(head);
  }

  /**
   * Computes class probabilities.
   *
   * @param inputs a batch; not modified
   * @param temperature of the softmax, greater than 0
   * @return shape {@code [n, classes]}; uniform where there were no public labels
   */
  public INDArray probabilities(INDArray inputs, double temperature) {
    return CrossEntropy.softmax(scores(inputs), temperature);
  }
}
