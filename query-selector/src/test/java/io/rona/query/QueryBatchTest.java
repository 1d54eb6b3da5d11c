package io.rona.query;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.query.data.ExampleSet;
import io.rona.query.data.PublicDataset;
import org.junit.jupiter.api.Test;

final class QueryBatchTest {
  private static final float[] VALUES = {1, 2, 3, 4, 5, 6};

  private final PublicDataset pool =
      new PublicDataset(
          "pool",
          ExampleSet.builder("a", 2).features(VALUES).labels(new int[] {0, 1, 1}, 2).build());

  @Test
  void of_indices_picksInputsInTheirOrder() {
    QueryBatch batch = QueryBatch.of(pool, 2, 0);

    assertEquals(2, batch.size());
    assertArrayEquals(new int[] {2, 0}, batch.poolIndices());
    assertArrayEquals(new float[] {5, 6, 1, 2}, batch.inputs().reshape(4).toFloatVector());
    assertFalse(batch.examples().isLabeled());
  }

  @Test
  void digest_dependsOnInputsAndOrderAlone() {
    PublicDataset reversed =
        new PublicDataset(
            "other", ExampleSet.builder("b", 2).features(new float[] {5, 6, 3, 4, 1, 2}).build());

    assertEquals(QueryBatch.of(pool, 2, 0).digest(), QueryBatch.of(reversed, 0, 2).digest());
    assertNotEquals(QueryBatch.of(pool, 2, 0).digest(), QueryBatch.of(pool, 0, 2).digest());
    assertNotEquals(QueryBatch.of(pool, 0).digest(), QueryBatch.of(pool, 0, 1).digest());
    assertTrue(QueryBatch.of(pool, 1).digest().matches("[0-9a-f]{64}"));
  }

  @Test
  void batch_changedByTheCaller_staysTheSame() {
    int[] indices = {2, 0};
    QueryBatch batch = QueryBatch.of(pool, indices);

    indices[0] = 1;
    batch.poolIndices()[0] = 1;
    batch.inputs().addi(1);

    assertArrayEquals(new int[] {2, 0}, batch.poolIndices());
    assertArrayEquals(new float[] {5, 6, 1, 2}, batch.inputs().reshape(4).toFloatVector());
  }

  @Test
  void of_badIndices_throws() {
    assertThrows(IllegalArgumentException.class, () -> QueryBatch.of(pool));
    assertThrows(IllegalArgumentException.class, () -> QueryBatch.of(pool, 1, 1));
    assertThrows(IndexOutOfBoundsException.class, () -> QueryBatch.of(pool, 3));
    assertThrows(IndexOutOfBoundsException.class, () -> QueryBatch.of(pool, -1));
  }
}
