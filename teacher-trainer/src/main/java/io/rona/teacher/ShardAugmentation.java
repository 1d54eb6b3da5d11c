package io.rona.teacher;

import io.rona.query.features.ImageAugmenter;

/**
 * Distorted copies that a teacher sees beside the records of its shard. A copy is a function of one
 * record and of public randomness and stays in the record's shard, so what one privacy unit can
 * reach is what it can reach without copies: one teacher.
 *
 * @param augmenter how a copy is distorted
 * @param copies of each record, at least 1
 */
public record ShardAugmentation(ImageAugmenter augmenter, int copies) {
  /**
   * Checks the range.
   *
   * @param augmenter how a copy is distorted
   * @param copies of each record
   * @throws IllegalArgumentException if there is not at least one copy
   */
  public ShardAugmentation {
    if (copies < 1) {
      throw new IllegalArgumentException("copies must be at least 1, but are " + copies);
    }
  }
}
