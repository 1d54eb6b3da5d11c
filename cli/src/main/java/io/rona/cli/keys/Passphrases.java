package io.rona.cli.keys;

import io.rona.privacy.certificate.KeyException;
import io.rona.privacy.certificate.PassphraseSource;
import java.io.Console;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where passphrases come from: a file, the environment, or the person at the terminal, in this
 * order. Never an argument, which other users of the machine could read.
 */
public final class Passphrases {
  /** The environment variable that holds the passphrase of the signing key. */
  public static final String VARIABLE = "RONA_KEY_PASSPHRASE";

  private static final int MAX_BYTES = 4096;

  private final Map<String, String> environment;
  private final Prompt prompt;

  /** Asks a person for a secret. */
  @FunctionalInterface
  public interface Prompt {
    /**
     * Asks once, without echo.
     *
     * @param question the question
     * @return the answer, or null if there is nobody to ask
     */
    char @Nullable [] ask(String question);
  }

  private Passphrases(Map<String, String> environment, Prompt prompt) {
    this.environment = Map.copyOf(environment);
    this.prompt = prompt;
  }

  /**
   * Takes passphrases from the given places.
   *
   * @param environment environment variables
   * @param prompt who to ask last
   * @return a source of sources
   */
  public static Passphrases of(Map<String, String> environment, Prompt prompt) {
    return new Passphrases(environment, prompt);
  }

  /**
   * Takes passphrases from this process's environment and terminal.
   *
   * @return a source of sources
   */
  public static Passphrases ofProcess() {
    return of(System.getenv(), Passphrases::askConsole);
  }

  /**
   * Gives the passphrase of a key that exists.
   *
   * @param file a file whose first line it is, or null
   * @return where to get it when it is needed
   */
  public PassphraseSource existing(@Nullable Path file) {
    return () -> find(file, "Passphrase of the signing key: ");
  }

  /**
   * Gives the passphrase of a new key; a person is asked twice.
   *
   * @param file a file whose first line it is, or null
   * @return where to get it when it is needed
   */
  public PassphraseSource fresh(@Nullable Path file) {
    return () -> {
      char[] first = find(file, "New passphrase (8 characters or more): ");
      if (file == null && !environment.containsKey(VARIABLE)) {
        char[] second = find(null, "The same again: ");
        boolean same = Arrays.equals(first, second);
        Arrays.fill(second, '\0');
        if (!same) {
          Arrays.fill(first, '\0');
          throw new KeyException("the two passphrases differ");
        }
      }
      return first;
    };
  }

  private char[] find(@Nullable Path file, String question) {
    if (file != null) {
      return firstLine(file);
    }
    String variable = environment.get(VARIABLE);
    if (variable != null) {
      return variable.toCharArray();
    }
    char[] answer = prompt.ask(question);
    if (answer == null) {
      throw new KeyException(
          "no passphrase: give --passphrase-file, set " + VARIABLE + ", or run in a terminal");
    }
    return answer;
  }

  private static char[] firstLine(Path file) {
    try {
      byte[] bytes = readBounded(file);
      CharBuffer text = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(bytes));
      Arrays.fill(bytes, (byte) 0);
      int end = 0;
      while (end < text.length() && text.get(end) != '\n' && text.get(end) != '\r') {
        end++;
      }
      char[] line = new char[end];
      text.get(line);
      Arrays.fill(text.array(), '\0');
      return line;
    } catch (IOException e) {
      throw new KeyException("cannot read passphrase file " + file, e);
    }
  }

  private static byte[] readBounded(Path file) throws IOException {
    if (!(Files.size(file) <= MAX_BYTES)) {
      throw new KeyException(
          "passphrase file " + file + " must be at most " + MAX_BYTES + " bytes");
    }
    return Files.readAllBytes(file);
  }

  /** Without a terminal there is no console, or from JDK 22 on one whose input ends: null both. */
  @SuppressWarnings("SystemConsoleNull")
  private static char @Nullable [] askConsole(String question) {
    Console console = System.console();
    return console == null ? null : console.readPassword("%s", question);
  }
}
