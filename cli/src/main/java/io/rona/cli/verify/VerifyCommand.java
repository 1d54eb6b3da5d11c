package io.rona.cli.verify;

import io.rona.privacy.certificate.BundleFiles;
import io.rona.privacy.certificate.BundleVerifier;
import io.rona.privacy.certificate.KeyException;
import io.rona.privacy.certificate.KeyHome;
import io.rona.privacy.certificate.TrustedKeys;
import io.rona.privacy.certificate.VerificationReport;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code rona verify BUNDLE}: checks a bundle offline.
 *
 * <p>Exit codes: 0 if every check holds; without {@code --key} or {@code --trust} that is so even
 * though nothing vouches for the signer, and the output says it. 4 if a check fails, and for
 * anything that exists but is no bundle. 2 if the bundle or a key cannot be found or read.
 */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = {
      "Checks a release bundle: files, signature, ledger, and epsilon by a second accountant.",
      "Needs no network. Without --key or --trust nothing vouches for who signed it."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every check holds (the signer is vouched for only with --key or --trust)",
      "2:no such path, or a key that cannot be read",
      "4:a check failed, or this is no bundle"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields.
public final class VerifyCommand implements Callable<Integer> {
  private static final int OK = 0;
  private static final int USAGE = 2;
  private static final int VERIFICATION_FAILED = 4;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "BUNDLE", description = "The bundle's directory.")
  private Path bundle;

  @ArgGroup private @Nullable Trust trust;

  @Option(names = "--json", description = "Print the result as one JSON object.")
  private boolean json;

  /** Makes the command; picocli fills it. */
  public VerifyCommand() {}

  /** Which keys are trusted: some files, or a directory of them. */
  private static final class Trust {
    @Option(
        names = "--key",
        paramLabel = "PUB",
        description = "A public key file (PEM) to trust; may be repeated.")
    private List<Path> keys = List.of();

    @Option(
        names = "--trust",
        paramLabel = "DIR",
        description = "A directory of public key files (*.pub.pem) to trust.")
    private @Nullable Path directory;

    TrustedKeys load() {
      return directory != null
          ? TrustedKeys.ofDirectory(directory)
          : TrustedKeys.of(keys.stream().map(KeyHome::showFile).toList());
    }
  }

  @Override
  public Integer call() {
    if (!Files.exists(bundle, LinkOption.NOFOLLOW_LINKS)) {
      return fail(USAGE, "no such bundle: " + bundle);
    }
    TrustedKeys trusted;
    try {
      trusted = trust == null ? TrustedKeys.none() : trust.load();
    } catch (KeyException e) {
      return fail(USAGE, String.valueOf(e.getMessage()));
    }
    if (!BundleFiles.looksLikeBundle(bundle)) {
      return fail(
          VERIFICATION_FAILED,
          "not a bundle: " + bundle + " is no directory that holds " + BundleFiles.CERTIFICATE);
    }
    VerificationReport report = BundleVerifier.trusting(trusted).verify(bundle);
    PrintWriter out = spec.commandLine().getOut();
    out.print(json ? ReportText.json(bundle, report) : ReportText.lines(report));
    out.flush();
    return report.passed() ? OK : VERIFICATION_FAILED;
  }

  private int fail(int exitCode, String message) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(message);
    err.flush();
    return exitCode;
  }
}
