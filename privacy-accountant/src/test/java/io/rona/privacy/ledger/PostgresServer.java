package io.rona.privacy.ledger;

import static org.junit.jupiter.api.Assumptions.abort;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A PostgreSQL server for tests, from binaries on the class path: one for all test classes.
 *
 * <p>It runs as durably as a real one. As root, which PostgreSQL refuses, it is started in a user
 * name space of its own; where the system forbids those, and where there are no binaries for it,
 * the tests are skipped.
 */
public final class PostgresServer implements AutoCloseable {
  private static final AtomicInteger SCHEMAS = new AtomicInteger();

  private final EmbeddedPostgres server;
  private final Path directory;

  private PostgresServer(EmbeddedPostgres server, Path directory) {
    this.server = server;
    this.directory = directory;
  }

  /** Gives the server to test constructors and methods that ask for it. */
  public static final class Resolver implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == PostgresServer.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context
          .getRoot()
          .getStore(Namespace.create(PostgresServer.class))
          .computeIfAbsent(PostgresServer.class, key -> start(), PostgresServer.class);
    }
  }

  private static PostgresServer start() {
    String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    if (!system.equals("Linux amd64")) {
      return abort("there are no binaries of PostgreSQL here for " + system);
    }
    if (isRoot() && !hasUserNamespaces()) {
      return abort(
          "PostgreSQL refuses to run as root, and this system forbids user name spaces"
              + " (unshare --user): run the tests as another user");
    }
    try {
      Path directory = Files.createTempDirectory("rona-postgres");
      EmbeddedPostgres server =
          EmbeddedPostgres.builder()
              .setOverrideWorkingDirectory(directory.resolve("program").toFile())
              .setDataDirectory(directory.resolve("data"))
              .setServerConfig("fsync", "on")
              .setServerConfig("synchronous_commit", "on")
              .setServerConfig("max_connections", "120")
              .setServerConfig("shared_buffers", "32MB")
              .start();
      return new PostgresServer(server, directory);
    } catch (IOException | IllegalStateException e) {
      throw new AssertionError("PostgreSQL does not start", e);
    }
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  private static boolean hasUserNamespaces() {
    try {
      return new ProcessBuilder("unshare", "--user", "true").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** A place for a ledger of its own. */
  public PostgresAddress newSchema() {
    return address("test_" + SCHEMAS.incrementAndGet());
  }

  /** A schema of that name, as the owner of the database. */
  public PostgresAddress address(String schema) {
    return PostgresAddress.of(url(schema), "postgres", "postgres");
  }

  /** The URL of a schema. */
  public String url(String schema) {
    return "jdbc:postgresql://localhost:" + server.getPort() + "/postgres?currentSchema=" + schema;
  }

  /** Runs statements as the owner of the database. */
  public void execute(String... statements) throws SQLException {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(PostgresServer::delete);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
