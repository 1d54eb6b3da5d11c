package io.rona.cli.run;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Looks for many secrets at once in one reading of a file, and in the entries of an archive. */
final class Needles {
  private static final int LEAST = Long.BYTES;

  /** By their last eight bytes: when those have been read, the rest has been too. */
  private final Map<Long, List<Needle>> byEnd = new HashMap<>();

  private final boolean[] candidates = new boolean[1 << 16];
  private int longest = LEAST;

  private record Needle(String name, ByteBuffer bytes) {}

  int size() {
    return byEnd.values().stream().mapToInt(List::size).sum();
  }

  /** Adds a secret of at least eight bytes. */
  void add(String name, byte[] secret) {
    if (secret.length < LEAST) {
      throw new IllegalArgumentException(name + " is too short to be looked for");
    }
    long end = ByteBuffer.wrap(secret).getLong(secret.length - LEAST);
    byEnd
        .computeIfAbsent(end, e -> new ArrayList<>())
        .add(new Needle(name, ByteBuffer.wrap(secret)));
    candidates[(int) end & 0xffff] = true;
    longest = Math.max(longest, secret.length);
  }

  /** Adds a text as heap dumps and files hold it. */
  void add(String name, String secret) {
    add(name, secret.getBytes(StandardCharsets.ISO_8859_1));
    add(name, secret.getBytes(StandardCharsets.UTF_16BE));
  }

  /** Adds a number in both byte orders and as text; numbers that anything could hold are left. */
  void add(String name, double secret) {
    String text = Double.toString(secret);
    if (text.length() < 14) {
      return;
    }
    add(name, ByteBuffer.allocate(LEAST).putDouble(secret).array());
    add(name, ByteBuffer.allocate(LEAST).order(ByteOrder.LITTLE_ENDIAN).putDouble(secret).array());
    add(name, text.substring(0, 13));
  }

  /** The names of the secrets that a file holds, packed or not. */
  Set<String> in(Path file) throws IOException {
    Set<String> found = new TreeSet<>();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 20)) {
      look(in, found);
    }
    if (file.toString().endsWith(".zip")) {
      try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(file))) {
        for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
          look(new ByteArrayInputStream(zip.readAllBytes()), found);
        }
      }
    }
    return found;
  }

  private void look(InputStream in, Set<String> found) throws IOException {
    byte[] ring = new byte[Integer.highestOneBit(longest) * 2];
    long window = 0;
    int at = 0;
    for (int next = in.read(); next >= 0; next = in.read()) {
      ring[at & (ring.length - 1)] = (byte) next;
      window = window << 8 | next;
      at++;
      if (candidates[(int) window & 0xffff]) {
        for (Needle needle : byEnd.getOrDefault(window, List.of())) {
          if (ends(ring, at, needle.bytes())) {
            found.add(needle.name());
          }
        }
      }
    }
  }

  private static boolean ends(byte[] ring, int at, ByteBuffer needle) {
    int start = at - needle.limit();
    if (start < 0) {
      return false;
    }
    byte[] last = new byte[needle.limit()];
    for (int i = 0; i < last.length; i++) {
      last[i] = ring[(start + i) & (ring.length - 1)];
    }
    return ByteBuffer.wrap(last).equals(needle);
  }
}
