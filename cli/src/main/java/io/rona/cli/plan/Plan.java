package io.rona.cli.plan;

import io.rona.privacy.Adjacency;
import io.rona.privacy.event.ComposedEvent;
import io.rona.privacy.event.DpEvent;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a run would release, and what that would cost and tell.
 *
 * @param epsilon privacy loss bound of everything that is released
 * @param delta probability mass the bound may miss
 * @param rdpEpsilon the moments accountant's bound for the same releases
 * @param mu parameter of Gaussian differential privacy of everything that is released
 * @param adjacency the neighboring relation
 * @param privacyUnit what one privacy unit is
 * @param units declared number of privacy units
 * @param kind kind of teacher: ensemble, models, private-head or dp-sgd
 * @param teachers number of teachers
 * @param unitsPerTeacher expected number of privacy units in a shard
 * @param targets the released soft targets or votes, or the gradients of a released model, in
 *     multiples of the clip norm
 * @param hints the released hints, if any
 * @param test the threshold test of all queries, if there is one; then {@code targets} is for the
 *     case that all pass, and their noise is smaller where fewer do
 * @param otherMode what the same budget buys in the other of the two ways to ask, answered once and
 *     step by step; empty where there are not both
 * @param outlook what single answers and all answers together can tell; empty for a released model
 * @param advice what to know before running
 */
public record Plan(
    double epsilon,
    double delta,
    double rdpEpsilon,
    double mu,
    Adjacency adjacency,
    String privacyUnit,
    long units,
    String kind,
    int teachers,
    double unitsPerTeacher,
    PlannedRelease targets,
    Optional<PlannedRelease> hints,
    Optional<PlannedRelease> test,
    Optional<OtherMode> otherMode,
    Optional<Outlook> outlook,
    List<Advice> advice) {
  /**
   * Copies the list.
   *
   * @param epsilon privacy loss bound by the exact Gaussian curve
   * @param delta probability mass the bound may miss
   * @param rdpEpsilon the moments accountant's bound
   * @param mu parameter of Gaussian differential privacy
   * @param adjacency the neighboring relation
   * @param privacyUnit what one privacy unit is
   * @param units declared number of privacy units
   * @param kind kind of teacher: ensemble, models, private-head or dp-sgd
   * @param teachers number of teachers
   * @param unitsPerTeacher expected number of privacy units in a shard
   * @param targets the released soft targets or votes, or the gradients of a released model, in
   *     multiples of the clip norm
   * @param hints the released hints, if any
   * @param test the threshold test of all queries, if there is one
   * @param otherMode what the same budget buys in the other way to ask
   * @param outlook what answers can tell
   * @param advice what to know before running
   */
  public Plan {
    advice = List.copyOf(advice);
  }

  Plan withAdvice(List<Advice> found) {
    return new Plan(
        epsilon,
        delta,
        rdpEpsilon,
        mu,
        adjacency,
        privacyUnit,
        units,
        kind,
        teachers,
        unitsPerTeacher,
        targets,
        hints,
        test,
        otherMode,
        outlook,
        found);
  }

  /**
   * The same queries for the same budget, asked in another way.
   *
   * @param release name of that way, as in {@code queries.release}
   * @param answers how many answers or gradients that are
   * @param noiseStdDev noise on each coordinate
   */
  public record OtherMode(String release, long answers, double noiseStdDev) {}

  /**
   * What answers can tell, worked out from the noise alone.
   *
   * @param survivalUnanimous probability that the arg-max of one answer survives the noise where
   *     all teachers agree
   * @param survivalHalf the same where half of the teachers agree and the others spread evenly
   * @param equivalentAnswers all answers together tell as much as this many whose noise is as large
   *     as the signal
   */
  public record Outlook(double survivalUnanimous, double survivalHalf, double equivalentAnswers) {}

  /**
   * Returns everything that the ledger will be charged for.
   *
   * @return the composition of all releases
   */
  public DpEvent event() {
    List<DpEvent> events =
        Stream.of(Optional.of(targets), hints, test)
            .flatMap(Optional::stream)
            .map(PlannedRelease::event)
            .toList();
    return events.size() == 1 ? events.get(0) : new ComposedEvent(events);
  }
}
