package io.rona.cli.doctor;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** The command {@code rona doctor}. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    header = "Tell what the tensor engine runs on and how fast it is.",
    description = {
      "%nPrints backend, instruction set, oneDNN, threads, memory and graphics processors, and"
          + " measures matrix products and convolutions for a few seconds. Run it alone: other work"
          + " on the machine lowers the figures.%n"
    })
public final class DoctorCommand implements Callable<Integer> {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final double LONGEST_SECONDS = 600;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--seconds",
      defaultValue = "5",
      description = "How long to measure (default: ${DEFAULT-VALUE}).")
  private double seconds;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    if (!(seconds > 0 && seconds <= LONGEST_SECONDS)) {
      throw new ParameterException(
          spec.commandLine(),
          "--seconds must be greater than 0 and at most 600, but is " + seconds);
    }
    Diagnosis diagnosis = Diagnosis.of(seconds, System::nanoTime);
    PrintWriter out = spec.commandLine().getOut();
    out.print(
        json
            ? JSON.writerWithDefaultPrettyPrinter().writeValueAsString(diagnosis.tree()) + "\n"
            : diagnosis.forPeople());
    out.flush();
    return 0;
  }
}
