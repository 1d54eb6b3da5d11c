package io.rona.privacy.release;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program of the tests in a Java process of its own. */
final class ChildProcess {
  private static final int MOST_LOOKS = 120_000;

  private final Process process;
  private final Path output;

  private ChildProcess(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /** Starts it; what it prints goes to a file, which survives whatever happens to the process. */
  static ChildProcess start(
      Path output, List<String> prefix, List<String> options, Class<?> main, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"));
    // The driver unpacks its native part there; a process that is killed cannot clear it away.
    command.add("-Djava.io.tmpdir=" + temporary(output));
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectError(output.resolveSibling(output.getFileName() + ".err").toFile())
            .redirectOutput(output.toFile())
            .start();
    return new ChildProcess(process, output);
  }

  /**
   * Waits until it has printed that many lines that begin with a word, or has ended.
   *
   * <p>Patience is counted in looks and not by the clock: a machine that starves or freezes the
   * test starves the child too, and nothing is wrong with either.
   */
  boolean awaitLines(String start, int count) throws IOException, InterruptedException {
    for (int look = 0; look < MOST_LOOKS; look++) {
      boolean ended = process.waitFor(5, TimeUnit.MILLISECONDS);
      if (lines().stream().filter(line -> line.startsWith(start)).count() >= count) {
        return true;
      }
      if (ended) {
        return false;
      }
    }
    return false;
  }

  /** Ends it as {@code kill -9} does, and clears away what the driver unpacked for it. */
  void kill() throws IOException, InterruptedException {
    process.destroyForcibly().waitFor();
    try (Stream<Path> files = Files.list(temporary(output))) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
  }

  int await(long seconds) throws InterruptedException {
    if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("the child process did not end within " + seconds + " s");
    }
    return process.exitValue();
  }

  /** The whole lines it has printed; a last line that was cut off is left out. */
  List<String> lines() throws IOException {
    List<String> lines = new ArrayList<>();
    String text = Files.readString(output, StandardCharsets.UTF_8);
    int end = text.lastIndexOf('\n');
    try (BufferedReader reader = new BufferedReader(new StringReader(text.substring(0, end + 1)))) {
      reader.lines().forEach(lines::add);
    }
    return lines;
  }

  /** How it stands and what it has printed, for the message of a failed test. */
  String describe() {
    try {
      String state = process.isAlive() ? "is running" : "ended with " + process.exitValue();
      return "the child process " + state + ", printed " + lines() + " and " + errors();
    } catch (IOException e) {
      return "the child process printed nothing that can be read: " + e;
    }
  }

  private String errors() throws IOException {
    return Files.readString(output.resolveSibling(output.getFileName() + ".err"));
  }

  private static Path temporary(Path output) throws IOException {
    Path parent = output.toAbsolutePath().getParent();
    return Files.createDirectories((parent == null ? output : parent).resolve("tmp"));
  }
}
