package io.rona.cli.budget;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A command that answers the lines of a file, or one question put in options. */
abstract class LinesOrOptions implements Callable<Integer> {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description = "JSON Lines, one question each; - reads the standard input.")
  private @Nullable String source;

  /** Writes the question that the options ask, as the object of a line. */
  abstract void ask(ObjectNode question);

  @Override
  public final Integer call() throws IOException {
    PrintWriter out = spec().commandLine().getOut();
    if (source != null) {
      return BudgetLines.run(source, out);
    }
    ObjectNode question = MAPPER.createObjectNode();
    ask(question);
    BudgetLine.Answer answer = BudgetLine.answer(MAPPER.writeValueAsString(question));
    ObjectNode reply = (ObjectNode) MAPPER.readTree(answer.json());
    if (!answer.good()) {
      throw usage(reply.get("error").asString());
    }
    reply.remove("id");
    out.println(MAPPER.writeValueAsString(reply));
    out.flush();
    return BudgetLines.OK;
  }

  /** Parses the JSON of an option. */
  final JsonNode json(String option, String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JacksonException e) {
      throw usage(option + " must be JSON: " + e.getOriginalMessage());
    }
  }

  /** Returns the value of an option that is needed where no file is given. */
  final <T> T required(String option, @Nullable T value) {
    if (value == null) {
      throw usage("FILE or " + option + " is needed");
    }
    return value;
  }

  final ParameterException usage(String message) {
    return new ParameterException(spec().commandLine(), message);
  }

  private CommandSpec spec() {
    if (spec == null) {
      throw new IllegalStateException("the command must be run by picocli");
    }
    return spec;
  }
}
