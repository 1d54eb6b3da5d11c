package io.rona.query.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

final class ExampleBlocksTest {
  /** A batch of 256 rows of this width is a block. */
  private static final int WIDE = 1 << 16;

  /** The first byte of each row tells it from the others. */
  private static ExampleSet rows(int count, int width) {
    RowSink sink = new RowSink(RowStorage.heap(), "rows", Coding.PIXEL, width).of(count);
    byte[] pixels = new byte[width];
    for (int row = 0; row < count; row++) {
      pixels[0] = (byte) (row % 251);
      sink.add(pixels, 0, 1);
    }
    return ExampleSet.builder("rows", width).values(sink).build();
  }

  @Test
  void of_smallSet_isTheSetItself() {
    ExampleSet set = rows(1000, 10);

    assertEquals(1, ExampleBlocks.of(set).size());
    assertSame(set, ExampleBlocks.of(set).get(0));
    assertEquals(
        List.of(0), ExampleBlocks.of(set.subset()).stream().map(ExampleSet::size).toList());
  }

  @Test
  void of_wideSet_isCutAtWholeBatches() {
    assertEquals(
        List.of(256, 256, 88),
        ExampleBlocks.of(rows(600, WIDE)).stream().map(ExampleSet::size).toList());
    assertEquals(1, ExampleBlocks.of(rows(256, WIDE)).size());
  }

  @Test
  void map_blockByBlock_givesEveryRowAtItsPlace() {
    ExampleSet set = rows(600, WIDE);
    INDArray rows =
        ExampleBlocks.map(
            set,
            block -> block.get(NDArrayIndex.all(), NDArrayIndex.interval(0, 2)).dup('c').mul(255));

    assertArrayEquals(new long[] {600, 2}, rows.shape());
    assertArrayEquals(
        IntStream.range(0, 600).map(row -> row % 251).toArray(), rows.getColumn(0).toIntVector());
    assertEquals(0, rows.getColumn(1).sumNumber().intValue());
  }
}
