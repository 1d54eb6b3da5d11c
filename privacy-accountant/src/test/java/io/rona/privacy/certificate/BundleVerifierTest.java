package io.rona.privacy.certificate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.Adjacency;
import io.rona.privacy.Sha256;
import io.rona.privacy.certificate.Check.Outcome;
import io.rona.privacy.ledger.LedgerExtract;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BundleVerifierTest {
  private static final SigningKey KEY =
      SigningKey.generate(SigningAlgorithm.ED25519, new SecureRandom());
  private static final SigningKey OTHER_KEY =
      SigningKey.generate(SigningAlgorithm.ED25519, new SecureRandom());

  private final Path folder;
  private final LedgerExtract extract;
  private final Path bundle;

  BundleVerifierTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    this.extract = TestBundles.extract(folder.resolve("ledger.db"), "images");
    this.bundle = TestBundles.write(folder.resolve("bundle"), extract, KEY);
  }

  @Test
  void verify_trueBundle_passesEveryCheck() {
    VerificationReport report = verify(bundle, KEY);

    assertTrue(report.passed(), () -> report.failures().toString());
    assertTrue(report.signerTrusted());
    assertEquals(KEY.verificationKey().keyId(), report.signerKeyId().orElseThrow());
    assertEquals(TestBundles.epsilon(), report.guarantee().orElseThrow().claim().epsilon());
    assertEquals(
        List.of(
            "layout",
            "checksums",
            "envelope",
            "signature",
            "trusted-key",
            "statement",
            "subjects",
            "ledger",
            "account",
            "delta",
            "run",
            "events",
            "epsilon",
            "total",
            "releasable",
            "summary"),
        report.checks().stream().map(Check::name).toList());
  }

  @Test
  void verify_noTrustedKey_passesWithAWarningThatNamesTheKey() {
    VerificationReport report = BundleVerifier.trusting(TrustedKeys.none()).verify(bundle);

    assertTrue(report.passed());
    assertFalse(report.signerTrusted());
    assertEquals(Outcome.WARN, outcome(report, "trusted-key"));
    assertTrue(detail(report, "trusted-key").contains(KEY.verificationKey().keyId()));
    assertTrue(detail(report, "trusted-key").contains("nothing vouches for"));
  }

  @Test
  void verify_anotherKeyTrusted_failsTheTrustCheckAlone() {
    VerificationReport report = verify(bundle, OTHER_KEY);

    assertFalse(report.passed());
    assertEquals(List.of("trusted-key"), failed(report));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ecdsa-p256", "ml-dsa-44", "ml-dsa-65", "ml-dsa-87"})
  void verify_otherAlgorithms_pass(String algorithm) throws IOException {
    SigningKey key = SigningKey.generate(SigningAlgorithm.ofLabel(algorithm), new SecureRandom());
    Path signed = TestBundles.write(folder.resolve("signed"), extract, key);

    assertTrue(verify(signed, key).passed());
  }

  /** Every byte of every file, one bit each, a different one from byte to byte. */
  @Test
  void verify_anyByteFlipped_fails() throws IOException {
    flipEveryByte(0);
  }

  /** All eight bits of every byte. */
  @Tag("nightly")
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
  void verify_anyBitFlipped_fails(int bit) throws IOException {
    flipEveryByte(bit);
  }

  private void flipEveryByte(int bit) throws IOException {
    BundleVerifier verifier = BundleVerifier.trusting(TrustedKeys.none());
    long flips = 0;
    for (Path file : files(bundle)) {
      byte[] content = Files.readAllBytes(file);
      for (int i = 0; i < content.length; i++) {
        byte[] flipped = content.clone();
        flipped[i] ^= (byte) (1 << ((i + bit) % 8));
        Files.write(file, flipped);
        int place = i;
        requireNamed(verifier.verify(bundle), file, () -> "byte " + place);
        flips++;
      }
      Files.write(file, content);
    }
    assertTrue(flips > 5_000, "a bundle of " + flips + " bytes tests little");
    assertTrue(verifier.verify(bundle).passed(), "the bundle is whole again");
  }

  /** A changed file is named, and of a changed certificate the part that does not hold. */
  private void requireNamed(VerificationReport report, Path file, Supplier<String> where) {
    String name = bundle.relativize(file).toString();
    List<String> parts =
        name.equals(BundleFiles.CERTIFICATE)
            ? List.of("envelope", "signature", "statement", "subjects")
            : List.of();
    boolean named =
        report.failures().stream()
            .anyMatch(check -> check.detail().contains(name) || parts.contains(check.name()));
    assertFalse(report.passed(), () -> name + ", " + where.get());
    assertTrue(named, () -> name + ", " + where.get() + ": " + report.failures());
  }

  @Test
  void verify_anyFileTruncatedOrGrown_fails() throws IOException {
    for (Path file : files(bundle)) {
      byte[] content = Files.readAllBytes(file);
      for (int length : new int[] {0, content.length - 1, content.length + 1}) {
        Files.write(file, Arrays.copyOf(content, length));
        assertFalse(verify(bundle, KEY).passed(), () -> file + " of length " + length);
      }
      Files.write(file, content);
    }
  }

  @Test
  void verify_anyFileRemoved_failsAndNamesIt() throws IOException {
    for (Path file : files(bundle)) {
      byte[] content = Files.readAllBytes(file);
      Files.delete(file);
      VerificationReport report = verify(bundle, KEY);
      assertFalse(report.passed());
      String folderOrFile = bundle.relativize(file).toString().replace("/layer-0.bin", "");
      assertTrue(
          report.failures().stream().anyMatch(check -> check.detail().contains(folderOrFile)),
          () -> folderOrFile + ": " + report.failures());
      Files.write(file, content);
    }
  }

  @Test
  void verify_filesSwappedBetweenTrueBundles_fails() throws IOException {
    LedgerExtract second = TestBundles.extract(folder.resolve("second.db"), "scans");
    Path other = TestBundles.write(folder.resolve("other"), second, KEY);
    for (Path file : files(bundle)) {
      byte[] content = Files.readAllBytes(file);
      byte[] foreign = Files.readAllBytes(other.resolve(bundle.relativize(file)));
      Files.write(file, foreign);
      if (Arrays.equals(content, foreign)) {
        assertTrue(verify(bundle, KEY).passed(), file::toString);
      } else {
        requireNamed(verify(bundle, KEY), file, () -> "swapped");
      }
      Files.write(file, content);
    }
  }

  /** The statement of one bundle over the files of another, all signatures true. */
  @Test
  void verify_certificateOfAnotherBundle_fails() throws IOException {
    LedgerExtract second = TestBundles.extract(folder.resolve("second.db"), "scans");
    Path other = TestBundles.write(folder.resolve("other"), second, KEY);
    Files.copy(
        other.resolve(BundleFiles.CERTIFICATE),
        bundle.resolve(BundleFiles.CERTIFICATE),
        StandardCopyOption.REPLACE_EXISTING);

    assertTrue(failed(verify(bundle, KEY)).contains("subjects"));
  }

  @Test
  void verify_resignedWithAnotherKey_failsWhereTheTrueKeyIsTrusted() throws IOException {
    resign(bundle, OTHER_KEY, UnaryOperator.identity());

    assertEquals(List.of("trusted-key"), failed(verify(bundle, KEY)));
    assertTrue(verify(bundle, OTHER_KEY).passed());
  }

  @Test
  void verify_signatureOfAnotherKeyUnderThisKeysName_fails() throws IOException {
    DsseEnvelope envelope =
        DsseEnvelope.parse(Files.readAllBytes(bundle.resolve(BundleFiles.CERTIFICATE)));
    byte[] pae =
        DsseEnvelope.preAuthenticationEncoding(
            envelope.payloadType(), envelope.unverifiedPayload());
    DsseEnvelope forged =
        new DsseEnvelope(
            envelope.payloadType(),
            envelope.payload(),
            List.of(
                new DsseEnvelope.DsseSignature(
                    KEY.verificationKey().keyId(), StrictBase64.encode(OTHER_KEY.sign(pae)))));
    Files.write(bundle.resolve(BundleFiles.CERTIFICATE), forged.toJson());

    assertTrue(failed(verify(bundle, KEY)).contains("signature"));
  }

  @Test
  void verify_extraFile_failsAndNamesIt() throws IOException {
    Files.write(bundle.resolve("student/teacher.bin"), new byte[] {1});

    VerificationReport report = verify(bundle, KEY);

    assertEquals(List.of("checksums", "subjects"), failed(report));
    assertTrue(detail(report, "checksums").contains("student/teacher.bin"));
  }

  @ParameterizedTest
  @ValueSource(strings = {".hidden", "a b", "x\ny", "\u00e9", "labels.JSON", "-", "..."})
  void verify_fileOfAnotherKindOfName_fails(String name) throws IOException {
    Files.write(bundle.resolve(name), new byte[] {1});

    assertFalse(verify(bundle, KEY).passed());
  }

  @Test
  void verify_emptyDirectory_fails() throws IOException {
    Files.createDirectory(bundle.resolve("student/empty"));

    assertEquals(Outcome.FAIL, outcome(verify(bundle, KEY), "layout"));
  }

  @Test
  void verify_symbolicLink_fails() throws IOException {
    Path labels = bundle.resolve(BundleFiles.LABELS);
    Path outside = folder.resolve("labels.json");
    Files.move(labels, outside);
    Files.createSymbolicLink(labels, outside);

    VerificationReport report = verify(bundle, KEY);

    assertEquals(Outcome.FAIL, outcome(report, "layout"));
    assertTrue(detail(report, "layout").contains("no links"));
  }

  @Test
  void verify_symbolicLinkToADirectory_fails() throws IOException {
    Path student = bundle.resolve(BundleFiles.STUDENT);
    Files.move(student, folder.resolve("student"));
    Files.createSymbolicLink(student, folder.resolve("student"));

    assertEquals(Outcome.FAIL, outcome(verify(bundle, KEY), "layout"));
  }

  /** A sparse file of 9 GiB is refused by its size, not by reading it. */
  @Test
  void verify_hugeFile_isRefusedWithoutReadingIt() throws IOException {
    try (RandomAccessFile file =
        new RandomAccessFile(bundle.resolve("student/model.bin").toFile(), "rw")) {
      file.setLength(9L << 30);
    }

    VerificationReport report = verify(bundle, KEY);

    assertEquals(Outcome.FAIL, outcome(report, "layout"));
    assertTrue(detail(report, "layout").contains("student/model.bin"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"certificate.dsse.json", "certificate.pub.pem", "ledger-extract.json"})
  void verify_hugeDocument_isRefusedWithBoundedMemory(String name) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(bundle.resolve(name).toFile(), "rw")) {
      file.setLength(3L << 30);
    }

    assertEquals(Outcome.FAIL, outcome(verify(bundle, KEY), "layout"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../etc/passwd",
        "/etc/passwd",
        "student/../../x",
        "student//x",
        "a/./b",
        "..",
        "a\\b"
      })
  void verify_pathOutOfTheBundle_isRefusedInChecksumsAndWriter(String name) throws IOException {
    assertThrows(VerificationException.class, () -> BundleFiles.requireName(name));
    Path sums = bundle.resolve(BundleFiles.CHECKSUMS);
    Files.writeString(sums, "0".repeat(64) + "  " + name + "\n");
    assertTrue(failed(verify(bundle, KEY)).contains("checksums"));
    try (BundleWriter writer = BundleWriter.of(folder.resolve("new"))) {
      assertThrows(VerificationException.class, () -> writer.write(name, new byte[1]));
    }
  }

  /** False claims, each signed by the trusted key: what a careless or lying signer could write. */
  static Stream<Arguments> falseClaims() {
    return Stream.of(
        Arguments.of("epsilon", claim(c -> with(c, c.epsilon() - 1e-6, c.delta()))),
        Arguments.of("epsilon", claim(c -> with(c, 0, c.delta()))),
        Arguments.of("epsilon", claim(c -> with(c, c.epsilon(), c.delta() / 10))),
        Arguments.of("delta", claim(c -> with(c, c.epsilon(), 1.0 / 60_000))),
        Arguments.of("account", claim(c -> replaced(c, Adjacency.REPLACE_ONE, "record", 60_000))),
        Arguments.of("account", claim(c -> replaced(c, c.adjacency(), "batch", 60_000))),
        Arguments.of("account", claim(c -> replaced(c, c.adjacency(), "record", 10))));
  }

  @ParameterizedTest
  @MethodSource("falseClaims")
  void verify_falseClaimTrulySigned_failsTheCheckOfThatName(String check, Claim claim)
      throws IOException {
    resign(bundle, KEY, g -> TestBundles.guarantee(claim, g.ledger()));

    List<String> failed = failed(verify(bundle, KEY));

    assertTrue(failed.contains(check), failed::toString);
  }

  @Test
  void verify_ledgerHeadOfAnotherState_fails() throws IOException {
    resign(
        bundle,
        KEY,
        g ->
            TestBundles.guarantee(
                g.claim(),
                new LedgerAnchor(
                    g.ledger().ledgerId(),
                    g.ledger().sequence() + 1,
                    "d".repeat(64),
                    g.ledger().dataset(),
                    g.ledger().runId(),
                    3,
                    TestBundles.DELTA,
                    g.ledger().totalEpsilon())));

    assertTrue(failed(verify(bundle, KEY)).contains("ledger"));
  }

  /**
   * All digests and signatures are right, but the ledger beside the certificate is an older one.
   */
  @Test
  void verify_ledgerRolledBackBehindTheCertificate_failsAndSaysSo() throws IOException {
    TestBundles.extract(folder.resolve("ledger.db"), "images");
    LedgerExtract newer = TestBundles.extract(folder.resolve("ledger.db"), "images");
    assertTrue(newer.head().sequence() > extract.head().sequence());
    resign(
        bundle,
        KEY,
        g ->
            TestBundles.guarantee(
                g.claim(),
                new LedgerAnchor(
                    newer.head().ledgerId(),
                    newer.head().sequence(),
                    newer.head().hash(),
                    g.ledger().dataset(),
                    g.ledger().runId(),
                    3,
                    TestBundles.DELTA,
                    g.ledger().totalEpsilon())));

    VerificationReport report = verify(bundle, KEY);

    assertEquals(Outcome.FAIL, outcome(report, "ledger"));
    assertTrue(detail(report, "ledger").contains("rolled back"));
  }

  /** Nothing is ever unpacked: an archive, whatever it would grow to, is no bundle. */
  @Test
  void verify_archive_isRefusedWithoutUnpackingIt() throws IOException {
    Path zip = folder.resolve("bundle.zip");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
      out.putNextEntry(new ZipEntry("../certificate.dsse.json"));
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 256; i++) {
        out.write(zeros);
      }
    }
    assertEquals(Outcome.FAIL, outcome(verify(zip, KEY), "layout"));
  }

  @Test
  void verify_runThatTheLedgerDoesNotKnow_fails() throws IOException {
    resign(bundle, KEY, g -> TestBundles.guarantee(g.claim(), anchor(g.ledger(), "run-2", 3)));

    assertTrue(failed(verify(bundle, KEY)).contains("run"));
  }

  @Test
  void verify_totalBelowWhatTheLedgerGives_fails() throws IOException {
    resign(bundle, KEY, g -> TestBundles.guarantee(g.claim(), anchor(g.ledger(), "run-1", 0.1)));

    assertEquals(List.of("total"), failed(verify(bundle, KEY)));
  }

  @Test
  void verify_noiseSeededButDeclaredSecret_fails() throws IOException {
    LedgerExtract seeded = TestBundles.extract(folder.resolve("seeded.db"), "images", false);
    PrivacyGuarantee honest =
        TestBundles.guarantee(TestBundles.claim(), TestBundles.anchor(seeded), false);
    Path marked = TestBundles.write(folder.resolve("marked"), seeded, KEY, honest);

    assertEquals(List.of("releasable"), failed(verify(marked, KEY)));
    assertThrows(
        VerificationException.class,
        () -> TestBundles.write(folder.resolve("forged"), seeded, KEY));
    assertFalse(Files.exists(folder.resolve("forged")));
  }

  @Test
  void verify_summaryThatDisagrees_fails() throws IOException {
    Files.writeString(
        bundle.resolve(BundleFiles.SUMMARY),
        "{\"epsilon\":0.1,\"delta\":1.0E-5,\"adjacency\":\"add-remove\",\"privacyUnit\":\"record\"}");
    resignFiles(bundle, KEY);

    assertEquals(List.of("summary"), failed(verify(bundle, KEY)));
  }

  @Test
  void seal_claimBelowTheLedger_writesNothing() throws IOException {
    Path target = folder.resolve("target");
    Claim low = with(TestBundles.claim(), 0.5, TestBundles.DELTA);

    assertThrows(
        VerificationException.class,
        () ->
            TestBundles.write(
                target, extract, KEY, TestBundles.guarantee(low, TestBundles.anchor(extract))));
    assertFalse(Files.exists(target));
    try (Stream<Path> left = Files.list(folder)) {
      assertTrue(left.noneMatch(path -> path.getFileName().toString().contains("partial")));
    }
  }

  /** Neither the signing key nor any spelling of it gets into the bundle. */
  @Test
  void seal_bundle_holdsNoPrivateKey() throws IOException {
    byte[] secret = PrivateKeyInfo.getInstance(PrivateKeys.pkcs8(KEY)).getPrivateKey().getOctets();
    byte[] seed = Arrays.copyOfRange(secret, secret.length - 32, secret.length);
    for (Path file : files(bundle)) {
      String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
      String payload = decoded(file);
      for (String spelling :
          List.of(
              new String(seed, StandardCharsets.ISO_8859_1),
              HexFormat.of().formatHex(seed),
              StrictBase64.encode(seed).substring(0, 40),
              "PRIVATE KEY")) {
        assertFalse(content.contains(spelling), file::toString);
        assertFalse(payload.contains(spelling), file::toString);
      }
    }
  }

  private static String decoded(Path file) throws IOException {
    return file.endsWith(BundleFiles.CERTIFICATE)
        ? new String(
            DsseEnvelope.parse(Files.readAllBytes(file)).unverifiedPayload(),
            StandardCharsets.ISO_8859_1)
        : "";
  }

  @Test
  void seal_placeTaken_leavesWhatIsThere() {
    assertThrows(FileAlreadyExistsException.class, () -> TestBundles.write(bundle, extract, KEY));
    assertTrue(verify(bundle, KEY).passed());
  }

  @Test
  void verify_pathThatIsNoBundle_failsInOneWord() throws IOException {
    assertFalse(verify(folder.resolve("absent"), KEY).passed());
    assertFalse(verify(bundle.resolve(BundleFiles.LABELS), KEY).passed());
    assertFalse(verify(Files.createDirectory(folder.resolve("empty")), KEY).passed());
  }

  /** Entries dropped, repeated and exchanged, with everything signed anew. */
  @Test
  void verify_ledgerEntriesDroppedRepeatedOrReordered_fails() throws IOException {
    String json = extract.toJson();
    List<String> entries = entries(json);
    for (int i = 0; i < entries.size(); i++) {
      List<String> dropped = new ArrayList<>(entries);
      dropped.remove(i);
      assertLedgerRefused(json, entries, dropped);
      List<String> repeated = new ArrayList<>(entries);
      repeated.add(i, entries.get(i));
      assertLedgerRefused(json, entries, repeated);
      if (i > 0) {
        List<String> reordered = new ArrayList<>(entries);
        Collections.swap(reordered, i - 1, i);
        assertLedgerRefused(json, entries, reordered);
      }
    }
  }

  private void assertLedgerRefused(String json, List<String> entries, List<String> forged)
      throws IOException {
    String changed = json.replace(String.join(",", entries), String.join(",", forged));
    assertFalse(changed.equals(json));
    Files.writeString(bundle.resolve(BundleFiles.LEDGER), changed);
    resignFiles(bundle, KEY);
    assertTrue(failed(verify(bundle, KEY)).contains("ledger"));
  }

  /** The objects of the array "entries": they hold no nested objects outside strings. */
  private static List<String> entries(String json) {
    int start = json.indexOf("\"entries\":[") + "\"entries\":[".length();
    String array = json.substring(start, json.lastIndexOf(']'));
    List<String> entries = List.of(array.split("(?<=\\}),(?=\\{\"account\":\"[0-9a-f]{64}\")"));
    assertTrue(entries.size() >= 8, "a ledger of " + entries.size() + " entries tests little");
    return entries;
  }

  private static LedgerAnchor anchor(LedgerAnchor a, String runId, double totalEpsilon) {
    return new LedgerAnchor(
        a.ledgerId(),
        a.sequence(),
        a.headHash(),
        a.dataset(),
        runId,
        a.budgetEpsilon(),
        a.budgetDelta(),
        totalEpsilon);
  }

  private static Claim claim(UnaryOperator<Claim> change) {
    return change.apply(TestBundles.claim());
  }

  private static Claim with(Claim c, double epsilon, double delta) {
    return new Claim(
        epsilon,
        delta,
        c.adjacency(),
        c.privacyUnit(),
        c.declaredUnits(),
        c.accountant(),
        c.accountantVersion(),
        OptionalDouble.empty());
  }

  private static Claim replaced(Claim c, Adjacency adjacency, String unit, long units) {
    return new Claim(
        c.epsilon(),
        c.delta(),
        adjacency,
        unit,
        units,
        c.accountant(),
        c.accountantVersion(),
        c.rdpEpsilon());
  }

  private static VerificationReport verify(Path bundle, SigningKey trusted) {
    return BundleVerifier.trusting(TrustedKeys.of(List.of(trusted.verificationKey())))
        .verify(bundle);
  }

  private static List<String> failed(VerificationReport report) {
    return report.failures().stream().map(Check::name).toList();
  }

  private static Outcome outcome(VerificationReport report, String name) {
    return check(report, name).outcome();
  }

  private static String detail(VerificationReport report, String name) {
    return check(report, name).detail();
  }

  private static Check check(VerificationReport report, String name) {
    return report.checks().stream()
        .filter(check -> check.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static List<Path> files(Path bundle) throws IOException {
    try (Stream<Path> files = Files.walk(bundle)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static void resignFiles(Path bundle, SigningKey key) throws IOException {
    resign(bundle, key, UnaryOperator.identity());
  }

  /** What someone with a key can do to a bundle: new checksums, new statement, new signature. */
  private static void resign(Path bundle, SigningKey key, UnaryOperator<PrivacyGuarantee> change)
      throws IOException {
    Path certificate = bundle.resolve(BundleFiles.CERTIFICATE);
    InTotoStatement old =
        InTotoStatement.parse(
            DsseEnvelope.parse(Files.readAllBytes(certificate)).unverifiedPayload());
    Files.delete(certificate);
    Files.delete(bundle.resolve(BundleFiles.CHECKSUMS));
    Files.writeString(
        bundle.resolve(BundleFiles.PUBLIC_KEY),
        key.verificationKey().pem(),
        StandardCharsets.US_ASCII);
    SortedMap<String, String> digests = digests(bundle);
    Files.write(bundle.resolve(BundleFiles.CHECKSUMS), Checksums.format(digests));
    InTotoStatement statement = InTotoStatement.of(digests(bundle), change.apply(old.predicate()));
    Files.write(
        certificate,
        DsseEnvelope.sign(InTotoStatement.PAYLOAD_TYPE, statement.toJson(), key).toJson());
  }

  private static SortedMap<String, String> digests(Path bundle) throws IOException {
    SortedMap<String, String> digests = new TreeMap<>();
    for (Path file : files(bundle)) {
      digests.put(bundle.relativize(file).toString(), Sha256.of(Files.readAllBytes(file)));
    }
    return digests;
  }
}
