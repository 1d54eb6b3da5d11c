package io.rona.teacher;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Teachers that were trained elsewhere and are brought along as files of ONNX or Keras.
 *
 * @param files one file a teacher; at least one
 * @param input name of the tensor that examples go into; if empty, the only input
 * @param output name of the tensor that class scores come out of, or of Keras' last layer
 * @param scores what the scores are
 * @param publicOnly what is learned from public data; the student's regression uses its feature map
 */
public record ModelTeacherSpec(
    List<Path> files,
    Optional<String> input,
    String output,
    Scores scores,
    PublicOnlySpec publicOnly) {

  /** What a model puts out. */
  public enum Scores {
    /** Any real numbers; a softmax makes probabilities of them. */
    LOGITS,
    /** Numbers in {@code [0, 1]} that sum to 1. */
    PROBABILITIES
  }

  /**
   * Checks the list.
   *
   * @param files one file a teacher
   * @param input name of the tensor that examples go into
   * @param output name of the tensor that class scores come out of
   * @param scores what the scores are
   * @param publicOnly what is learned from public data
   * @throws IllegalArgumentException if there is no file
   */
  public ModelTeacherSpec {
    files = List.copyOf(files);
    if (files.isEmpty()) {
      throw new IllegalArgumentException("files must name at least one teacher");
    }
  }
}
