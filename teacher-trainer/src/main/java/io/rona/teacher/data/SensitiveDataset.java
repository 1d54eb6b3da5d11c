package io.rona.teacher.data;

import io.rona.privacy.ledger.SensitiveDataId;
import io.rona.query.data.DataException;
import io.rona.query.data.ExampleSet;
import io.rona.query.data.PublicDataset;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Examples that the guarantee protects.
 *
 * <h2>Guarantee</h2>
 *
 * The data leave this type as shards only, and the shards serve adjacency as the sensitivity proof
 * needs it: they are a function of the <em>multiset</em> of records. Removing one privacy unit
 * changes one shard and leaves every other as it was, record by record and in the same order;
 * replacing one changes at most two. Where the records stand in the file plays no part. {@code
 * docs/math/sharding.md} has the argument.
 *
 * <p>{@link #toString()} shows what is declared and nothing that is counted or read. There is no
 * value equality. Thread-safe.
 */
public final class SensitiveDataset {
  private static final int MIN_KEY_BYTES = 16;

  private final SensitiveDeclaration declaration;
  private final ExampleSet examples;
  private final RecordKeys keys;
  private final SensitiveDataId id;

  private SensitiveDataset(
      SensitiveDeclaration declaration, ExampleSet examples, byte[] installationKey) {
    this.declaration = declaration;
    this.examples = examples;
    examples.requireHeap(RecordKeys.HEAP_BYTES);
    this.keys = RecordKeys.of(examples);
    this.id = new SensitiveDataId(declaration.id(), digest(installationKey));
  }

  /**
   * Takes examples under protection.
   *
   * @param declaration the data set's name, privacy unit and published number of units
   * @param examples the records; with unit ids if the unit is not the record, else without
   * @param installationKey the secret key of this installation, at least 16 bytes, under which the
   *     content is digested; whoever has it can test a guess of the whole content. Not modified.
   * @return the sensitive data set
   * @throws DataException if the declared unit and the examples' unit ids contradict each other, or
   *     the heap has no room for the records' keys
   * @throws IllegalArgumentException if the key is shorter than 16 bytes, or the name is not one
   *     that a ledger takes
   */
  public static SensitiveDataset of(
      SensitiveDeclaration declaration, ExampleSet examples, byte[] installationKey) {
    if (installationKey.length < MIN_KEY_BYTES) {
      throw new IllegalArgumentException(
          "installation key must have at least " + MIN_KEY_BYTES + " bytes");
    }
    if (declaration.unitIsRecord() == examples.unitIds().isPresent()) {
      throw new DataException(
          declaration.id(),
          declaration.unitIsRecord()
              ? "has a unit column, so its privacy unit must not be the record"
              : "needs a unit column for its privacy unit " + declaration.privacyUnit());
    }
    return new SensitiveDataset(declaration, examples, installationKey);
  }

  /** Sorted, so that a file with its lines in another order is the same data set to the ledger. */
  private String digest(byte[] installationKey) {
    Stream<String> frame =
        Stream.of(Arrays.toString(examples.exampleShape()), Integer.toString(examples.classes()));
    return KeyedHash.of("rona sensitive data 1", installationKey)
        .hex(Stream.concat(frame, Arrays.stream(keys.sorted()).mapToObj(keys::hex)));
  }

  /**
   * Returns what is declared of the data.
   *
   * @return the declaration, all of it public
   */
  public SensitiveDeclaration declaration() {
    return declaration;
  }

  /**
   * Returns how the ledger knows the data: by name and by the HMAC-SHA-256 of the content under the
   * installation's key.
   *
   * <p>The digest knows the data again, whatever the order of the records, and tells nothing to
   * whoever lacks the key; a plain digest would let an outsider test guesses. Unit ids are left
   * out: the same records under another unit are the same data.
   *
   * @return name and keyed digest
   */
  public SensitiveDataId id() {
    return id;
  }

  /**
   * Returns the digest of {@link #id()}.
   *
   * @return 64 hexadecimal digits
   */
  public String keyedDigest() {
    return id.keyedDigest();
  }

  /**
   * Returns the shape of one example, which is declared and public.
   *
   * @return a copy of the shape
   */
  public long[] exampleShape() {
    return examples.exampleShape();
  }

  /**
   * Returns the number of classes, which is declared and public.
   *
   * @return the number of classes; 0 if the examples have no labels
   */
  public int classes() {
    return examples.classes();
  }

  /**
   * Splits the data into disjoint shards by a keyed hash of the privacy unit.
   *
   * <p>The shard of unit u is {@code HMAC-SHA-256(key, u) mod k}, so all records of a unit are in
   * one shard and no other record has a say. The guarantee needs no secrecy of the key: it may
   * stand in the configuration, where it lets a run be repeated. It must be chosen without looking
   * at the data. Within a shard the records are sorted by unit and content.
   *
   * @param k the number of shards, at least 1 and at most the declared number of units
   * @param key the public shard key, at least 1 byte. Not modified.
   * @return k shards; some may be empty
   * @throws IllegalArgumentException if k or the key is out of range
   */
  public List<ExampleSet> shards(int k, byte[] key) {
    if (!(k >= 1 && k <= declaration.declaredUnits())) {
      throw new IllegalArgumentException(
          "number of shards must lie between 1 and the declared number of units, "
              + declaration.declaredUnits()
              + ", but is "
              + k);
    }
    KeyedHash hash = KeyedHash.of("rona shard 1", key);
    int[] order = examples.unitIds().map(this::sortedBy).orElseGet(keys::sorted);
    int[] shards =
        examples
            .unitIds()
            .map(units -> shards(order, units, hash, k))
            .orElseGet(() -> shards(order, hash, k));
    return Arrays.stream(members(order, shards, k)).map(examples::subset).toList();
  }

  /** The records, sorted by unit and content. */
  private int[] sortedBy(List<String> units) {
    return IntStream.range(0, units.size())
        .boxed()
        .sorted(Comparator.<Integer, String>comparing(units::get).thenComparing(keys::compare))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** The shard of each record, in an order of them. */
  private static int[] shards(int[] order, List<String> units, KeyedHash hash, int k) {
    return Arrays.stream(order).map(record -> hash.bucket(units.get(record), k)).toArray();
  }

  /**
   * The shard of each record, in the order of their keys, where each is a unit of its own. Equal
   * ones are told apart by how many came before.
   */
  private int[] shards(int[] order, KeyedHash hash, int k) {
    int[] shards = new int[order.length];
    int copies = 0;
    for (int at = 0; at < order.length; at++) {
      copies = at > 0 && keys.equal(order[at - 1], order[at]) ? copies + 1 : 0;
      shards[at] = hash.bucket(keys.hex(order[at]) + "#" + copies, k);
    }
    return shards;
  }

  /** Deals records out, in their order. */
  private static int[][] members(int[] order, int[] shards, int k) {
    int[] sizes = new int[k];
    Arrays.stream(shards).forEach(shard -> sizes[shard]++);
    int[][] members = Arrays.stream(sizes).mapToObj(int[]::new).toArray(int[][]::new);
    for (int at = order.length - 1; at >= 0; at--) {
      sizes[shards[at]]--;
      members[shards[at]][sizes[shards[at]]] = order[at];
    }
    return members;
  }

  /**
   * Checks that data declared public are not these.
   *
   * @param other public data that the same run uses
   * @throws DataException if both hold the same content, with or without labels, or a row of the
   *     same file in common
   */
  public void requireDisjointFrom(PublicDataset other) {
    ExampleSet open = other.examples();
    if (open.contentDigest().equals(examples.contentDigest())
        || open.featuresDigest().equals(examples.featuresDigest())) {
      throw overlap(other, "has the same digest as the sensitive data set ");
    }
    if (open.sharesRowsWith(examples)) {
      throw overlap(other, "shares rows of one file with the sensitive data set ");
    }
  }

  private DataException overlap(PublicDataset other, String rule) {
    return new DataException(
        other.examples().source(), "public data set " + other.id() + " " + rule + declaration.id());
  }

  /** Shows the declaration alone: neither content nor any count of records. */
  @Override
  public String toString() {
    return "SensitiveDataset[id=" + declaration.id() + ", unit=" + declaration.privacyUnit() + "]";
  }
}
