package io.rona.privacy.noise;

import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.prng.SP800SecureRandomBuilder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Bytes per microsecond of the generators of SP 800-90A, reseeded before every 4096 bytes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class GeneratorBenchmark {
  /** The generator. */
  @Param({"HASH_SHA512", "HASH_SHA256", "HMAC_SHA512", "CTR_AES256"})
  public String generator = "";

  private final byte[] buffer = new byte[SecretBits.BUFFER_BYTES];
  private SecureRandom random = new SecureRandom();

  /** Builds the generator as {@link SecretBits} does. */
  @Setup
  public void build() {
    SP800SecureRandomBuilder builder =
        new SP800SecureRandomBuilder(SecretBits.operatingSystem(), true)
            .setEntropyBitsRequired(256);
    byte[] nonce = SecretBits.operatingSystem().generateSeed(32);
    random =
        switch (generator) {
          case "HASH_SHA512" -> builder.buildHash(new SHA512Digest(), nonce, true);
          case "HASH_SHA256" -> builder.buildHash(new SHA256Digest(), nonce, true);
          case "HMAC_SHA512" -> builder.buildHMAC(new HMac(new SHA512Digest()), nonce, true);
          case "CTR_AES256" -> builder.buildCTR(AESEngine.newInstance(), 256, nonce, true);
          default -> throw new IllegalArgumentException("generator " + generator);
        };
  }

  /** One buffer. */
  @Benchmark
  @OperationsPerInvocation(SecretBits.BUFFER_BYTES)
  public byte[] bytes() {
    random.nextBytes(buffer);
    return buffer;
  }
}
