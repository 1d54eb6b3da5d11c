package io.rona.query.data;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Goes through a set block by block, so that the features of a large one are never in memory as a
 * whole.
 *
 * <p>A block holds at most 2^24 values, which are 64 MB, and whole batches of 256 examples, but at
 * least one batch: whatever is computed batch by batch is the same for the blocks as for the whole.
 * A set that is no larger is a block of its own.
 */
public final class ExampleBlocks {
  private static final int MOST_VALUES = 1 << 24;
  private static final int BATCH = 256;

  private ExampleBlocks() {}

  /**
   * Cuts a set into blocks.
   *
   * @param examples the set
   * @return blocks that share its storage, in its order; the set itself if it is small
   */
  public static List<ExampleSet> of(ExampleSet examples) {
    int size = examples.size();
    int rows = Math.max(1, MOST_VALUES / examples.width() / BATCH) * BATCH;
    if (size <= rows) {
      return List.of(examples);
    }
    return IntStream.rangeClosed(0, (size - 1) / rows)
        .mapToObj(
            block ->
                examples.slice(
                    RowRange.of(block * rows, (int) Math.min(size, (block + 1L) * rows))))
        .toList();
  }

  /**
   * Maps every example.
   *
   * @param examples the set
   * @param map takes a batch of inputs and returns one row an input, whatever else is in the batch
   * @return all rows, in the order of the examples
   */
  public static INDArray map(ExampleSet examples, UnaryOperator<INDArray> map) {
    List<ExampleSet> blocks = of(examples);
    if (blocks.size() == 1) {
      return map.apply(examples.features());
    }
    INDArray rows = Nd4j.empty(DataType.FLOAT);
    long from = 0;
    for (ExampleSet block : blocks) {
      INDArray inputs = block.features();
      INDArray part = map.apply(inputs);
      if (from == 0) {
        rows = Nd4j.createUninitialized(DataType.FLOAT, examples.size(), part.size(1));
      }
      rows.get(NDArrayIndex.interval(from, from + block.size()), NDArrayIndex.all()).assign(part);
      from += block.size();
      NativeMemory.free(part);
      NativeMemory.free(inputs);
    }
    return rows;
  }
}
