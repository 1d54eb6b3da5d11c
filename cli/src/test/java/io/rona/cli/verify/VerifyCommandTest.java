package io.rona.cli.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.certificate.BundleFiles;
import io.rona.privacy.certificate.SigningAlgorithm;
import io.rona.privacy.certificate.SigningKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class VerifyCommandTest {
  private static final SigningKey KEY =
      SigningKey.generate(SigningAlgorithm.ED25519, new SecureRandom());
  private static final SigningKey OTHER =
      SigningKey.generate(SigningAlgorithm.ED25519, new SecureRandom());

  private final Path folder;
  private final Path bundle;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  VerifyCommandTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    this.bundle = SampleBundle.write(folder, KEY);
  }

  @Test
  void verify_trustedKey_exits0() throws IOException {
    assertEquals(0, run(bundle.toString(), "--key", publicKey("curator", KEY)));
    assertTrue(
        out.toString()
            .contains("verified: signed by trusted key " + KEY.verificationKey().keyId()));
    assertTrue(out.toString().contains("epsilon " + SampleBundle.EPSILON + ", delta 1.0E-5"));
    assertEquals("", err.toString());
  }

  @Test
  void verify_trustDirectory_exits0() throws IOException {
    publicKey("other", OTHER);
    publicKey("curator", KEY);

    assertEquals(0, run(bundle.toString(), "--trust", folder.toString()));
  }

  @Test
  void verify_noKey_exits0AndSaysThatNothingVouches() {
    assertEquals(0, run(bundle.toString()));
    assertTrue(out.toString().contains("nothing vouches for the signer"));
    assertTrue(out.toString().contains(KEY.verificationKey().keyId()));
  }

  @Test
  void verify_anotherKey_exits4() throws IOException {
    assertEquals(4, run(bundle.toString(), "--key", publicKey("other", OTHER)));
    assertTrue(out.toString().contains("NOT VERIFIED: trusted-key"));
  }

  @Test
  void verify_changedFile_exits4AndNamesIt() throws IOException {
    Files.write(bundle.resolve("student/model.bin"), new byte[] {1, 2, 4});

    assertEquals(4, run(bundle.toString()));
    assertTrue(out.toString().contains("NOT VERIFIED: checksums"));
    assertTrue(out.toString().contains("student/model.bin"));
  }

  @Test
  void verify_json_isOneObjectWithEveryCheck() {
    assertEquals(0, run(bundle.toString(), "--json"));
    JsonNode result = JsonMapper.builder().build().readTree(out.toString());

    assertTrue(result.get("passed").booleanValue());
    assertFalse(result.get("signerTrusted").booleanValue());
    assertEquals(SampleBundle.EPSILON, result.get("guarantee").get("epsilon").doubleValue());
    assertEquals(16, result.get("checks").size());
  }

  @Test
  void verify_pathThatDoesNotExist_exits2WithOneLine() {
    assertEquals(2, run(folder.resolve("absent").toString()));
    assertEquals(1, err.toString().lines().count());
    assertTrue(err.toString().contains("no such bundle"));
  }

  @Test
  void verify_pathThatIsNoBundle_exits4WithOneLine() throws IOException {
    Files.delete(bundle.resolve(BundleFiles.CERTIFICATE));

    assertEquals(4, run(bundle.toString()));
    assertEquals(4, run(folder.resolve("ledger.db").toString()));
    assertEquals(2, err.toString().lines().filter(line -> line.contains("not a bundle")).count());
    assertEquals(2, err.toString().lines().count());
  }

  @Test
  void verify_keyThatIsNone_exits2WithOneLine() throws IOException {
    Path key = Files.writeString(folder.resolve("bad.pub.pem"), "no key");

    assertEquals(2, run(bundle.toString(), "--key", key.toString()));
    assertEquals(1, err.toString().lines().count());
    assertTrue(err.toString().contains("bad.pub.pem"));
  }

  private int run(String... arguments) {
    return new CommandLine(new VerifyCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  private String publicKey(String name, SigningKey key) throws IOException {
    Path file = folder.resolve(name + ".pub.pem");
    return Files.writeString(file, key.verificationKey().pem()).toString();
  }
}
