package io.rona.teacher;

import java.util.Optional;

/**
 * How an ensemble of teachers is built.
 *
 * @param teachers number of disjoint shards, one teacher each; at least 1, fixed for the run
 * @param shardKey public key of the hash that assigns privacy units to shards; not empty
 * @param backbone feature map learned from public data
 * @param headPenalty ridge penalty that holds a teacher's head to the public-only head, greater
 *     than 0
 * @param augmentation distorted copies of a shard's images that its teacher sees too, if any
 * @param seed public seed of everything random in training
 */
public record TeacherSpec(
    int teachers,
    String shardKey,
    BackboneSpec backbone,
    double headPenalty,
    Optional<ShardAugmentation> augmentation,
    long seed) {
  /**
   * Checks the ranges.
   *
   * @param teachers number of disjoint shards
   * @param shardKey public key of the shard hash
   * @param backbone feature map learned from public data
   * @param headPenalty ridge penalty of the heads
   * @param augmentation distorted copies of a shard's images, if any
   * @param seed public seed
   * @throws IllegalArgumentException if a value is out of range
   */
  public TeacherSpec {
    if (!(teachers >= 1)) {
      throw new IllegalArgumentException("teachers must be at least 1, but is " + teachers);
    }
    if (shardKey.isEmpty()) {
      throw new IllegalArgumentException("shard key must not be empty");
    }
    if (!(headPenalty > 0 && headPenalty < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "head penalty must be greater than 0, but is " + headPenalty);
    }
  }
}
