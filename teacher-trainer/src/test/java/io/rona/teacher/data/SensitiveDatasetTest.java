package io.rona.teacher.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.query.data.DataException;
import io.rona.query.data.ExampleSet;
import io.rona.query.data.PublicDataset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SensitiveDatasetTest {
  private static final byte[] INSTALLATION_KEY = "0123456789abcdef".getBytes(UTF_8);
  private static final byte[] SHARD_KEY = "public shard key".getBytes(UTF_8);
  private static final SensitiveDeclaration RECORDS = SensitiveDeclaration.ofRecords("ward", 50);

  private static ExampleSet.Builder two() {
    return ExampleSet.builder("ward.csv", 2)
        .features(new float[] {0.5f, 1, 0.25f, 0})
        .labels(new int[] {1, 0}, 2)
        .origin("digest of the file", 0);
  }

  private static SensitiveDataset protect(ExampleSet examples) {
    return SensitiveDataset.of(RECORDS, examples, INSTALLATION_KEY);
  }

  private static IllegalArgumentException refusesShards(SensitiveDataset data, int k) {
    return assertThrows(IllegalArgumentException.class, () -> data.shards(k, SHARD_KEY));
  }

  @Test
  void bucket_equalsHmacComputedElsewhere() {
    // Python: hmac.new(key, lengths and strings, sha256), first 8 bytes modulo k.
    KeyedHash hash = KeyedHash.of("rona shard 1", SHARD_KEY);

    assertEquals(194, hash.bucket("patient-1", 250));
    assertEquals(54, hash.bucket("patient-2", 250));
    assertEquals(221, hash.bucket("patient-3", 250));
    assertEquals(168, hash.bucket("Ω", 250));
    assertEquals(5, hash.bucket("patient-3", 7));
  }

  @Test
  void keyedDigest_equalsHmacComputedElsewhere() {
    assertEquals(
        "a1429ecd14e45ac0a1977302f28083a85976b6d9d777aca0c11e6a16edd666d6",
        two().build().recordKey(0));
    assertEquals(
        "ee66c56f63a147ecf36a44cef22ad7eddf35bf3895a626e3e65cd1cf88892a35",
        protect(two().build()).id().keyedDigest());
  }

  @Test
  void keyedDigest_dependsOnContentAndKeyAlone() {
    ExampleSet data = two().build();
    String digest = protect(data).id().keyedDigest();
    SensitiveDeclaration renamed = new SensitiveDeclaration("other", "patient", 3);
    ExampleSet withUnits = two().unitIds(List.of("a", "b")).build();

    assertEquals(digest, protect(data.subset(1, 0)).id().keyedDigest());
    assertEquals(
        digest, SensitiveDataset.of(renamed, withUnits, INSTALLATION_KEY).id().keyedDigest());
    assertNotEquals(digest, protect(data.subset(0)).id().keyedDigest());
    assertNotEquals(digest, protect(data.subset(0, 1, 1)).id().keyedDigest());
    assertNotEquals(digest, protect(data.withoutLabels()).id().keyedDigest());
    byte[] otherKey = "fedcba9876543210".getBytes(UTF_8);
    assertNotEquals(digest, SensitiveDataset.of(RECORDS, data, otherKey).id().keyedDigest());
    assertNotEquals(digest, data.contentDigest());
  }

  @Test
  void shards_moreThanRecords_leaveSomeEmpty() {
    List<ExampleSet> shards = protect(two().build()).shards(50, SHARD_KEY);

    assertEquals(50, shards.size());
    assertEquals(2, shards.stream().mapToInt(ExampleSet::size).sum());
    assertTrue(shards.stream().anyMatch(shard -> shard.size() == 0));
  }

  @Test
  void shards_ofNoRecords_areAllEmpty() {
    SensitiveDataset empty = protect(two().build().subset());

    assertEquals(3, empty.shards(3, SHARD_KEY).size());
    assertTrue(empty.shards(3, SHARD_KEY).stream().allMatch(shard -> shard.size() == 0));
  }

  @Test
  void shards_outOfRange_throw() {
    SensitiveDataset data = protect(two().build());

    refusesShards(data, 0);
    refusesShards(data, -1);
    String message = refusesShards(data, 51).toString();
    assertTrue(message.contains("declared number of units, 50, but is 51"), message);
    assertThrows(IllegalArgumentException.class, () -> data.shards(2, new byte[0]));
  }

  @Test
  void of_contradictoryUnits_throws() {
    SensitiveDeclaration patients = new SensitiveDeclaration("ward", "patient_id", 10);
    ExampleSet withUnits = two().unitIds(List.of("a", "b")).build();

    assertThrows(DataException.class, () -> protect(withUnits));
    DataException error =
        assertThrows(
            DataException.class,
            () -> SensitiveDataset.of(patients, two().build(), INSTALLATION_KEY));
    assertEquals("needs a unit column for its privacy unit patient_id", error.rule());
  }

  @Test
  void of_shortKey_throws() {
    assertThrows(
        IllegalArgumentException.class,
        () -> SensitiveDataset.of(RECORDS, two().build(), new byte[15]));
  }

  @Test
  void declaration_outOfRange_throws() {
    assertThrows(IllegalArgumentException.class, () -> SensitiveDeclaration.ofRecords("ward", 0));
    assertThrows(IllegalArgumentException.class, () -> SensitiveDeclaration.ofRecords(" ", 5));
    assertThrows(IllegalArgumentException.class, () -> new SensitiveDeclaration("ward", "", 5));
  }

  @Test
  void requireDisjointFrom_sameContent_throws() {
    SensitiveDataset data = protect(two().build());
    ExampleSet copy =
        ExampleSet.builder("copy.csv", 2).features(new float[] {0.5f, 1, 0.25f, 0}).build();

    DataException error =
        assertThrows(
            DataException.class, () -> data.requireDisjointFrom(new PublicDataset("pool", copy)));
    assertEquals("copy.csv", error.file());
    assertEquals(
        "public data set pool has the same digest as the sensitive data set ward", error.rule());
  }

  @Test
  void requireDisjointFrom_rowsOfTheSameFile_throwsOnlyWhereTheyOverlap() {
    SensitiveDataset first = protect(two().build().subset(0));
    PublicDataset second = new PublicDataset("pool", two().build().subset(1));
    PublicDataset both = new PublicDataset("pool", two().build());

    first.requireDisjointFrom(second);
    DataException error = assertThrows(DataException.class, () -> first.requireDisjointFrom(both));
    assertTrue(error.rule().contains("shares rows of one file"), error.rule());
  }

  @Test
  void toString_showsTheDeclarationAlone() {
    SensitiveDataset data = protect(two().build());

    assertEquals("SensitiveDataset[id=ward, unit=record]", data.toString());
    assertFalse(data.toString().contains(data.id().keyedDigest()));
    assertEquals(Optional.empty(), data.shards(1, SHARD_KEY).get(0).unitIds());
  }
}
