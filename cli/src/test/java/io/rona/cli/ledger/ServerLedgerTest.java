package io.rona.cli.ledger;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.rona.cli.Main;
import io.rona.privacy.ledger.BudgetLedger;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Ledgers on a server, as the commands use them. */
@EnabledOnOs(
    value = OS.LINUX,
    architectures = "amd64",
    disabledReason = "the binaries of PostgreSQL that tests have")
final class ServerLedgerTest {
  private static final String PASSWORD = "canary-passphrase-of-the-ledger";

  @TempDir
  @SuppressWarnings("NullAway.Init") // Set before all tests.
  private static Path directory;

  private static @Nullable EmbeddedPostgres server;

  @BeforeAll
  static void startServer() throws Exception {
    boolean root = "root".equals(System.getProperty("user.name"));
    assumeTrue(
        !root || new ProcessBuilder("unshare", "--user", "true").start().waitFor() == 0,
        "PostgreSQL refuses to run as root, and this system forbids user name spaces");
    EmbeddedPostgres started =
        EmbeddedPostgres.builder()
            .setOverrideWorkingDirectory(directory.resolve("program").toFile())
            .setDataDirectory(directory.resolve("data"))
            .setServerConfig("fsync", "on")
            .setServerConfig("max_connections", "20")
            .start();
    server = started;
    // Out of the box the server of the tests believes everybody.
    Files.writeString(
        directory.resolve("data/pg_hba.conf"),
        "host all team all scram-sha-256\nhost all postgres all trust\n");
    try (var connection = started.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute("CREATE ROLE team LOGIN PASSWORD '" + PASSWORD + "'");
      statement.execute("SELECT pg_reload_conf()");
      statement.execute("GRANT CREATE ON DATABASE postgres TO team");
    }
  }

  @AfterAll
  static void stopServer() throws IOException {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void budgetCommands_onAServer_keepPasswordsOutOfWhatTheyPrint() throws Exception {
    Path home = directory.resolve("home");
    String register =
        "budget register --dataset patients --units 1000 --epsilon 1 --delta 1e-5 --keyed-digest "
            + "d".repeat(64);
    assertEquals(0, rona(home, PASSWORD, register), this::printed);
    assertEquals(0, rona(home, PASSWORD, "budget status"), this::printed);
    assertTrue(printed().contains("patients"), this::printed);
    assertEquals(1, rona(home, "wrong-canary", "budget status --dataset=x"), this::printed);
    assertFalse(printed().contains("canary"), this::printed);
    for (String content : contents(home)) {
      assertFalse(content.contains("canary"));
    }
  }

  @Test
  void installationKey_isMadeWithTheLedgerAndThenRequired() throws Exception {
    Path first = directory.resolve("first");
    LedgerAccess access = access(first, "keyed");
    InstallationKey key = access.installationKey(Clock.systemUTC(), new SecureRandom());
    key.keep();
    InstallationKey kept = access.installationKey(Clock.systemUTC(), new SecureRandom());
    assertArrayEquals(key.bytes(), kept.bytes());
    try (Stream<Path> files = Files.list(first.resolve("ledgers"))) {
      for (Path file : files.toList()) {
        assertEquals(
            "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
      }
    }
    try (BudgetLedger ledger = access.openOrCreate(Clock.systemUTC())) {
      ledger.register(TestAccounts.patients());
    }
    LedgerAccess colleague = access(directory.resolve("second"), "keyed");
    FileSystemException e =
        assertThrows(
            FileSystemException.class,
            () -> colleague.installationKey(Clock.systemUTC(), new SecureRandom()));
    assertTrue(String.valueOf(e.getReason()).contains("copy it"));
  }

  private static LedgerAccess access(Path home, String schema) {
    Map<String, String> environment =
        Map.of(LedgerCredentials.USER, "team", LedgerCredentials.PASSWORD, PASSWORD);
    return LedgerAccess.of(
        url() + "?currentSchema=" + schema, home, LedgerCredentials.of(environment));
  }

  private static String url() {
    return "jdbc:postgresql://localhost:" + Objects.requireNonNull(server).getPort() + "/postgres";
  }

  /** Runs the program in a process of its own, whose environment alone holds the password. */
  private static int rona(Path home, String password, String arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(arguments.split(" ")));
    command.addAll(List.of("--ledger", url()));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("RONA_HOME", home.toString());
    builder.environment().put(LedgerCredentials.USER, "team");
    builder.environment().put(LedgerCredentials.PASSWORD, password);
    return builder.redirectOutput(output().toFile()).start().waitFor();
  }

  private String printed() {
    try {
      return Files.readString(output());
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static Path output() {
    return directory.resolve("output.txt");
  }

  private static List<String> contents(Path home) throws IOException {
    List<String> contents = new ArrayList<>();
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.add(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
      }
    }
    return contents;
  }
}
