package io.rona.query;

import io.rona.query.data.ExampleSet;
import io.rona.query.data.PublicDataset;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Public inputs that are asked together.
 *
 * <p>It is made from a {@link PublicDataset} alone, so a query holds no sensitive data. Immutable.
 */
public final class QueryBatch {
  private final int[] poolIndices;
  private final ExampleSet inputs;
  private final String digest;

  private QueryBatch(int[] poolIndices, ExampleSet inputs) {
    this.poolIndices = poolIndices;
    this.inputs = inputs;
    this.digest = inputs.featuresDigest();
  }

  /**
   * Picks queries from a pool.
   *
   * @param pool the public examples; their labels, if any, are left out
   * @param poolIndices which of them to ask, counted from 0, each at most once. Not modified.
   * @return the batch
   * @throws IllegalArgumentException if no index is given or one is given twice
   * @throws IndexOutOfBoundsException if an index is not in the pool
   */
  public static QueryBatch of(PublicDataset pool, int... poolIndices) {
    requireDistinct(poolIndices);
    ExampleSet inputs = pool.examples().withoutLabels().subset(poolIndices);
    return new QueryBatch(poolIndices.clone(), inputs);
  }

  /**
   * Picks some of these queries.
   *
   * @param rows which, counted from 0, each at most once; not modified
   * @return a batch of these queries alone, in the order of the rows
   * @throws IllegalArgumentException if no row is given or one is given twice
   * @throws IndexOutOfBoundsException if there is no such row
   */
  public QueryBatch subset(int... rows) {
    requireDistinct(rows);
    int[] indices = Arrays.stream(rows).map(row -> poolIndices[row]).toArray();
    return new QueryBatch(indices, inputs.subset(rows));
  }

  private static void requireDistinct(int[] indices) {
    if (indices.length == 0) {
      throw new IllegalArgumentException("a query batch must hold at least one query");
    }
    if (Arrays.stream(indices).distinct().count() != indices.length) {
      throw new IllegalArgumentException("a query batch must hold each pool index at most once");
    }
  }

  /**
   * Returns the number of queries.
   *
   * @return the size, at least 1
   */
  public int size() {
    return poolIndices.length;
  }

  /**
   * Returns which examples of the pool are asked.
   *
   * @return a new array of distinct indices
   */
  public int[] poolIndices() {
    return poolIndices.clone();
  }

  /**
   * Returns the inputs.
   *
   * @return a new array, {@code [size, ...example shape]}
   */
  public INDArray inputs() {
    return inputs.features();
  }

  /**
   * Returns the inputs as examples without labels.
   *
   * @return the queried examples in the order of {@link #poolIndices()}
   */
  public ExampleSet examples() {
    return inputs;
  }

  /**
   * Returns the SHA-256 of the inputs and their order.
   *
   * <p>It names the query in the ledger and in the cache. Two pools that hold the same inputs at
   * other places give the same digest.
   *
   * @return 64 hexadecimal digits
   */
  public String digest() {
    return digest;
  }

  @Override
  public String toString() {
    return "QueryBatch[size=" + size() + ", digest=" + digest + "]";
  }
}
