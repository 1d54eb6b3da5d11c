package io.rona.cli.doctor;

import com.sun.management.OperatingSystemMXBean;
import io.rona.query.engine.EngineBenchmark;
import io.rona.query.engine.TensorEngine;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import org.bytedeco.javacpp.Pointer;

/**
 * What the machine has and reaches.
 *
 * @param engine backend, matrix library, oneDNN, threads
 * @param instructions of the natives and of the processor
 * @param processors that the process may use
 * @param memory sizes in bytes
 * @param gpus graphics processors
 * @param matrixGflops matrix product
 * @param convolutionGflops convolution
 */
record Diagnosis(
    TensorEngine.Info engine,
    TensorEngine.Instructions instructions,
    int processors,
    Memory memory,
    GpuList gpus,
    double matrixGflops,
    double convolutionGflops) {

  private static final double GIGABYTE = 1e9;

  /**
   * Sizes in bytes.
   *
   * @param machine main memory, or what a container may use
   * @param heap most that Java objects may take
   * @param engine most that tensors may take outside the heap
   */
  record Memory(long machine, long heap, long engine) {

    static Memory ofProcess() {
      OperatingSystemMXBean system =
          ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
      return new Memory(
          system.getTotalMemorySize(), Runtime.getRuntime().maxMemory(), Pointer.maxBytes());
    }
  }

  /** Takes half of the time for matrices and half for convolutions. */
  static Diagnosis of(double seconds, LongSupplier nanoTime) {
    TensorEngine.Info engine = TensorEngine.initialize();
    EngineBenchmark benchmark = new EngineBenchmark(nanoTime);
    return new Diagnosis(
        engine,
        TensorEngine.instructions(),
        Runtime.getRuntime().availableProcessors(),
        Memory.ofProcess(),
        GpuList.ofDriver(),
        benchmark.matrixGflops(seconds / 2),
        benchmark.convolutionGflops(seconds / 2));
  }

  /** What costs speed and can be changed. */
  List<String> advice() {
    List<String> advice = new ArrayList<>();
    if (!engine.oneDnn() && engine.backend().equalsIgnoreCase("CPU")) {
      advice.add("oneDNN is off: convolutions take several times as long");
    }
    if (engine.threads() > processors) {
      advice.add(
          "there are more threads than processors, which is very slow: set OMP_NUM_THREADS to "
              + processors);
    }
    if (!instructions.best()) {
      advice.add(
          "the processor has "
              + instructions.processor()
              + ", the natives were built for "
              + instructions.natives()
              + "; matrix products and oneDNN choose by the processor themselves");
    }
    return List.copyOf(advice);
  }

  String forPeople() {
    StringBuilder out = new StringBuilder();
    row(out, "Backend", engine.backend() + ", matrices by " + engine.blas());
    row(
        out,
        "Instructions",
        "natives for " + instructions.natives() + ", processor has " + instructions.processor());
    row(out, "oneDNN", engine.oneDnn() ? "on" : "off");
    row(out, "Threads", engine.threads() + " of " + processors + " processors");
    row(
        out,
        "Memory",
        gigabytes(memory.machine())
            + " in the machine, at most "
            + gigabytes(memory.heap())
            + " for the heap and "
            + gigabytes(memory.engine())
            + " for tensors");
    gpus.gpus().forEach(gpu -> row(out, "GPU", gpu.toString()));
    if (!gpus.note().isEmpty()) {
      row(out, "GPU", gpus.note());
    }
    if (gpus.gpus().stream().anyMatch(Gpu::supported)) {
      row(out, "", "this build runs on the processor alone");
    }
    row(out, "Matrices", gflops(matrixGflops) + " at best (1024 x 1024, single precision)");
    row(out, "Convolution", gflops(convolutionGflops) + " at best (5 x 5, 16 to 32 channels)");
    advice().forEach(text -> row(out, "Note", text));
    return out.toString();
  }

  Map<String, Object> tree() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("engine", engine);
    tree.put("instructions", instructions);
    tree.put("processors", processors);
    tree.put("memoryBytes", memory);
    tree.put("gpus", gpus.gpus());
    tree.put("gpuNote", gpus.note());
    tree.put("matrixGflops", matrixGflops);
    tree.put("convolutionGflops", convolutionGflops);
    tree.put("advice", advice());
    return tree;
  }

  private static void row(StringBuilder out, String label, String text) {
    out.append(String.format(Locale.ROOT, "%-13s%s%n", label, text));
  }

  private static String gigabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f GB", bytes / GIGABYTE);
  }

  private static String gflops(double value) {
    return String.format(Locale.ROOT, "%.1f GFLOP/s", value);
  }
}
