package io.rona.cli.config;

import io.rona.teacher.ModelTeacherSpec;
import java.util.List;
import java.util.Optional;

/**
 * Teachers that were trained elsewhere, one file of ONNX or Keras each.
 *
 * @param files the files; paths start from {@code data.root}
 * @param status what whoever trained them declares
 * @param input name of the tensor that examples go into; if empty, the only input
 * @param output name of the tensor that class scores come out of
 * @param scores what the scores are
 * @param training what is declared of the training, if the status is {@link Status#DP}
 */
public record ModelFilesConfig(
    List<String> files,
    Status status,
    Optional<String> input,
    String output,
    ModelTeacherSpec.Scores scores,
    Optional<DeclaredTrainingConfig> training) {

  /** Stands for the number of a file in a pattern. */
  static final String NUMBER = "*";

  /** What is declared of the models' training. */
  public enum Status {
    /** Each privacy unit was in the training data of one model at most. */
    DISJOINT_SHARDS,
    /** One model that was trained on all units with differential privacy. */
    DP,
    /** One model that saw all units and protects none. */
    NONE
  }

  /**
   * Checks the list and the declaration.
   *
   * @param files the files
   * @param status what is declared
   * @param input name of the tensor that examples go into
   * @param output name of the tensor that class scores come out of
   * @param scores what the scores are
   * @param training what is declared of the training
   * @throws IllegalArgumentException if there is no file, one stands twice, several files are not
   *     declared to have disjoint shards, a training is declared of another status than {@link
   *     Status#DP} or none of that, or a text is blank or holds control characters
   */
  public ModelFilesConfig {
    files = List.copyOf(files);
    Checks.paths("files", files);
    Checks.path("output", output);
    input.ifPresent(name -> Checks.path("input", name));
    Checks.require(
        status == Status.DISJOINT_SHARDS || files.size() == 1,
        "status",
        "be disjoint-shards for several files: their mean is private only if each privacy unit was"
            + " in the training data of one of them at most",
        Words.of(status));
    Checks.require(
        training.isPresent() == (status == Status.DP),
        "dp",
        "be given if and only if status is dp",
        training.isPresent() ? "given" : "missing");
  }
}
