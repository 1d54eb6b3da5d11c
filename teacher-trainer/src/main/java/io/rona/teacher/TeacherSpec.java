package io.rona.teacher;

import java.util.Optional;

/**
 * How an ensemble of teachers is built.
 *
 * @param teachers number of disjoint shards, one teacher each; at least 1, fixed for the run
 * @param shardKey public key of the hash that assigns privacy units to shards; not empty
 * @param publicOnly what is learned from public data; its penalty also holds a teacher's head to
 *     the public-only head
 * @param augmentation distorted copies of a shard's images that its teacher sees too, if any
 */
public record TeacherSpec(
    int teachers,
    String shardKey,
    PublicOnlySpec publicOnly,
    Optional<ShardAugmentation> augmentation) {
  /**
   * Checks the ranges.
   *
   * @param teachers number of disjoint shards
   * @param shardKey public key of the shard hash
   * @param publicOnly what is learned from public data
   * @param augmentation distorted copies of a shard's images, if any
   * @throws IllegalArgumentException if a value is out of range
   */
  public TeacherSpec {
    if (!(teachers >= 1)) {
      throw new IllegalArgumentException("teachers must be at least 1, but is " + teachers);
    }
    if (shardKey.isEmpty()) {
      throw new IllegalArgumentException("shard key must not be empty");
    }
  }
}
