package io.rona.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.rona.cli.ledger.LedgerCredentials;
import io.rona.privacy.certificate.KeyHome;
import io.rona.privacy.certificate.SigningAlgorithm;
import io.rona.privacy.noise.Grid;
import io.rona.privacy.noise.NotReleasableNoise;
import io.rona.privacy.noise.SecretNoise;
import io.rona.query.engine.Progress;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A whole run and one that fails, logging all it can: cells of sensitive records, raw answers,
 * their noise, the key's passphrase and the ledger's key are in no log, no stack trace, no file but
 * their own, and, when all is done, not in the heap.
 */
final class PrivateRunTest {
  private static final String CONTROL = "control-that-is-kept";

  @TempDir Path folder;

  @Test
  void secretsOfARun_areNowhereButInTheirOwnFiles() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=trace",
                "-cp",
                System.getProperty("java.class.path"),
                Curator.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log.txt").toFile())
            .start();
    assertEquals(0, process.waitFor(), () -> tail(folder.resolve("log.txt")));

    Needles needles = secrets();
    Path heap = folder.resolve("heap.hprof");
    Needles control = new Needles();
    control.add("control", CONTROL);
    assertEquals(Set.of("control"), control.in(heap), "what is kept must be found");
    assertEquals(Set.of(), needles.in(heap), "in the heap");
    List<Path> files = written();
    assertTrue(files.stream().anyMatch(file -> file.endsWith("student/student.onnx")));
    for (Path file : files) {
      assertEquals(Set.of(), needles.in(file), file::toString);
    }
  }

  private Needles secrets() throws IOException {
    Needles needles = new Needles();
    TableFiles.secrets(Files.readString(folder.resolve("private.csv")).split("\n"))
        .forEach(cell -> needles.add("a cell", cell));
    int cells = needles.size();
    addNumbers(needles, folder.resolve("secrets/numbers-out"));
    addNumbers(needles, folder.resolve("secrets/numbers-bad"));
    assertTrue(cells >= 3_600, "cells: " + cells);
    assertTrue(needles.size() > cells + 400, "numbers: " + (needles.size() - cells));
    needles.add("the passphrase", Files.readString(folder.resolve("secrets/passphrase")));
    needles.add("the ledger's key", Files.readAllBytes(folder.resolve("out/ledger.db.key")));
    return needles;
  }

  private static void addNumbers(Needles needles, Path file) throws IOException {
    ByteBuffer numbers = ByteBuffer.wrap(Files.readAllBytes(file));
    while (numbers.hasRemaining()) {
      needles.add("a raw answer", numbers.getDouble());
      needles.add("its noise", numbers.getDouble());
    }
  }

  /** Everything but the heap and the places where the secrets belong. */
  private List<Path> written() throws IOException {
    List<Path> places =
        Stream.of("secrets", "private.csv", "heap.hprof", "out/ledger.db.key", "bad/ledger.db.key")
            .map(folder::resolve)
            .toList();
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> places.stream().noneMatch(file::startsWith))
          .toList();
    }
  }

  private static String tail(Path log) {
    try {
      List<String> lines = Files.readAllLines(log);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** What the curator's process does. */
  public static final class Curator {
    private static final List<Object> KEPT = new ArrayList<>();

    private Curator() {}

    /**
     * Makes tables and a key, runs, fails in another run, and dumps what is still held.
     *
     * @param arguments the folder
     */
    public static void main(String[] arguments) throws Exception {
      Path folder = Path.of(arguments[0]);
      Files.createDirectory(folder.resolve("secrets"));
      KEPT.add(new String(CONTROL.toCharArray()));
      TableFiles files = new TableFiles(folder);
      files.table("private.csv", TableFiles.drawn(new SecureRandom().nextLong(), 600));
      files.table("open.csv", TableFiles.drawn(2, 200));
      files.table("held.csv", TableFiles.drawn(3, 200));
      makeKey(folder);
      run(files, folder, "out", Integer.MAX_VALUE);
      try {
        run(files, folder, "bad", 50);
        throw new AssertionError("the noise that fails did not");
      } catch (ArithmeticException e) {
        e.printStackTrace(System.out);
        KEPT.add(e);
      }
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .dumpHeap(folder.resolve("heap.hprof").toString(), true);
    }

    private static void makeKey(Path folder) throws IOException {
      char[] passphrase = passphrase(folder, true);
      KeyHome.of(folder.resolve("home"))
          .generate(
              KeyHome.DEFAULT_NAME,
              SigningAlgorithm.ED25519,
              passphrase::clone,
              new SecureRandom());
      Arrays.fill(passphrase, '\0');
    }

    private static char[] passphrase(Path folder, boolean make) {
      Path file = folder.resolve("secrets/passphrase");
      try {
        if (make) {
          byte[] random = new byte[12];
          new SecureRandom().nextBytes(random);
          Files.writeString(file, HexFormat.of().formatHex(random));
        }
        return Files.readString(file).toCharArray();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static void run(TableFiles files, Path folder, String out, int draws)
        throws IOException {
      // A channel's stream would hold on to what it wrote last.
      File secrets = folder.resolve("secrets/numbers-" + out).toFile();
      try (OutputStream numbers = new FileOutputStream(secrets)) {
        Surroundings surroundings =
            new Surroundings(
                folder.resolve("home"),
                Clock.systemUTC(),
                TestHome.HURRIED,
                new SecureRandom(),
                new RecordedNoise(numbers, draws),
                LedgerCredentials.of(Map.of()),
                () -> passphrase(folder, false),
                System.out::println);
        Pipeline pipeline = new Pipeline(surroundings);
        KEPT.add(pipeline);
        Progress told = (stage, done, total) -> System.out.println(stage + " " + done);
        KEPT.add(
            pipeline.execute(
                files.config("queries.count=100", "teachers.answer=soft", "teachers.temperature=1"),
                folder.resolve(out),
                told));
      }
    }
  }

  /** True noise that tells a file, and nobody else, what it was added to. */
  private static final class RecordedNoise extends NotReleasableNoise {
    private final SecretNoise secret = SecretNoise.create();
    private final OutputStream numbers;
    private int left;

    RecordedNoise(OutputStream numbers, int draws) {
      this.numbers = numbers;
      this.left = draws;
    }

    @Override
    public double gaussian(double mean, double stdDev, Grid grid) {
      if (--left < 0) {
        throw new ArithmeticException("the noise is out of all proportion");
      }
      double noised = secret.gaussian(mean, stdDev, grid);
      try {
        numbers.write(
            ByteBuffer.allocate(2 * Double.BYTES).putDouble(mean).putDouble(noised - mean).array());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return noised;
    }
  }
}
