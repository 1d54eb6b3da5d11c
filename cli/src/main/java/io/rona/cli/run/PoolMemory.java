package io.rona.cli.run;

import io.rona.cli.config.BackboneConfig;
import io.rona.cli.config.QueriesConfig;
import io.rona.cli.config.RunConfig;
import io.rona.query.data.DataException;
import io.rona.query.data.ExampleSet;
import io.rona.query.engine.LayerShape;
import io.rona.query.engine.NetworkSpec;
import java.util.List;
import java.util.Map;

/**
 * What has to be in memory of every public example, however many there are: its features, from
 * which targets are estimated, and its targets.
 *
 * <p>Asked before anything is trained: these are needed last, when the budget is spent.
 */
final class PoolMemory {

  /** Evidence, estimate, targets, those before them, and the student's own belief. */
  private static final long ROWS_OF_CLASSES = 5;

  /** Beside its entries a row of an array of rows takes this. */
  private static final long ROW_BYTES = 20;

  /** Features, their copy for whoever asks, and the one with a constant. */
  private static final long COPIES_OF_FEATURES = 3;

  private PoolMemory() {}

  /**
   * Refuses a pool that is too large for the memory.
   *
   * @param config what the run does
   * @param networks its networks by their keys
   * @param pool public inputs
   * @throws DataException if the features or the targets do not fit
   */
  static void require(RunConfig config, Map<String, NetworkSpec> networks, ExampleSet pool) {
    int classes = config.data().sensitive().classes();
    long targets = ROWS_OF_CLASSES * (ROW_BYTES + (long) Double.BYTES * classes);
    pool.requireHeap(targets + selectionBytes(config, pool.width()));
    pool.requireEngineMemory(
        COPIES_OF_FEATURES * Float.BYTES * features(config, networks, pool.width()));
  }

  /**
   * Probabilities of the classes; and the inputs themselves, twice, where distances are measured.
   */
  private static long selectionBytes(RunConfig config, int width) {
    if (config.queries().isEmpty()) {
      return 0;
    }
    // k-center measures distances of outputs: those of the classes.
    boolean distances = config.queries().get().strategy() == QueriesConfig.Strategy.DIVERSE;
    return ROW_BYTES
        + (long) Float.BYTES * config.data().sensitive().classes()
        + (distances ? 2 * (ROW_BYTES + (long) Float.BYTES * width) : 0);
  }

  /** How many features a model from elsewhere has, its file says; until then the inputs count. */
  private static long features(RunConfig config, Map<String, NetworkSpec> networks, int width) {
    BackboneConfig backbone = config.teachers().backbone();
    if (backbone instanceof BackboneConfig.Patches patches) {
      return (long) patches.atoms() * patches.grid() * patches.grid();
    }
    NetworkSpec network = networks.get(Networks.BACKBONE);
    if (network == null) {
      return width;
    }
    List<LayerShape> shapes = network.shapes();
    return shapes.get(shapes.size() - 1).size();
  }
}
