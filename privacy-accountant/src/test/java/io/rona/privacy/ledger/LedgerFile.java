package io.rona.privacy.ledger;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** The files of a ledger, as somebody with a database program sees them. */
final class LedgerFile {
  private final Path file;

  LedgerFile(Path file) {
    this.file = file;
  }

  Path path() {
    return file;
  }

  Path anchor() {
    return file.resolveSibling(file.getFileName() + ".head");
  }

  void copyTo(LedgerFile other) throws Exception {
    copy(file, other.file);
    copy(anchor(), other.anchor());
  }

  static void copy(Path from, Path to) throws Exception {
    Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Runs statements with the triggers out of the way, and puts the triggers back. */
  void change(String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA synchronous = OFF");
      List<String> triggers = new ArrayList<>();
      List<String> names = new ArrayList<>();
      try (ResultSet rows =
          statement.executeQuery("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")) {
        while (rows.next()) {
          names.add(rows.getString(1));
          triggers.add(rows.getString(2));
        }
      }
      for (String name : names) {
        statement.execute("DROP TRIGGER " + name);
      }
      for (String sql : statements) {
        statement.execute(sql);
      }
      for (String trigger : triggers) {
        statement.execute(trigger);
      }
    }
  }

  /** Runs statements as they are. */
  void execute(String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  List<LedgerEntry> entries() throws SQLException {
    List<LedgerEntry> entries = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT * FROM entries ORDER BY sequence")) {
      while (row.next()) {
        entries.add(
            new LedgerEntry(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5)));
      }
    }
    return entries;
  }

  /** Replaces all entries, whatever they say. */
  void replace(List<LedgerEntry> entries) throws SQLException {
    List<String> sql = new ArrayList<>(List.of("DELETE FROM entries"));
    for (LedgerEntry entry : entries) {
      sql.add(
          String.format(
              "INSERT INTO entries VALUES (%d, '%s', '%s', '%s', '%s')",
              entry.sequence(),
              entry.previousHash(),
              entry.accountTag(),
              entry.body().replace("'", "''"),
              entry.hash()));
    }
    change(sql.toArray(new String[0]));
  }
}
