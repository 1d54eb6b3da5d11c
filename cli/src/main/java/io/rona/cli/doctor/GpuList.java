package io.rona.cli.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The graphics processors that the driver lists.
 *
 * @param gpus those that could be read
 * @param note why there are none, or what was odd; empty if nothing was
 */
record GpuList(List<Gpu> gpus, String note) {
  private static final List<String> COMMAND =
      List.of("nvidia-smi", "--query-gpu=name,compute_cap,memory.total", "--format=csv,noheader");

  private static final int PATIENCE_SECONDS = 10;

  /** Asks the driver's own tool. */
  static GpuList ofDriver() {
    return of(COMMAND);
  }

  static GpuList of(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return new GpuList(List.of(), command.get(0) + " did not answer");
      }
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      return process.exitValue() == 0
          ? parsed(output)
          : new GpuList(List.of(), command.get(0) + " failed with code " + process.exitValue());
    } catch (IOException e) {
      return new GpuList(List.of(), "none found: " + command.get(0) + " is not there");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new GpuList(List.of(), "interrupted");
    }
  }

  private static GpuList parsed(String output) {
    try {
      List<Gpu> gpus = output.lines().filter(line -> !line.isBlank()).map(Gpu::parse).toList();
      return new GpuList(gpus, gpus.isEmpty() ? "none found" : "");
    } catch (IllegalArgumentException e) {
      return new GpuList(List.of(), String.valueOf(e.getMessage()));
    }
  }
}
