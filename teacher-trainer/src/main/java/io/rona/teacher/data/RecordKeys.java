package io.rona.teacher.data;

import io.rona.query.data.ExampleSet;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.stream.IntStream;

/**
 * The keys of all records, side by side: 32 bytes a record and no object, since there may be tens
 * of millions.
 *
 * <p><b>Sensitive</b>, as the records are. Immutable and thread-safe.
 */
final class RecordKeys {
  /** What a record takes while keys are made and sorted: key, order and place beside a prefix. */
  static final int HEAP_BYTES = 52;

  private static final int WORDS = 4;
  private static final long UPPER_HALF = 0xffffffff_00000000L;

  private final long[] words;

  /** Takes over four words a record. */
  RecordKeys(long[] words) {
    this.words = words;
  }

  /** Computes the keys on all cores. */
  static RecordKeys of(ExampleSet records) {
    long[] words = new long[Math.multiplyExact(WORDS, records.size())];
    IntStream.range(0, records.size())
        .parallel()
        .forEach(
            record ->
                ByteBuffer.wrap(records.recordDigest(record))
                    .asLongBuffer()
                    .get(words, record * WORDS, WORDS));
    return new RecordKeys(words);
  }

  int size() {
    return words.length / WORDS;
  }

  /** The key as 64 hexadecimal digits. */
  String hex(int record) {
    ByteBuffer bytes = ByteBuffer.allocate(WORDS * Long.BYTES);
    bytes.asLongBuffer().put(words, record * WORDS, WORDS);
    return HexFormat.of().formatHex(bytes.array());
  }

  boolean equal(int a, int b) {
    return compare(a, b) == 0;
  }

  /** Compares as the hexadecimal digits compare. */
  int compare(int a, int b) {
    for (int word = 0; word < WORDS; word++) {
      int order = Long.compareUnsigned(words[a * WORDS + word], words[b * WORDS + word]);
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  /**
   * Sorts the records by their keys. Half of the first word decides nearly always, so that numbers
   * are sorted, and the few that agree in it once more.
   *
   * @return the records; those of equal keys in any order
   */
  int[] sorted() {
    long[] prefixes = new long[size()];
    Arrays.setAll(
        prefixes, record -> ((words[record * WORDS] & UPPER_HALF) ^ Long.MIN_VALUE) | record);
    Arrays.parallelSort(prefixes);
    int[] order = new int[prefixes.length];
    int from = 0;
    for (int at = 0; at < order.length; at++) {
      order[at] = (int) prefixes[at];
      if (at + 1 == order.length
          || prefixes[at] >> Integer.SIZE != prefixes[at + 1] >> Integer.SIZE) {
        sortEqualPrefixes(order, from, at + 1);
        from = at + 1;
      }
    }
    return order;
  }

  private void sortEqualPrefixes(int[] order, int from, int to) {
    // Equal records come by the thousand in narrow tables and need no sorting.
    if (IntStream.range(from + 1, to).allMatch(at -> equal(order[from], order[at]))) {
      return;
    }
    Comparator<Integer> byKey = this::compare;
    int[] sorted =
        Arrays.stream(order, from, to).boxed().sorted(byKey).mapToInt(Integer::intValue).toArray();
    System.arraycopy(sorted, 0, order, from, sorted.length);
  }

  /** Says nothing of the records. */
  @Override
  public String toString() {
    return "RecordKeys";
  }
}
