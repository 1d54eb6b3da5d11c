package io.rona.query;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.Adjacency;
import io.rona.privacy.noise.SecretNoise;
import io.rona.privacy.release.ReleasedVectors;
import io.rona.query.data.PublicDataset;
import io.rona.query.testing.TestBudget;
import io.rona.query.testing.TestImages;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReleasedKnowledgeTest {
  private static final double[][] ANSWERS = {{0.25, 0.75}, {1, 0}};

  private final PublicDataset pool = TestImages.drawPublic(8, 1);
  private final QueryBatch batch = QueryBatch.of(pool, 4, 1);

  @TempDir
  @SuppressWarnings("NullAway.Init") // Set before each test.
  private Path directory;

  @SuppressWarnings("NullAway.Init") // Set before each test.
  private TestBudget budget;

  @BeforeEach
  void openBudget() {
    budget = TestBudget.large(directory, 1);
  }

  @AfterEach
  void closeBudget() {
    budget.close();
  }

  @Test
  void of_vectorsOfTheBatch_holdsThemWithTheirReceipt() {
    ReleasedVectors targets = budget.release(batch, ANSWERS, 0.5);
    ReleasedKnowledge knowledge = ReleasedKnowledge.of(batch, targets);

    assertArrayEquals(new long[] {2, 2}, knowledge.softTargets().shape());
    for (int i = 0; i < 2; i++) {
      for (int c = 0; c < 2; c++) {
        assertEquals((float) targets.row(i)[c], knowledge.softTargets().getFloat(i, c));
      }
    }
    assertEquals(0.5, knowledge.noiseStdDev());
    assertEquals(batch.digest(), knowledge.receipt().queryDigest());
    assertEquals(targets.digest(), knowledge.receipt().outputDigest());
    assertTrue(knowledge.hints().isEmpty());
    assertTrue(knowledge.hintReceipt().isEmpty());
  }

  @Test
  void of_vectorsOfAnotherBatch_isRefused() {
    ReleasedVectors targets = budget.release(batch, ANSWERS, 0.5);
    ReleasedKnowledge knowledge = ReleasedKnowledge.of(batch, targets);

    for (QueryBatch other :
        new QueryBatch[] {
          QueryBatch.of(pool, 1, 4), QueryBatch.of(pool, 4), QueryBatch.of(pool, 4, 2)
        }) {
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> ReleasedKnowledge.of(other, targets));
      assertTrue(String.valueOf(e.getMessage()).contains(other.digest()));
      ReleasedVectors hints = budget.release(other, new double[other.size()][3], 0.5);
      assertThrows(IllegalArgumentException.class, () -> knowledge.withHints(hints));
    }
  }

  @Test
  void of_vectorsWithAnotherNumberOfRows_isRefused() {
    ReleasedVectors oneRow = budget.release(batch, new double[][] {{1, 0}}, 0.5);
    assertThrows(IllegalArgumentException.class, () -> ReleasedKnowledge.of(batch, oneRow));
  }

  @Test
  void of_vectorsNotCommitted_isRefused() {
    budget.release(
        batch,
        ANSWERS,
        0.5,
        vectors ->
            assertThrows(IllegalStateException.class, () -> ReleasedKnowledge.of(batch, vectors)));
  }

  @Test
  void withTest_needsSigns_andTargetsMayNotBeSigns() {
    ReleasedVectors signs = budget.signs(batch, new double[][] {{1}, {1}}, 1e-3);
    assertThrows(IllegalArgumentException.class, () -> ReleasedKnowledge.of(batch, signs));
    QueryBatch second = batch.subset(1);
    assertArrayEquals(new int[] {1}, second.poolIndices());
    assertEquals(QueryBatch.of(pool, 1).digest(), second.digest());
    ReleasedVectors chosen = budget.chosenClasses(second, new double[][] {{0, 1}}, 1e-3);
    ReleasedKnowledge knowledge = ReleasedKnowledge.of(second, chosen).withTest(batch, signs);
    assertTrue(knowledge.onlyClasses());
    assertEquals(1, knowledge.softTargets().getDouble(0, 1));
    assertThrows(IllegalArgumentException.class, () -> knowledge.withTest(second, signs));
    ReleasedVectors values = budget.release(batch, ANSWERS, 0.5);
    assertThrows(IllegalArgumentException.class, () -> knowledge.withTest(batch, values));
    assertFalse(ReleasedKnowledge.of(batch, values).onlyClasses());
  }

  @Test
  void withHints_ofTheBatch_holdsBothReceipts() {
    ReleasedVectors hints = budget.release(batch, new double[][] {{1, 2, 3}, {4, 5, 6}}, 1e-3);
    ReleasedKnowledge knowledge = budget.answer(batch, ANSWERS, 0.5).withHints(hints);

    assertArrayEquals(new long[] {2, 3}, knowledge.hints().orElseThrow().shape());
    assertEquals(6, knowledge.hints().orElseThrow().getDouble(1, 2), 0.01);
    assertEquals(hints.digest(), knowledge.hintReceipt().orElseThrow().outputDigest());
    assertEquals(0.5, knowledge.noiseStdDev());
  }

  @Test
  void releasable_onlyIfBothSourcesAreSecret(@TempDir Path other) {
    ReleasedVectors seeded = budget.release(batch, ANSWERS, 0.5);
    assertFalse(ReleasedKnowledge.of(batch, seeded).releasable());
    try (TestBudget secret =
        TestBudget.of(
            other,
            TestBudget.account(Adjacency.ADD_REMOVE, "e".repeat(64), 1e6),
            SecretNoise.create())) {
      ReleasedKnowledge knowledge = secret.answer(batch, ANSWERS, 0.5);
      assertTrue(knowledge.releasable());
      assertTrue(knowledge.withHints(secret.release(batch, ANSWERS, 0.5)).releasable());
      assertFalse(knowledge.withHints(seeded).releasable());
    }
  }

  @Test
  void softTargets_changedByTheCaller_stayAsTheyWere() {
    ReleasedKnowledge knowledge = budget.answer(batch, ANSWERS, 0.5);
    float before = knowledge.softTargets().getFloat(0, 0);
    knowledge.softTargets().addi(1);
    assertEquals(before, knowledge.softTargets().getFloat(0, 0));
  }
}
