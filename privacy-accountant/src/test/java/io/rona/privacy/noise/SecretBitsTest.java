package io.rona.privacy.noise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.modes.SICBlockCipher;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;
import org.junit.jupiter.api.Test;

/**
 * Reuse is looked for among 64-bit words: of n independent ones two agree with probability below
 * n^2 2^-65, here below 10^-8.
 */
class SecretBitsTest {
  private static final int WORDS = 20_000;

  /** Prints words that the child process drew. */
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) {
      RandomBits bits = SecretBits.create();
      for (int i = 0; i < WORDS; i++) {
        System.out.println(bits.nextLong());
      }
    }
  }

  @Test
  void nextLong_acrossThreads_neverRepeats() throws InterruptedException {
    assertFalse(repeats(drawInThreads(SecretBits::create)));
    assertTrue(repeats(drawInThreads(() -> new SeededBits(1))), "equal seeds must be noticed");
  }

  @Test
  void gaussian_oneSourceManyThreads_neverRepeats() throws InterruptedException {
    NoiseSource noise = SecretNoise.create();
    Grid grid = new Grid(-44);
    Supplier<long[]> draw =
        () ->
            LongStream.range(0, WORDS)
                .map(i -> Double.doubleToRawLongBits(noise.gaussian(0, 1, grid)))
                .toArray();
    // Cells of 2^-44 standard deviations: 80000 draws agree by chance about 10^-4 times a pair.
    List<long[]> first = inThreads(draw);
    long[] all = first.stream().flatMapToLong(Arrays::stream).toArray();
    long distinct = Arrays.stream(all).distinct().count();
    assertTrue(all.length - distinct < 10, () -> all.length - distinct + " repeated");
  }

  @Test
  void nextLong_acrossReseeding_neverRepeats() {
    RandomBits bits = SecretBits.create();
    int wordsOfTenBuffers = 10 * SecretBits.BUFFER_BYTES / Long.BYTES;
    assertTrue(WORDS > wordsOfTenBuffers);
    assertFalse(repeats(List.of(draw(bits), draw(bits))));
  }

  @Test
  void nextLong_acrossProcesses_neverRepeats() throws IOException, InterruptedException {
    List<long[]> streams = new ArrayList<>(List.of(draw(SecretBits.create())));
    streams.add(drawInChild());
    streams.add(drawInChild());
    assertFalse(repeats(streams));
  }

  @Test
  void fill_everyBuffer_asksTheOperatingSystemAgain() {
    CountingSystem system = new CountingSystem();
    RandomBits bits = SecretBits.seededBy(system);
    int wordsOfBuffer = SecretBits.BUFFER_BYTES / Integer.BYTES;
    for (int buffer = 1; buffer <= 5; buffer++) {
      for (int i = 0; i < wordsOfBuffer; i++) {
        bits.nextInt();
      }
      // Seeded once, and once more before each buffer; 256 bits each time.
      assertEquals(32L * (buffer + 1), system.seedBytes);
    }
  }

  @Test
  void nextInt_manyWords_haveFairBits() {
    RandomBits bits = SecretBits.create();
    long ones = 0;
    int words = 1 << 20;
    for (int i = 0; i < words; i++) {
      ones += Integer.bitCount(bits.nextInt());
    }
    // Binomial of 2^25: seven standard deviations, false reject rate below 10^-11.
    assertEquals(words * 16.0, (double) ones, 7 * Math.sqrt(words * 8.0));
  }

  @Test
  void nextInt_usedWords_areWiped() throws ReflectiveOperationException {
    RandomBits bits = SecretBits.create();
    for (int i = 0; i < 100; i++) {
      bits.nextInt();
    }
    int[] words = (int[]) fieldOf(RandomBits.class, "words", bits);
    assertArrayEquals(new int[100], Arrays.copyOf(words, 100));
    assertTrue(Arrays.stream(words).skip(100).filter(word -> word != 0).count() > 900);
    byte[] bytes = (byte[]) fieldOf(SecretBits.class, "bytes", bits);
    assertArrayEquals(new byte[SecretBits.BUFFER_BYTES], bytes);
  }

  @Test
  void toString_everySource_saysNothing() {
    SecretNoise noise = SecretNoise.create();
    noise.gaussian(0, 1, Grid.forStdDev(1));
    RandomBits secret = SecretBits.create();
    assertEquals("SecretNoise", noise.toString());
    assertEquals("SecretBits", secret.toString());
    assertEquals("KeystreamBits", KeystreamBits.keyedBy(secret).toString());
    assertEquals("LazyNormal", new LazyNormal(secret, 1L).toString());
    assertEquals("SeededNoise[not releasable]", SeededNoise.notReleasable(123).toString());
    assertTrue(
        Stream.of(noise, secret, SeededNoise.notReleasable(1))
            .noneMatch(Serializable.class::isInstance));
  }

  @Test
  void releasable_onlyForSecretNoise() {
    assertTrue(SecretNoise.create().releasable());
    assertFalse(SeededNoise.notReleasable(1).releasable());
  }

  @Test
  void keystream_knownKey_isAesInCounterMode() {
    int[] key = {1, -2, 3, -4, 5, -6, 7, -8};
    RandomBits stream = KeystreamBits.keyedBy(new FixedBits(key));
    byte[] keyBytes = new byte[32];
    java.nio.ByteBuffer.wrap(keyBytes).asIntBuffer().put(key);
    var reference = SICBlockCipher.newInstance(AESEngine.newInstance());
    reference.init(true, new ParametersWithIV(new KeyParameter(keyBytes), new byte[16]));
    byte[] expected = new byte[4 * KeystreamBits.BUFFER_BYTES];
    reference.processBytes(expected, 0, expected.length, expected, 0);
    java.nio.IntBuffer words = java.nio.ByteBuffer.wrap(expected).asIntBuffer();
    while (words.hasRemaining()) {
      assertEquals(words.get(), stream.nextInt());
    }
  }

  @Test
  void addGaussian_twoCalls_areIndependentAndCosted() {
    NoiseSource noise = SecretNoise.create();
    double[] first = new double[10_000];
    double[] second = new double[10_000];
    Grid grid = new Grid(-40);
    ApproximationCost cost = noise.addGaussian(first, 1.0, grid);
    noise.addGaussian(second, 1.0, grid);
    // 10000 values take at least 40000 bytes: 2500 blocks.
    assertTrue(cost.totalVariation() >= 2500.0 * 2499 * 0x1p-129);
    assertTrue(cost.totalVariation() <= 6000.0 * 6000 * 0x1p-129);
    double product = 0;
    for (int i = 0; i < first.length; i++) {
      product += first[i] * second[i];
    }
    // Mean 0, standard deviation 100; the false reject rate is below 10^-11.
    assertTrue(Math.abs(product) < 700, "sum of products " + product);
    assertEquals(
        ApproximationCost.NONE, SeededNoise.notReleasable(1).addGaussian(first, 1.0, grid));
  }

  @Test
  void addGaussian_oneBadValue_changesNothing() {
    double[] values = {1, 2, Double.NaN};
    double[] before = values.clone();
    for (NoiseSource noise : List.of(SecretNoise.create(), SeededNoise.notReleasable(4))) {
      assertThrows(
          IllegalArgumentException.class, () -> noise.addGaussian(values, 1.0, new Grid(-10)));
      assertThrows(
          IllegalArgumentException.class, () -> noise.addGaussian(values, 0.0, new Grid(-10)));
      assertArrayEquals(before, values);
    }
  }

  /** The operating system's generator, counting the seed it gives. */
  private static final class CountingSystem extends SecureRandom {
    private static final long serialVersionUID = 1L;

    private long seedBytes;

    @Override
    public byte[] generateSeed(int bytes) {
      seedBytes += bytes;
      return super.generateSeed(bytes);
    }
  }

  private static Object fieldOf(Class<?> type, String name, Object owner)
      throws ReflectiveOperationException {
    Field field = type.getDeclaredField(name);
    field.setAccessible(true);
    return field.get(owner);
  }

  private static long[] draw(RandomBits bits) {
    return LongStream.range(0, WORDS).map(i -> bits.nextLong()).toArray();
  }

  private static List<long[]> drawInThreads(Supplier<RandomBits> source)
      throws InterruptedException {
    return inThreads(() -> draw(source.get()));
  }

  private static List<long[]> inThreads(Supplier<long[]> work) throws InterruptedException {
    ConcurrentLinkedQueue<long[]> results = new ConcurrentLinkedQueue<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Thread thread = new Thread(() -> results.add(work.get()));
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(4, results.size());
    return List.copyOf(results);
  }

  private static long[] drawInChild() throws IOException, InterruptedException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process =
        new ProcessBuilder(
                java, "-cp", System.getProperty("java.class.path"), Child.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (InputStream output = process.getInputStream()) {
      String text = new String(output.readAllBytes(), StandardCharsets.US_ASCII);
      assertEquals(0, process.waitFor());
      long[] words = text.lines().mapToLong(Long::parseLong).toArray();
      assertEquals(WORDS, words.length);
      return words;
    }
  }

  private static boolean repeats(List<long[]> streams) {
    Set<Long> seen = new HashSet<>();
    for (long[] stream : streams) {
      for (long word : stream) {
        if (!seen.add(word)) {
          return true;
        }
      }
    }
    return false;
  }
}
