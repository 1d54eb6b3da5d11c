package io.rona.privacy.certificate;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file {@value BundleFiles#CHECKSUMS}: one line a file, in the form {@code sha256sum -c} reads,
 * in the order of the names.
 */
final class Checksums {
  private static final Pattern LINE = Pattern.compile("([0-9a-f]{64})  (.+)");

  private Checksums() {}

  static byte[] format(SortedMap<String, String> sha256ByName) {
    StringBuilder text = new StringBuilder();
    sha256ByName.forEach(
        (name, sha256) -> text.append(sha256).append("  ").append(name).append('\n'));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  static SortedMap<String, String> parse(byte[] content) {
    SortedMap<String, String> digests = new TreeMap<>();
    for (String line : StrictJson.utf8(content, BundleFiles.CHECKSUMS).lines().toList()) {
      Matcher matcher = LINE.matcher(line);
      if (!matcher.matches()) {
        throw new VerificationException(
            BundleFiles.CHECKSUMS + " must hold lines of a digest, two spaces and a name");
      }
      BundleFiles.requireName(matcher.group(2));
      digests.put(matcher.group(2), matcher.group(1));
    }
    if (!Arrays.equals(format(digests), content)) {
      throw new VerificationException(
          BundleFiles.CHECKSUMS + " must be sorted by name, each name once");
    }
    return digests;
  }

  /** Compares what is claimed with what is there, and names the first file that differs. */
  static void requireEqual(String who, Map<String, String> claimed, Map<String, String> actual) {
    for (String name : claimed.keySet()) {
      if (!actual.containsKey(name)) {
        throw new VerificationException(who + " names a file that is missing: " + name);
      }
    }
    for (Map.Entry<String, String> file : actual.entrySet()) {
      String expected = claimed.get(file.getKey());
      if (expected == null) {
        throw new VerificationException(who + " does not name the file " + file.getKey());
      }
      if (!expected.equals(file.getValue())) {
        throw new VerificationException(
            who + " gives another digest for " + file.getKey() + ": the file was changed");
      }
    }
  }
}
