package io.rona.privacy.certificate;

import io.rona.privacy.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One reading of a bundle: every file's digest, and the content of the files that are interpreted.
 *
 * <p>Each file is read once, so that what was digested is what is interpreted, whatever happens to
 * the directory meanwhile.
 */
final class BundleSnapshot {
  private static final Set<String> INTERPRETED =
      Set.of(
          BundleFiles.CERTIFICATE,
          BundleFiles.PUBLIC_KEY,
          BundleFiles.CHECKSUMS,
          BundleFiles.LEDGER,
          BundleFiles.SUMMARY);

  private final SortedMap<String, String> digests = new TreeMap<>();
  private final Map<String, byte[]> contents = new TreeMap<>();

  private BundleSnapshot() {}

  static BundleSnapshot of(SortedMap<String, Path> files) throws IOException {
    BundleSnapshot snapshot = new BundleSnapshot();
    for (Map.Entry<String, Path> file : files.entrySet()) {
      snapshot.read(file.getKey(), file.getValue());
    }
    return snapshot;
  }

  private void read(String name, Path file) throws IOException {
    if (!INTERPRETED.contains(name)) {
      digests.put(name, digest(name, file));
      return;
    }
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      int most =
          name.equals(BundleFiles.LEDGER) ? StrictJson.MAX_LARGE_BYTES : StrictJson.MAX_BYTES;
      byte[] content = in.readNBytes(most + 1);
      if (!(content.length <= most)) {
        throw new VerificationException(name + " must be at most " + most + " bytes");
      }
      contents.put(name, content);
      digests.put(name, Sha256.of(content));
    }
  }

  private static String digest(String name, Path file) throws IOException {
    try {
      return Digests.sha256(file, BundleFiles.MAX_FILE_BYTES);
    } catch (VerificationException e) {
      throw new VerificationException(name + " is " + e.getMessage(), e);
    }
  }

  int fileCount() {
    return digests.size();
  }

  boolean holds(String name) {
    return digests.containsKey(name);
  }

  byte[] content(String name) {
    byte[] content = contents.get(name);
    if (content == null) {
      throw new VerificationException("bundle must hold " + name);
    }
    return content.clone();
  }

  /** The digests of all files but the given ones. */
  SortedMap<String, String> digestsWithout(Set<String> names) {
    SortedMap<String, String> rest = new TreeMap<>(digests);
    rest.keySet().removeAll(names);
    return rest;
  }
}
