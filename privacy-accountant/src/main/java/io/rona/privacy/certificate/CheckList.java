package io.rona.privacy.certificate;

import io.rona.privacy.certificate.Check.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Runs checks in turn and writes down how each came out; a failure takes no other check's turn. */
final class CheckList {
  private final List<Check> checks = new ArrayList<>();

  /** Turns what one check found into what the next ones need, or throws. */
  @FunctionalInterface
  interface Step<A, T> {
    T apply(A argument) throws IOException;
  }

  /** Runs a check whose result others build on. */
  <A, T> Optional<T> find(
      String name, Optional<A> argument, Step<A, T> step, Function<T, String> detail) {
    if (argument.isEmpty()) {
      add(name, Outcome.NOT_RUN, "something it needs is missing or failed");
      return Optional.empty();
    }
    try {
      T found = step.apply(argument.get());
      add(name, Outcome.PASS, detail.apply(found));
      return Optional.of(found);
    } catch (IOException | RuntimeException e) {
      add(name, Outcome.FAIL, why(e));
      return Optional.empty();
    }
  }

  /** Runs a check that gives back a word of explanation. */
  <A> void check(String name, Optional<A> argument, Step<A, String> step) {
    find(name, argument, step, Function.identity());
  }

  void add(String name, Outcome outcome, String detail) {
    checks.add(new Check(name, outcome, Printable.of(detail)));
  }

  List<Check> checks() {
    return List.copyOf(checks);
  }

  private static String why(Exception e) {
    String message = e.getMessage();
    return message == null ? "cannot be read: " + e.getClass().getSimpleName() : message;
  }
}
