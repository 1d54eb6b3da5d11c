package io.rona.privacy.certificate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A user's signing keys: one directory, two files a key.
 *
 * <p>{@code NAME.key.pem} holds the private key (mode 600), {@code NAME.pub.pem} the public one.
 * Private keys stand under a passphrase; the one exception is {@link #firstRunKey}. A private key
 * that others can read is refused. After a rotation the old pair stays as {@code
 * NAME.retired-ID.*}, so that what it signed can still be checked.
 */
public final class KeyHome {
  /** The name of the key that signs when no other is named. */
  public static final String DEFAULT_NAME = "default";

  private static final String PRIVATE_SUFFIX = ".key.pem";
  private static final String PUBLIC_SUFFIX = ".pub.pem";
  private static final String RETIRED = ".retired-";
  private static final Pattern NAME =
      Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}(\\.retired-[0-9a-f]{16})?");
  private static final int ID_CHARS = 16;
  private static final Set<PosixFilePermission> OWNER_FILE =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> OWNER_DIRECTORY =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> OTHERS =
      PosixFilePermissions.fromString("---rwxrwx");

  private final Path directory;

  private KeyHome(Path directory) {
    this.directory = directory;
  }

  /**
   * Opens the keys of a rona home.
   *
   * @param ronaHome the directory that holds {@code keys}; made when the first key is
   * @return the keys
   */
  public static KeyHome of(Path ronaHome) {
    return new KeyHome(ronaHome.resolve("keys"));
  }

  /**
   * Returns where the keys are.
   *
   * @return the directory
   */
  public Path directory() {
    return directory;
  }

  /**
   * Makes a key under a passphrase.
   *
   * @param name the key's name: lower-case letters, digits, {@code _} and {@code -}
   * @param algorithm the signature algorithm
   * @param passphrase at least 8 characters; overwritten after use
   * @param random where the key and the salt come from
   * @return the public half
   * @throws KeyException if the name is taken or malformed, or the passphrase too short
   */
  public VerificationKey generate(
      String name, SigningAlgorithm algorithm, PassphraseSource passphrase, SecureRandom random) {
    requireFree(name);
    SigningKey key = SigningKey.generate(algorithm, random);
    store(name, key, encrypted(key, passphrase, random));
    return key.verificationKey();
  }

  /**
   * Puts a new key in the place of a named one, which is kept under its retired name.
   *
   * @param name the key's name
   * @param algorithm the new key's algorithm
   * @param passphrase the new key's passphrase; overwritten after use
   * @param random where the key and the salt come from
   * @return the public half of the new key
   * @throws KeyException if there is no such key or the passphrase is too short
   */
  public VerificationKey rotate(
      String name, SigningAlgorithm algorithm, PassphraseSource passphrase, SecureRandom random) {
    VerificationKey old = show(name);
    SigningKey key = SigningKey.generate(algorithm, random);
    String pem = encrypted(key, passphrase, random);
    String retired = name + RETIRED + old.keyId().substring(0, ID_CHARS);
    try {
      // The private half first: a crash in between leaves no pair that does not belong together.
      move(privateFile(name), privateFile(retired));
      move(publicFile(name), publicFile(retired));
    } catch (IOException e) {
      throw new KeyException("cannot retire key " + name + " in " + directory, e);
    }
    store(name, key, pem);
    return key.verificationKey();
  }

  /**
   * Opens a key for signing.
   *
   * @param name the key's name
   * @param passphrase asked only if the key stands under one
   * @return the key
   * @throws KeyException if there is no such key, others can read it, the passphrase is wrong, or
   *     the public file beside it holds another key
   */
  public SigningKey open(String name, PassphraseSource passphrase) {
    SigningKey key = openFile(privateFile(requireName(name)), passphrase);
    if (Files.exists(publicFile(name)) && !show(name).equals(key.verificationKey())) {
      throw new KeyException(
          publicFile(name) + " must hold the public half of " + privateFile(name));
    }
    return key;
  }

  /**
   * Opens a private key file outside any key home.
   *
   * @param file PKCS#8 in PEM, readable by its owner alone
   * @param passphrase asked only if the key stands under one
   * @return the key
   * @throws KeyException if the file cannot be read, others can read it, or the passphrase is wrong
   */
  public static SigningKey openFile(Path file, PassphraseSource passphrase) {
    requirePrivate(file);
    try {
      return PrivateKeyPem.read(readText(file), passphrase);
    } catch (VerificationException e) {
      throw new KeyException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Reads the public half of a key.
   *
   * @param name the key's name
   * @return the public half
   * @throws KeyException if there is no such key or its file is malformed
   */
  public VerificationKey show(String name) {
    return showFile(publicFile(requireName(name)));
  }

  /**
   * Reads a public key file.
   *
   * @param file one PEM block labelled PUBLIC KEY
   * @return the key
   * @throws KeyException if the file cannot be read or is malformed
   */
  public static VerificationKey showFile(Path file) {
    try {
      return VerificationKey.ofPem(readText(file));
    } catch (VerificationException e) {
      throw new KeyException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Lists the keys, retired ones included.
   *
   * @return the names in order; empty where there is no key home yet
   */
  public List<String> names() {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(PUBLIC_SUFFIX))
          .map(name -> name.substring(0, name.length() - PUBLIC_SUFFIX.length()))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new KeyException("cannot list " + directory, e);
    }
  }

  /**
   * Opens the default key, or makes one without a passphrase if there is none yet.
   *
   * <p>A first run must work without questions. The key is written in the clear, with mode 600 and
   * a warning; where the file system has no such modes it is not written at all and signs this run
   * alone, with another warning.
   *
   * @param passphrase asked only if the default key exists and stands under a passphrase
   * @param random where a new key comes from
   * @param warnings told, in one line, what the key cannot promise
   * @return the key
   * @throws KeyException if the default key exists and cannot be opened
   */
  public SigningKey firstRunKey(
      PassphraseSource passphrase, SecureRandom random, Consumer<String> warnings) {
    if (Files.exists(privateFile(DEFAULT_NAME), LinkOption.NOFOLLOW_LINKS)) {
      return open(DEFAULT_NAME, passphrase);
    }
    SigningKey key = SigningKey.generate(SigningAlgorithm.ED25519, random);
    if (!hasModes()) {
      warnings.accept(
          "signing with a key made for this run alone: "
              + "this file system cannot keep a private key from others");
      return key;
    }
    requireFree(DEFAULT_NAME);
    store(DEFAULT_NAME, key, PrivateKeyPem.write(key));
    warnings.accept(
        "made a signing key without a passphrase in "
            + privateFile(DEFAULT_NAME)
            + "; replace it with `rona keys rotate` before anyone relies on it");
    return key;
  }

  private boolean hasModes() {
    return directory.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private String encrypted(SigningKey key, PassphraseSource passphrase, SecureRandom random) {
    char[] chars = passphrase.get();
    try {
      return PrivateKeyPem.write(key, chars, random);
    } finally {
      Arrays.fill(chars, '\0');
    }
  }

  private void store(String name, SigningKey key, String privatePem) {
    try {
      Files.createDirectories(directory, attributes(OWNER_DIRECTORY));
      write(privateFile(name), privatePem);
      write(publicFile(name), key.verificationKey().pem());
    } catch (IOException e) {
      throw new KeyException("cannot write key " + name + " in " + directory, e);
    }
  }

  /** Writes beside and renames, so that no reader meets half a key. */
  private void write(Path file, String text) throws IOException {
    Path beside = Files.createTempFile(directory, ".", ".tmp", attributes(OWNER_FILE));
    try {
      try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE)) {
        ByteBuffer bytes = StandardCharsets.US_ASCII.encode(text);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      move(beside, file);
    } finally {
      Files.deleteIfExists(beside);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    if (Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(to.toString());
    }
    Files.move(from, to);
  }

  private FileAttribute<?>[] attributes(Set<PosixFilePermission> permissions) {
    return hasModes()
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
        : new FileAttribute<?>[0];
  }

  private void requireFree(String name) {
    requireName(name);
    for (Path file : List.of(privateFile(name), publicFile(name))) {
      if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new KeyException(file + " exists already: choose another name, or rotate the key");
      }
    }
  }

  private static String requireName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new KeyException(
          "key name must be 1 to 64 lower-case letters, digits, _ or -, but is " + name);
    }
    return name;
  }

  private static void requirePrivate(Path file) {
    try {
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new KeyException("no private key at " + file);
      }
      if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        return;
      }
      Set<PosixFilePermission> open = EnumSet.copyOf(OTHERS);
      open.retainAll(Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS));
      if (!open.isEmpty()) {
        throw new KeyException(file + " must be readable by its owner alone: chmod 600 " + file);
      }
    } catch (IOException e) {
      throw new KeyException("cannot read " + file, e);
    }
  }

  private static String readText(Path file) {
    try {
      if (!(Files.size(file) <= PemBlock.MAX_CHARS)) {
        throw new KeyException(file + " must be at most " + PemBlock.MAX_CHARS + " bytes");
      }
      return Files.readString(file, StandardCharsets.US_ASCII);
    } catch (NoSuchFileException e) {
      throw new KeyException("no key at " + file, e);
    } catch (IOException | UncheckedIOException e) {
      throw new KeyException("cannot read " + file, e);
    }
  }

  private Path privateFile(String name) {
    return directory.resolve(name + PRIVATE_SUFFIX);
  }

  private Path publicFile(String name) {
    return directory.resolve(name + PUBLIC_SUFFIX);
  }
}
