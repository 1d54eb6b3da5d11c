package io.rona.cli.config;

import java.util.Optional;

/**
 * The ensemble of teachers and how it answers, or the one model that is released in its place.
 *
 * @param count number of disjoint shards, one teacher each
 * @param shardKey public key of the hash that assigns privacy units to shards
 * @param backbone the feature map that all teachers share
 * @param headPenalty ridge penalty that holds a teacher's head to the public-only head
 * @param augmentation distorted copies of a shard's images that its teacher sees too, if any
 * @param vote true for one-hot answers, false for softmax
 * @param temperature divides a teacher's scores before the softmax; unused by votes
 * @param hint release of feature hints beside the answers, if any
 * @param head the private head, if that is the kind of teacher; then there is one teacher, and
 *     nothing but backbone and head penalty has a meaning beside it
 * @param models the teachers brought along, if that is the kind of teacher; then the shards are
 *     theirs and the shard key has no meaning, nor has the form of answers beside one that was
 *     trained with differential privacy
 * @param dpSgd the network trained by DP-SGD, if that is the kind of teacher; likewise
 */
public record TeachersConfig(
    int count,
    String shardKey,
    BackboneConfig backbone,
    double headPenalty,
    Optional<TeacherAugmentationConfig> augmentation,
    boolean vote,
    double temperature,
    Optional<HintRelease> hint,
    Optional<PrivateHeadConfig> head,
    Optional<ModelFilesConfig> models,
    Optional<DpSgdConfig> dpSgd) {
  static final String DEFAULT_SHARD_KEY = "rona";

  /** Teachers on disjoint shards that answer queries. */
  public static final String ENSEMBLE = "ensemble";

  /** Teachers that were trained elsewhere and answer queries. */
  public static final String MODELS = "models";

  /** Another word for {@link #MODELS}. */
  static final String ONNX = "onnx";

  /** One linear head that is released itself. */
  public static final String PRIVATE_HEAD = "private-head";

  /** One network, trained by DP-SGD, that is released itself. */
  public static final String DP_SGD = "dp-sgd";

  /**
   * Checks the ranges.
   *
   * @param count number of disjoint shards
   * @param shardKey public key of the shard hash
   * @param backbone the feature map that all teachers share
   * @param headPenalty ridge penalty of the heads
   * @param augmentation distorted copies of a shard's images, if any
   * @param vote true for one-hot answers
   * @param temperature divides a teacher's scores
   * @param hint release of feature hints, if any
   * @param head the private head, if that is the kind of teacher
   * @param models the teachers brought along, if that is the kind of teacher
   * @param dpSgd the network trained by DP-SGD, if that is the kind of teacher
   * @throws IllegalArgumentException if a value is out of range
   */
  public TeachersConfig {
    Checks.count("count", count, 1, 1_000_000);
    Checks.name("shardKey", shardKey);
    Checks.positive("headPenalty", headPenalty);
    Checks.positive("temperature", temperature);
    Checks.require(
        head.isEmpty() || dpSgd.isEmpty(), "kind", "be one of them", "private-head and dp-sgd");
  }

  /**
   * Tells whether the teacher is released itself, so that asking it costs nothing.
   *
   * @return false for an ensemble
   */
  public boolean released() {
    return head.isPresent() || dpSgd.isPresent() || declaredTraining().isPresent();
  }

  /**
   * Returns what is declared of the training of a model that was brought along, if that is what
   * makes its answers private.
   *
   * @return the declaration, or empty
   */
  public Optional<DeclaredTrainingConfig> declaredTraining() {
    return models.flatMap(ModelFilesConfig::training);
  }

  /**
   * Returns the kind of teacher.
   *
   * @return {@value #ENSEMBLE}, {@value #MODELS}, {@value #PRIVATE_HEAD} or {@value #DP_SGD}
   */
  public String kind() {
    if (models.isPresent()) {
      return MODELS;
    }
    return head.isPresent() ? PRIVATE_HEAD : dpSgd.isPresent() ? DP_SGD : ENSEMBLE;
  }

  /**
   * Returns the same teachers, who release no hints.
   *
   * @return equal but for the hints
   */
  public TeachersConfig withoutHint() {
    return new TeachersConfig(
        count,
        shardKey,
        backbone,
        headPenalty,
        augmentation,
        vote,
        temperature,
        Optional.empty(),
        head,
        models,
        dpSgd);
  }

  /**
   * Returns the same teachers, who vote.
   *
   * @return equal but for the form of answers
   */
  public TeachersConfig voting() {
    return new TeachersConfig(
        count,
        shardKey,
        backbone,
        headPenalty,
        augmentation,
        true,
        temperature,
        hint,
        head,
        models,
        dpSgd);
  }

  /**
   * Returns a private head on the same backbone in place of these teachers.
   *
   * @param settings of the head
   * @return one teacher
   */
  public TeachersConfig asHead(PrivateHeadConfig settings) {
    return ofHead(backbone, headPenalty, settings);
  }

  /**
   * Returns a private head, which is released itself.
   *
   * @param backbone the public feature map
   * @param headPenalty ridge penalty of the public-only head
   * @param head how the head is trained
   * @return one teacher
   * @throws IllegalArgumentException if the penalty is not greater than 0
   */
  public static TeachersConfig ofHead(
      BackboneConfig backbone, double headPenalty, PrivateHeadConfig head) {
    return released(backbone, headPenalty, Optional.of(head), Optional.empty());
  }

  /**
   * Returns a network trained by DP-SGD, which is released itself.
   *
   * @param backbone the public feature map of the public-only model
   * @param headPenalty ridge penalty of the public-only head
   * @param network how the network is trained
   * @return one teacher
   * @throws IllegalArgumentException if the penalty is not greater than 0
   */
  public static TeachersConfig ofNetwork(
      BackboneConfig backbone, double headPenalty, DpSgdConfig network) {
    return released(backbone, headPenalty, Optional.empty(), Optional.of(network));
  }

  private static TeachersConfig released(
      BackboneConfig backbone,
      double headPenalty,
      Optional<PrivateHeadConfig> head,
      Optional<DpSgdConfig> network) {
    return new TeachersConfig(
        1,
        DEFAULT_SHARD_KEY,
        backbone,
        headPenalty,
        Optional.empty(),
        true,
        1,
        Optional.empty(),
        head,
        Optional.empty(),
        network);
  }

  /**
   * A release of feature hints.
   *
   * @param clipNorm radius C of the ball around the public center that hints are clipped to
   * @param budgetShare part of the run's \( \mu^2 \) that hints take, between 0 and 1
   */
  public record HintRelease(double clipNorm, double budgetShare) {
    /**
     * Checks the ranges.
     *
     * @param clipNorm radius of the ball
     * @param budgetShare part of the budget
     * @throws IllegalArgumentException if a value is out of range
     */
    public HintRelease {
      Checks.positive("clipNorm", clipNorm);
      Checks.require(
          budgetShare > 0 && budgetShare < 1, "budgetShare", "lie between 0 and 1", budgetShare);
    }
  }
}
