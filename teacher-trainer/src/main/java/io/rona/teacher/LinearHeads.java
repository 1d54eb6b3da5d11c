package io.rona.teacher;

import io.rona.query.features.FeatureMap;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Teachers that are linear heads on one public backbone. */
final class LinearHeads implements TeacherMembers {
  private final FeatureMap backbone;
  private final List<INDArray> heads;

  /**
   * Takes the heads.
   *
   * @param backbone shared feature map
   * @param heads one head a teacher, shape {@code [dimension + 1, classes]}
   */
  LinearHeads(FeatureMap backbone, List<INDArray> heads) {
    this.backbone = backbone;
    this.heads = List.copyOf(heads);
  }

  List<INDArray> heads() {
    return heads;
  }

  @Override
  public int size() {
    return heads.size();
  }

  @Override
  public long teacherParameterCount() {
    return backbone.parameterCount() + heads.get(0).length();
  }

  @Override
  public long parameterCount() {
    return backbone.parameterCount() + size() * heads.get(0).length();
  }

  @Override
  public UnaryOperator<INDArray> onePass(PublicOnlyModel publicOnly) {
    return publicOnly::scores;
  }

  @Override
  public Answers ask(INDArray inputs) {
    INDArray features = TeacherEnsemble.withConstant(backbone.apply(inputs));
    return (from, to) -> {
      INDArray block =
          Nd4j.hstack(IntStream.range(from, to).mapToObj(heads::get).toArray(INDArray[]::new));
      return features.mmul(block).dup('c').data().asFloat();
    };
  }
}
