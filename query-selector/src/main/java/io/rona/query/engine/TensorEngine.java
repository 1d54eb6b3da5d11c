package io.rona.query.engine;

import java.util.Locale;
import java.util.Properties;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;
import org.nd4j.nativeblas.Nd4jCpu;

/**
 * Sets the tensor engine up once per process.
 *
 * <p>Deeplearning4j 1.0.0-M2.1 leaves its oneDNN layers off by default; they make convolutions
 * several times faster. Must run before the first network is built.
 */
public final class TensorEngine {

  private static final String HELPERS_DISABLED = "org.eclipse.deeplearning4j.helpers.disable";

  private TensorEngine() {}

  /**
   * What runs the tensors.
   *
   * @param backend {@code CPU} or {@code CUDA}
   * @param blas vendor of the matrix library
   * @param oneDnn whether convolutions run on oneDNN
   * @param threads threads the engine may use
   */
  public record Info(String backend, String blas, boolean oneDnn, int threads) {

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%s backend, %s, oneDNN %s, %d threads",
          backend,
          blas,
          oneDnn ? "on" : "off",
          threads);
    }
  }

  /**
   * Instruction sets, from the oldest to the newest that the engine has natives for.
   *
   * @param natives that the loaded natives were built for
   * @param processor the best that the processor has natives for
   */
  public record Instructions(String natives, String processor) {
    /**
     * Tells whether the loaded natives are the best for this processor.
     *
     * @return true if there are none better
     */
    public boolean best() {
      return natives.equals(processor);
    }
  }

  /**
   * Asks the loaded natives what they were built for and what the processor could run.
   *
   * @return both instruction sets
   */
  public static Instructions instructions() {
    NativeOps natives = NativeOpsHolder.getInstance().getDeviceNativeOps();
    return new Instructions(
        instructionSet(natives.binaryLevel()), instructionSet(natives.optimalLevel()));
  }

  /** Levels of libnd4j; 0 is what is built without any of the others. */
  private static String instructionSet(int level) {
    return switch (level) {
      case 1 -> "x86-64";
      case 2 -> "AVX2";
      case 3 -> "AVX-512";
      default -> "generic";
    };
  }

  /**
   * Switches oneDNN on and tells what the engine runs on. A value of the switch that the user set
   * on the command line is kept.
   *
   * @return the engine's backend, matrix library and threads
   */
  public static Info initialize() {
    if (System.getProperty(HELPERS_DISABLED) == null) {
      System.setProperty(HELPERS_DISABLED, "false");
    }
    Properties environment = Nd4j.getExecutioner().getEnvironmentInformation();
    String backend = environment.getProperty("backend", "unknown");
    boolean oneDnn =
        "CPU".equalsIgnoreCase(backend)
            && !Boolean.getBoolean(HELPERS_DISABLED)
            && Nd4jCpu.Environment.getInstance().isUseMKLDNN();
    return new Info(
        backend,
        String.valueOf(environment.get("blas.vendor")),
        oneDnn,
        Nd4j.getEnvironment().maxThreads());
  }
}
