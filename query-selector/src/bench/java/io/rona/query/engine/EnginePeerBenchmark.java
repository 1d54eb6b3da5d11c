package io.rona.query.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Throughput of training and inference beside PyTorch, which {@code engine_peer.py} drives: the two
 * take turns in one run, on the same networks, batch, precision and number of threads; medians.
 */
public final class EnginePeerBenchmark {
  private static final int BATCH = 64;
  private static final int ROUNDS = 5;
  private static final double SECONDS = 1.5;
  private static final double NANOS = 1e9;

  private static final List<Case> CASES =
      List.of(
          new Case(
              "two convolutions, 1x28x28",
              1,
              28,
              List.of("conv 5x5x20", "maxpool 2", "conv 5x5x50", "maxpool 2", "dense 500")),
          new Case(
              "three convolutions, 3x32x32",
              3,
              32,
              List.of(
                  "conv 3x3x32", "conv 3x3x32", "maxpool 2", "conv 3x3x64", "maxpool 2",
                  "dense 128")),
          new Case("784-512-512-10", 1, 28, List.of("dense 512", "dense 512")));

  /** A network of ten classes to compare. */
  private record Case(String name, int channels, int side, List<String> layers) {
    NetworkSpec spec() {
      return new NetworkSpec(channels, side, side, LayerSpec.parseAll(layers), 10);
    }

    /** Multiplications and additions of one forward pass of one example. */
    double operations() {
      double sum = 0;
      double width = channels;
      int at = side;
      for (LayerSpec layer : spec().layers()) {
        if (layer instanceof LayerSpec.Convolution convolution) {
          at = (at + convolution.stride() - 1) / convolution.stride();
          double kernel = convolution.kernel() * convolution.kernel();
          sum += 2 * kernel * width * convolution.channels() * at * at;
          width = convolution.channels();
        } else if (layer instanceof LayerSpec.Pooling pooling) {
          at /= pooling.window();
        } else if (layer instanceof LayerSpec.Dense dense) {
          sum += 2 * width * at * at * dense.units();
          width = dense.units();
          at = 1;
        }
      }
      return sum + 2 * width * at * at * 10;
    }

    String task(String mode) {
      String names =
          layers.stream().map(layer -> '"' + layer + '"').collect(Collectors.joining(", "));
      return String.format(
          Locale.ROOT,
          "{\"mode\": \"%s\", \"channels\": %d, \"side\": %d, \"layers\": [%s], \"classes\": 10,"
              + " \"batch\": %d, \"seconds\": %.1f}",
          mode,
          channels,
          side,
          names,
          BATCH,
          SECONDS);
    }
  }

  private final BufferedReader answers;
  private final PrintStream questions;
  private final PrintStream out;

  private EnginePeerBenchmark(Process peer, PrintStream out) {
    this.answers = peer.inputReader(UTF_8);
    this.questions = new PrintStream(peer.getOutputStream(), true, UTF_8);
    this.out = out;
  }

  /**
   * Runs the comparison.
   *
   * @param args the Python that has PyTorch, and the path of {@code engine_peer.py}
   * @throws IOException if the peer cannot be started or does not answer
   */
  public static void main(String[] args) throws IOException {
    TensorEngine.initialize();
    String threads = String.valueOf(Runtime.getRuntime().availableProcessors());
    ProcessBuilder command = new ProcessBuilder(args[0], args[1], threads);
    command.redirectError(ProcessBuilder.Redirect.INHERIT);
    // The launcher's choices for our own engine; the peer has its defaults.
    command.environment().keySet().removeAll(List.of("OMP_WAIT_POLICY", "OPENBLAS_THREAD_TIMEOUT"));
    Process peer = command.start();
    try {
      new EnginePeerBenchmark(peer, System.out).run();
    } finally {
      peer.destroy();
    }
  }

  private void run() throws IOException {
    double peak = new EngineBenchmark(System::nanoTime).matrixGflops(SECONDS);
    out.printf(Locale.ROOT, "matrices: %.1f GFLOP/s%n", peak);
    out.println("| network | mode | ours, examples/s | PyTorch | ratio | of the matrix peak |");
    for (Case network : CASES) {
      for (String mode : List.of("train", "infer")) {
        double[] ours = new double[ROUNDS];
        double[] theirs = new double[ROUNDS];
        double[] ratios = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
          ours[round] = ours(network, mode);
          theirs[round] = ask(network.task(mode));
          ratios[round] = ours[round] / theirs[round];
        }
        double passes = mode.equals("train") ? 3 : 1;
        double share = median(ours) * network.operations() * passes / 1e9 / peak;
        out.printf(
            Locale.ROOT,
            "| %s | %s | %.0f | %.0f | %.2f | %.0f%% |%n",
            network.name(),
            mode,
            median(ours),
            median(theirs),
            median(ratios),
            100 * share);
      }
    }
    double gigabyte = 1e9;
    out.printf(
        Locale.ROOT,
        "largest resident set: ours %.2f GB, PyTorch %.2f GB%n",
        residentBytes() / gigabyte,
        ask("{\"mode\": \"memory\"}") / gigabyte);
  }

  private double ask(String task) throws IOException {
    questions.println(task);
    String answer = answers.readLine();
    if (answer == null) {
      throw new IOException("the peer must answer, but has ended");
    }
    return Double.parseDouble(answer);
  }

  private static double ours(Case network, String mode) {
    Network ours = Network.create(network.spec(), 1);
    INDArray images =
        Nd4j.rand(DataType.FLOAT, BATCH, network.channels, network.side, network.side);
    INDArray targets = Nd4j.zeros(DataType.FLOAT, BATCH, 10);
    for (int i = 0; i < BATCH; i++) {
      targets.putScalar(i, i % 10, 1);
    }
    Runnable step = mode.equals("train") ? () -> train(ours, images, targets) : () -> ours.logits(images);
    repeat(step, SECONDS / 3);
    return repeat(step, SECONDS);
  }

  private static void train(Network network, INDArray images, INDArray targets) {
    network.step(
        images,
        outputs -> {
          INDArray gradient = CrossEntropy.softmax(outputs.logits(), 1).subi(targets).divi(BATCH);
          return outputs.gradientAtLogits(gradient);
        });
  }

  /** Returns examples a second. */
  private static double repeat(Runnable step, double seconds) {
    long start = System.nanoTime();
    long done = 0;
    while (System.nanoTime() - start < seconds * NANOS) {
      step.run();
      done += BATCH;
    }
    return done * NANOS / (System.nanoTime() - start);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static double residentBytes() throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(Path.of("/proc/self/status")));
    return lines.stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToDouble(line -> 1024 * Double.parseDouble(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElse(Double.NaN);
  }
}
