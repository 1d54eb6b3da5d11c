package io.rona.query;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.rona.privacy.Adjacency;
import io.rona.privacy.PrivacyParameters;
import io.rona.privacy.ledger.BudgetAccount;
import io.rona.privacy.ledger.BudgetLedger;
import io.rona.privacy.ledger.SensitiveDataId;
import io.rona.privacy.ledger.SqliteLedger;
import io.rona.privacy.noise.SeededNoise;
import io.rona.privacy.release.ReleaseGuard;
import io.rona.privacy.release.ReleaseRequest;
import io.rona.privacy.release.ReleasedVectors;
import io.rona.query.data.ExampleSet;
import io.rona.query.data.PublicDataset;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;

final class ReleasedKnowledgeTest {
  private static final double[][] ANSWERS = {{0.25, 0.75, 3, -2}, {1, 0, 0.5, 0.5}};

  private final BudgetAccount account =
      new BudgetAccount(
          new SensitiveDataId("patients", "d".repeat(64)),
          Adjacency.ADD_REMOVE,
          "record",
          1000,
          new PrivacyParameters(1, 1e-5));
  private final PublicDataset pool =
      new PublicDataset(
          "pool", ExampleSet.builder("test", 2).features(new float[] {1, 2, 3, 4, 5, 6}).build());
  private final Path folder;

  ReleasedKnowledgeTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private static ReleaseRequest request(BudgetAccount account, String queryDigest) {
    return ReleaseRequest.builder()
        .account(account.key())
        .runId("run")
        .purpose("distillation")
        .queryDigest(queryDigest)
        .boundedAnswers(ANSWERS)
        .l2SensitivityPerRow(0.01)
        .noiseMultiplier(10)
        .build();
  }

  private ReleasedVectors releaseInto(String file, String queryDigest, List<ReleasedVectors> sink) {
    try (BudgetLedger ledger = SqliteLedger.create(folder.resolve(file), Clock.systemUTC())) {
      ledger.register(account);
      return ReleaseGuard.of(ledger, SeededNoise.notReleasable(1))
          .release(request(account, queryDigest), sink::add);
    }
  }

  private ReleasedVectors release(String queryDigest) {
    return releaseInto("budget.db", queryDigest, new ArrayList<>());
  }

  @Test
  void of_answersToTheBatch_givesThemInOrder() {
    QueryBatch batch = QueryBatch.of(pool, 2, 0);
    ReleasedVectors vectors = release(batch.digest());

    ReleasedKnowledge knowledge = ReleasedKnowledge.of(batch, vectors);

    assertArrayEquals(new long[] {2, 4}, knowledge.softTargets().shape());
    assertEquals(DataType.FLOAT, knowledge.softTargets().dataType());
    for (int i = 0; i < 2; i++) {
      for (int j = 0; j < 4; j++) {
        assertEquals((float) vectors.row(i)[j], knowledge.softTargets().getFloat(i, j));
      }
    }
    assertFalse(knowledge.hints().isPresent());
    assertFalse(knowledge.hintReceipt().isPresent());
    assertEquals(vectors.noiseStdDev(), knowledge.noiseStdDev());
    assertEquals(batch.digest(), knowledge.receipt().queryDigest());
    assertFalse(knowledge.releasable());
  }

  @Test
  void withHints_forTheBatch_carriesTheirReceipt() {
    QueryBatch batch = QueryBatch.of(pool, 2, 0);
    ReleasedVectors vectors = release(batch.digest());

    ReleasedKnowledge knowledge = ReleasedKnowledge.of(batch, vectors).withHints(vectors);

    assertEquals(knowledge.softTargets(), knowledge.hints().orElseThrow());
    assertEquals(batch.digest(), knowledge.hintReceipt().orElseThrow().queryDigest());
  }

  @Test
  void of_answersToOtherQueries_throws() {
    QueryBatch asked = QueryBatch.of(pool, 2, 0);
    QueryBatch reordered = QueryBatch.of(pool, 0, 2);
    ReleasedVectors vectors = release(asked.digest());
    ReleasedKnowledge knowledge = ReleasedKnowledge.of(asked, vectors);

    assertThrows(IllegalArgumentException.class, () -> ReleasedKnowledge.of(reordered, vectors));
    ReleasedVectors others = releaseInto("other.db", reordered.digest(), new ArrayList<>());
    assertThrows(IllegalArgumentException.class, () -> knowledge.withHints(others));
  }

  @Test
  void of_anotherNumberOfAnswers_throws() {
    QueryBatch three = QueryBatch.of(pool, 0, 1, 2);
    ReleasedVectors vectors = release(three.digest());

    assertThrows(IllegalArgumentException.class, () -> ReleasedKnowledge.of(three, vectors));
  }

  @Test
  void of_vectorsNotCommitted_throws() {
    QueryBatch batch = QueryBatch.of(pool, 2, 0);
    List<ReleasedVectors> seenBySink = new ArrayList<>();
    releaseInto("budget.db", batch.digest(), seenBySink);

    assertThrows(IllegalStateException.class, () -> ReleasedKnowledge.of(batch, seenBySink.get(0)));
  }
}
