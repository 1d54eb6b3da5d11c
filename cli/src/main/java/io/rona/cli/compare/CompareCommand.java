package io.rona.cli.compare;

import io.rona.cli.ConfigArguments;
import io.rona.cli.ExitCodes;
import io.rona.cli.config.ConfigException;
import io.rona.cli.config.RunConfig;
import io.rona.cli.config.TeachersConfig;
import io.rona.cli.progress.ConsoleProgress;
import io.rona.cli.report.ComparisonHtml;
import io.rona.cli.run.Trial;
import io.rona.cli.run.TrialSummary;
import io.rona.cli.run.Trials;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** The command {@code rona compare}. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    header = "Compare methods and budgets, or what the parts of a configuration are worth.",
    description = {
      "%nTrains backbone and teachers once, then one student for each method and epsilon (or, with"
          + " --ablation, one without each part of the configuration), and puts accuracies on the"
          + " evaluation data into one table and one page with a plot.%n",
      "For data that are public in truth, such as benchmarks: whoever compares has looked at the"
          + " records once for every student, and the choice among them is a use of the data too."
          + " The releases are booked in a ledger of the comparison's own, and what they cost"
          + " together is printed. No student of a comparison may be released.%n"
    },
    footer = {
      "%nMethods: answers, per-step, gnmax, confident-gnmax, private-head, dp-sgd, public-only",
      "%nExample:",
      "  rona compare docs/examples/mnist.yaml data.root=data/mnist --public-data"
          + " --epsilons 0.5,1,2 --methods answers,gnmax --epochs-share 0.3",
      "",
      "Files in the directory:",
      "  comparison.html  the plot and the table",
      "  comparison.json  all figures",
      "  internal/        teachers, answers and checkpoints"
    })
public final class CompareCommand implements Callable<Integer> {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Function<Consumer<String>, Trials> executors;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private ConfigArguments arguments = new ConfigArguments();

  @Option(
      names = "--epsilons",
      split = ",",
      paramLabel = "E",
      defaultValue = "0.25,0.5,1,2,4,8",
      description = "Budgets, separated by commas (default: ${DEFAULT-VALUE}).")
  private List<Double> epsilons = new ArrayList<>();

  @Option(
      names = "--methods",
      split = ",",
      paramLabel = "METHOD",
      description = "Methods, separated by commas (default: all).")
  private List<String> methods = new ArrayList<>();

  @Option(
      names = "--ablation",
      description =
          "In place of methods and budgets: the configuration without hints, without query"
              + " selection, without self learning, and with each loss as the hint loss.")
  private boolean ablation;

  @Option(
      names = "--variants",
      split = ",",
      paramLabel = "NAME",
      description =
          "With --ablation, which rows beside the first, by their names in the table (default:"
              + " all).")
  private List<String> variants = new ArrayList<>();

  @Option(
      names = "--epochs-share",
      paramLabel = "SHARE",
      defaultValue = "1",
      description =
          "Train students this share of their epochs in each phase, one at least (default:"
              + " ${DEFAULT-VALUE}).")
  private double epochsShare = 1;

  @Option(
      names = "--public-data",
      description = "Declare that the records named sensitive are public in truth.")
  private boolean publicData;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "The comparison's directory (default: runs/NAME-compare).")
  private @Nullable Path out;

  @Option(names = "--json", description = "Print the figures as JSON.")
  private boolean json;

  /**
   * Prepares the command.
   *
   * @param executors makes what trains the students, given who hears notices
   */
  public CompareCommand(Function<Consumer<String>, Trials> executors) {
    this.executors = executors;
  }

  @Override
  public Integer call() throws IOException {
    RunConfig config = config();
    List<Trial> trials = ablation ? ablation(config) : curve(config);
    Path directory = out == null ? Path.of("runs", config.name() + "-compare") : out;
    TrialSummary summary = watch(trials, directory);
    String figures = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(summary) + "\n";
    write(directory.resolve("comparison.json"), figures);
    write(
        directory.resolve("comparison.html"),
        ComparisonHtml.render(ComparisonPages.of(summary, ablation)));
    PrintWriter print = spec.commandLine().getOut();
    print.print(json ? figures : ComparisonText.of(summary, ablation, directory));
    print.flush();
    return ExitCodes.OK;
  }

  private RunConfig config() {
    if (!publicData) {
      throw new ParameterException(
          spec.commandLine(),
          "compare uses the records once for every student and is for data that are public in"
              + " truth; say so with --public-data");
    }
    if (!(ablation || variants.isEmpty())) {
      throw new ParameterException(spec.commandLine(), "--variants must come with --ablation");
    }
    if (!(epochsShare > 0 && epochsShare <= 1)) {
      throw new ParameterException(
          spec.commandLine(),
          "--epochs-share must be greater than 0 and at most 1, but is " + epochsShare);
    }
    RunConfig config = arguments.read();
    if (config.queries().isEmpty()) {
      throw new ConfigException(
          "teachers.kind",
          "must be " + TeachersConfig.ENSEMBLE + " in the configuration of a comparison");
    }
    return config.withStudent(config.student().withEpochsShare(epochsShare));
  }

  private List<Trial> ablation(RunConfig config) {
    List<Trial> all = Ablation.trials(config);
    if (variants.isEmpty()) {
      return all;
    }
    List<String> names = all.stream().map(Trial::name).toList();
    List<String> wanted = variants.stream().map(String::strip).toList();
    for (String name : wanted) {
      if (!names.contains(name)) {
        throw unknown("variant", name, names);
      }
    }
    return all.stream()
        .filter(trial -> trial.name().equals(Ablation.FULL) || wanted.contains(trial.name()))
        .toList();
  }

  private ParameterException unknown(String what, String name, List<String> known) {
    return new ParameterException(
        spec.commandLine(),
        "unknown " + what + " " + name + "; it must be one of " + String.join(", ", known));
  }

  private List<Trial> curve(RunConfig config) {
    List<Method> chosen =
        methods.isEmpty()
            ? List.of(Method.values())
            : methods.stream().map(this::method).distinct().toList();
    List<Double> budgets = epsilons.stream().distinct().sorted().toList();
    return chosen.stream().flatMap(method -> method.trials(config, budgets).stream()).toList();
  }

  private Method method(String name) {
    return Arrays.stream(Method.values())
        .filter(method -> method.label().equals(name.strip().toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                unknown(
                    "method", name, Arrays.stream(Method.values()).map(Method::label).toList()));
  }

  private TrialSummary watch(List<Trial> trials, Path directory) throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    try (ConsoleProgress progress = ConsoleProgress.ofProcess(err)) {
      return executors
          .apply(
              notice -> {
                err.println("rona: " + notice);
                err.flush();
              })
          .execute(trials, directory, progress);
    }
  }

  private static void write(Path file, String text) throws IOException {
    Files.write(file, text.getBytes(StandardCharsets.UTF_8));
  }
}
