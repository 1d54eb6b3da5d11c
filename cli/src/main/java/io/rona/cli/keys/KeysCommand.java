package io.rona.cli.keys;

import io.rona.cli.RonaHome;
import io.rona.privacy.certificate.KeyException;
import io.rona.privacy.certificate.KeyHome;
import io.rona.privacy.certificate.SigningAlgorithm;
import io.rona.privacy.certificate.VerificationException;
import io.rona.privacy.certificate.VerificationKey;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code rona keys}: makes, shows and rotates the keys that sign certificates.
 *
 * <p>Keys are in {@code keys} of the rona home. Exit codes: 0, or 2 with one line on standard error
 * if a key cannot be made, found or opened.
 */
@Command(
    name = "keys",
    mixinStandardHelpOptions = true,
    description = "Makes, shows and rotates the keys that sign certificates.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields.
public final class KeysCommand implements Runnable {
  private static final int USAGE = 2;
  private static final String NAME = "The key's name; 'default' if none is given.";
  private static final String ALGORITHM =
      "ed25519, ecdsa-p256, ml-dsa-44, ml-dsa-65 or ml-dsa-87; ed25519 if none is given.";
  private static final String PASSPHRASE_FILE =
      "A file whose first line is the passphrase; else " + Passphrases.VARIABLE + ", else asked.";

  private final KeyHome home;
  private final Passphrases passphrases;

  @Spec private CommandSpec spec;

  /** Makes the command for this process's user; picocli fills it. */
  public KeysCommand() {
    this(
        RonaHome.of(System.getenv(), Path.of(System.getProperty("user.home"))),
        Passphrases.ofProcess());
  }

  /**
   * Makes the command for some home.
   *
   * @param ronaHome the rona home
   * @param passphrases where passphrases come from
   */
  public KeysCommand(Path ronaHome, Passphrases passphrases) {
    this.home = KeyHome.of(ronaHome);
    this.passphrases = passphrases;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "one of generate, show, rotate is needed");
  }

  @Command(
      name = "generate",
      mixinStandardHelpOptions = true,
      description = "Makes a key under a passphrase.")
  int generate(
      @Option(names = "--name", defaultValue = "default", description = NAME) String name,
      @Option(names = "--algorithm", defaultValue = "ed25519", description = ALGORITHM)
          String algorithm,
      @Option(names = "--passphrase-file", description = PASSPHRASE_FILE) @Nullable Path file) {
    return run(
        () -> {
          VerificationKey key =
              home.generate(
                  name,
                  SigningAlgorithm.ofLabel(algorithm),
                  passphrases.fresh(file),
                  new SecureRandom());
          print(line(name, key));
          print("public key: " + home.directory().resolve(name + ".pub.pem"));
        });
  }

  @Command(
      name = "rotate",
      mixinStandardHelpOptions = true,
      description = {
        "Puts a new key in the place of an old one.",
        "The old pair stays beside it under its retired name: what it signed can still be checked."
      })
  int rotate(
      @Option(names = "--name", defaultValue = "default", description = NAME) String name,
      @Option(names = "--algorithm", defaultValue = "ed25519", description = ALGORITHM)
          String algorithm,
      @Option(names = "--passphrase-file", description = PASSPHRASE_FILE) @Nullable Path file) {
    return run(
        () -> {
          VerificationKey old = home.show(name);
          VerificationKey key =
              home.rotate(
                  name,
                  SigningAlgorithm.ofLabel(algorithm),
                  passphrases.fresh(file),
                  new SecureRandom());
          print(line(name, key));
          print("retired: " + old);
        });
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = {
        "Shows public keys: all of the home, or one in full.",
        "With --pkcs12 or --pkcs11, the public half of a key kept elsewhere."
      })
  int show(
      @Parameters(arity = "0..1", paramLabel = "NAME", description = NAME) @Nullable String name,
      @Mixin KeyStoreOptions keyStore) {
    return run(
        () -> {
          if (keyStore.isUsed()) {
            print(keyStore.open(passphrases).verificationKey().pem().strip());
          } else if (name != null) {
            print(line(name, home.show(name)));
            print(home.show(name).pem().strip());
          } else {
            showAll();
          }
        });
  }

  private void showAll() {
    List<String> names = home.names();
    if (names.isEmpty()) {
      print("no keys in " + home.directory());
    }
    names.forEach(name -> print(line(name, home.show(name))));
  }

  private static String line(String name, VerificationKey key) {
    return String.format(Locale.ROOT, "%-12s %-10s %s", name, key.algorithm(), key.keyId());
  }

  private void print(String line) {
    spec.commandLine().getOut().println(line);
  }

  /** Runs an action; what a person did wrong is one line and exit code 2. */
  private int run(Runnable action) {
    try {
      action.run();
      spec.commandLine().getOut().flush();
      return 0;
    } catch (KeyException | VerificationException | IllegalArgumentException e) {
      PrintWriter err = spec.commandLine().getErr();
      err.println(e.getMessage());
      err.flush();
      return USAGE;
    }
  }
}
