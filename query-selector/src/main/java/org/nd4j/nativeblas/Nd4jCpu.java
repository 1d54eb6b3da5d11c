package org.nd4j.nativeblas;

import org.jspecify.annotations.NullMarked;

/**
 * Answers Deeplearning4j's question whether oneDNN is there.
 *
 * <p>Deeplearning4j 1.0.0-M2.1 looks by reflection for a class of this name, which its own release
 * moved to {@code org.nd4j.linalg.cpu.nativecpu.bindings}; without it every layer runs its slow
 * built-in path. This class stands at the old name and asks the new one.
 */
@NullMarked
public final class Nd4jCpu {

  private Nd4jCpu() {}

  /** The part of the moved class that Deeplearning4j calls. */
  public static final class Environment {

    private static final Environment INSTANCE = new Environment();

    private Environment() {}

    /**
     * Returns the only instance.
     *
     * @return the environment
     */
    public static Environment getInstance() {
      return INSTANCE;
    }

    /**
     * Tells whether the native library was built with oneDNN and has it switched on.
     *
     * @return true if layers may hand their work to oneDNN
     */
    public boolean isUseMKLDNN() {
      return org.nd4j.linalg.cpu.nativecpu.bindings.Nd4jCpu.Environment.getInstance().isUseONEDNN();
    }
  }
}
