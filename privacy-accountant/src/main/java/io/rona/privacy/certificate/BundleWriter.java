package io.rona.privacy.certificate;

import io.rona.privacy.Sha256;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes a release bundle: all of it or nothing.
 *
 * <p>Files go into a directory beside the bundle's place; sealing digests, signs and verifies them
 * and only then renames the directory. Whoever sees the bundle sees a whole one.
 *
 * <pre>{@code
 * try (BundleWriter writer = BundleWriter.of(target)) {
 *   writer.write(BundleFiles.LABELS, labels);
 *   model.save(writer.file("student/model.zip"));
 *   writer.seal(key, guarantee);
 * }
 * }</pre>
 *
 * <p>Not safe for use by several threads.
 */
public final class BundleWriter implements AutoCloseable {
  private final Path target;
  private final Path directory;
  private boolean sealed;

  private BundleWriter(Path target, Path directory) {
    this.target = target;
    this.directory = directory;
  }

  /**
   * Starts a bundle.
   *
   * @param target where the bundle will be; must not exist, its parent must
   * @return a writer; close it, sealed or not
   * @throws IOException if the place is taken or cannot be written
   */
  public static BundleWriter of(Path target) throws IOException {
    Path place = target.toAbsolutePath().normalize();
    requireFree(place);
    Path parent = place.getParent();
    if (parent == null) {
      throw new FileAlreadyExistsException(place.toString());
    }
    String name = "." + place.getFileName() + ".partial-" + UUID.randomUUID();
    return new BundleWriter(place, Files.createDirectory(parent.resolve(name)));
  }

  /**
   * Names a file of the bundle for someone else to write before it is sealed.
   *
   * @param name its path in the bundle, such as {@code student/model.zip}
   * @return where to write it; its directory exists
   * @throws IOException if its directory cannot be made
   * @throws VerificationException if the name is not one a bundle may hold
   */
  public Path file(String name) throws IOException {
    requireOpen();
    BundleFiles.requireName(name);
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    return file;
  }

  /**
   * Writes a file of the bundle.
   *
   * @param name its path in the bundle
   * @param content its content; not modified
   * @throws IOException if it exists or cannot be written
   * @throws VerificationException if the name is not one a bundle may hold
   */
  public void write(String name, byte[] content) throws IOException {
    Files.write(file(name), content, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  /**
   * Signs what was written, verifies it as an outsider would, and puts the bundle in its place.
   *
   * @param key the signing key
   * @param guarantee what the certificate says
   * @return the bundle
   * @throws IOException if the place is taken by now or cannot be written
   * @throws VerificationException if the bundle would not verify; a run whose noise was seeded is
   *     written all the same, marked as not releasable
   */
  public Path seal(SigningKey key, PrivacyGuarantee guarantee) throws IOException {
    requireOpen();
    write(BundleFiles.PUBLIC_KEY, key.verificationKey().pem().getBytes(StandardCharsets.US_ASCII));
    SortedMap<String, String> digests = digests();
    byte[] checksums = Checksums.format(digests);
    write(BundleFiles.CHECKSUMS, checksums);
    digests.put(BundleFiles.CHECKSUMS, Sha256.of(checksums));
    byte[] statement = InTotoStatement.of(digests, guarantee).toJson();
    write(
        BundleFiles.CERTIFICATE,
        DsseEnvelope.sign(InTotoStatement.PAYLOAD_TYPE, statement, key).toJson());
    requireVerifies(key, guarantee);
    publish();
    sealed = true;
    return target;
  }

  /**
   * Removes what was written, unless it was sealed.
   *
   * @throws IOException if it cannot be removed
   */
  @Override
  public void close() throws IOException {
    if (!sealed && Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      Files.walkFileTree(directory, new Remover());
    }
  }

  private SortedMap<String, String> digests() throws IOException {
    SortedMap<String, String> digests = new TreeMap<>();
    for (Map.Entry<String, Path> file : BundleFiles.list(directory).entrySet()) {
      digests.put(file.getKey(), Digests.sha256(file.getValue(), BundleFiles.MAX_FILE_BYTES));
    }
    return digests;
  }

  private void requireVerifies(SigningKey key, PrivacyGuarantee guarantee) {
    VerificationReport report =
        BundleVerifier.trusting(TrustedKeys.of(List.of(key.verificationKey()))).verify(directory);
    for (Check failure : report.failures()) {
      if (guarantee.releasable() || !failure.name().equals("releasable")) {
        throw new VerificationException(
            "the bundle would not verify: " + failure.name() + ": " + failure.detail());
      }
    }
  }

  private void publish() throws IOException {
    for (Path file : BundleFiles.list(directory).values()) {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
    }
    requireFree(target);
    Files.move(directory, target, StandardCopyOption.ATOMIC_MOVE);
  }

  private void requireOpen() {
    if (sealed) {
      throw new IllegalStateException("the bundle is sealed");
    }
  }

  private static void requireFree(Path target) throws IOException {
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(target.toString());
    }
  }

  private static final class Remover extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
        throws IOException {
      if (failure != null) {
        throw failure;
      }
      Files.delete(directory);
      return FileVisitResult.CONTINUE;
    }
  }
}
