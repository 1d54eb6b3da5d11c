package io.rona.cli.run;

import io.rona.cli.config.ConfigException;
import io.rona.cli.config.RunConfig;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The directory of one run: artefacts of each stage, so that the same command goes on where it
 * stopped.
 *
 * <p>{@code internal/} holds what depends on sensitive records and never leaves the curator; {@code
 * bundle/} is what is released. One process at a time works in a directory.
 */
final class RunDirectory implements AutoCloseable {

  private static final String RUN_ID = "run.id";
  private static final String CONFIG = "config.yaml";
  private static final String FINGERPRINT = "config.sha256";

  private static final String LOCK = ".lock";

  private final Path root;
  private final boolean created;
  private final FileChannel channel;
  private final FileLock lock;

  private RunDirectory(Path root, boolean created, FileChannel channel, FileLock lock) {
    this.root = root;
    this.created = created;
    this.channel = channel;
    this.lock = lock;
  }

  /**
   * Opens or creates a run's directory. Nothing stays in a new one unless {@link #claim} follows,
   * so that a run which its data refuse leaves no trace.
   *
   * @param root the directory
   * @param config what the run does; a directory of another configuration is refused
   * @throws ConfigException if the directory cannot be used for this run
   * @throws IOException if reading or writing fails
   */
  static RunDirectory open(Path root, RunConfig config) throws IOException {
    boolean created = !Files.exists(root);
    requireUsable(root);
    FileChannel channel =
        FileChannel.open(root.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = tryLock(channel);
    if (lock == null) {
      channel.close();
      throw new ConfigException(
          "output directory " + root, "must not be in use, but another run works in it");
    }
    RunDirectory directory = new RunDirectory(root, created, channel, lock);
    try {
      directory.requireSame(config);
    } catch (IOException | RuntimeException e) {
      directory.close();
      throw e;
    }
    return directory;
  }

  private static void requireUsable(Path root) {
    try {
      Files.createDirectories(root);
    } catch (IOException e) {
      throw new ConfigException(
          "output directory " + root, "must be a directory that can be created");
    }
    if (!Files.isWritable(root)) {
      throw new ConfigException("output directory " + root, "must be writable, but is not");
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private void requireSame(RunConfig config) throws IOException {
    if (claimed()
        && !Files.readString(root.resolve(FINGERPRINT)).strip().equals(config.fingerprint())) {
      throw new ConfigException(
          "output directory " + root,
          "must be new or of the same configuration, but holds a run of another one");
    }
  }

  private boolean claimed() {
    return Files.exists(root.resolve(FINGERPRINT));
  }

  /**
   * Makes the directory this run's for good.
   *
   * @param config what the run does
   * @throws IOException if writing fails
   */
  void claim(RunConfig config) throws IOException {
    if (claimed()) {
      return;
    }
    write(CONFIG, config.effectiveYaml());
    write(RUN_ID, config.name() + "-" + UUID.randomUUID());
    write(FINGERPRINT, config.fingerprint());
  }

  /** Name of the run in the ledger; drawn once. */
  String runId() throws IOException {
    return Files.readString(root.resolve(RUN_ID)).strip();
  }

  Path root() {
    return root;
  }

  Path teachers() {
    return root.resolve("internal").resolve("teachers");
  }

  Path answers() {
    return root.resolve("internal").resolve("answers");
  }

  Path student() {
    return root.resolve("internal").resolve("student");
  }

  Path studentFiles() {
    return root.resolve("internal").resolve("student-files");
  }

  Path publicStudent() {
    return root.resolve("internal").resolve("public-student");
  }

  /** Students that are compared, each in a directory of its own. */
  Path trials() {
    return root.resolve("internal").resolve("trials");
  }

  Path bundle() {
    return root.resolve("bundle");
  }

  Path summary() {
    return root.resolve("summary.json");
  }

  /** Whether released answers are kept already, so that a resumed run has nothing more to pay. */
  boolean hasAnswers() throws IOException {
    if (!Files.isDirectory(answers())) {
      return false;
    }
    try (var files = Files.list(answers())) {
      return files.findAny().isPresent();
    }
  }

  /** Writes a small text file, whole or not at all. */
  void write(String name, String content) throws IOException {
    Path part = root.resolve(name + ".part");
    Files.write(part, content.getBytes(StandardCharsets.UTF_8));
    Files.move(part, root.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void close() throws IOException {
    boolean trace = claimed();
    if (!trace) {
      Files.deleteIfExists(root.resolve(LOCK));
    }
    lock.release();
    channel.close();
    if (!trace && created) {
      Files.delete(root);
    }
  }
}
