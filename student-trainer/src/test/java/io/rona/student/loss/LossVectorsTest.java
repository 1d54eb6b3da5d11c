package io.rona.student.loss;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.rona.student.loss.LossVectors.Case;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every case of every file of reference values, to the tolerance it names. */
final class LossVectorsTest {

  /** Kinds of files that are about other things than the student's losses. */
  private static final List<String> OTHERS =
      List.of("fd_", "fedgen_", "dsfl_", "privacy_", "communication_");

  @TestFactory
  Stream<DynamicTest> cases() throws IOException {
    return LossVectors.all().entrySet().stream()
        .flatMap(file -> tests(file.getKey(), file.getValue()));
  }

  private static Stream<DynamicTest> tests(String file, List<Case> cases) {
    if (OTHERS.stream().anyMatch(file::startsWith)) {
      String reason = file + ": federated learning or an audit, not a loss of the student";
      return Stream.of(dynamicTest(file, () -> abort(reason)));
    }
    LossKinds.Runner runner =
        LossKinds.of(file)
            .orElse(
                one -> {
                  throw new AssertionError("no rule for files of the kind " + file);
                });
    return Stream.concat(
        Stream.of(dynamicTest(file, () -> assertFalse(cases.isEmpty(), "no cases"))),
        cases.stream().map(one -> dynamicTest(one.toString(), () -> one.check(runner.run(one)))));
  }
}
