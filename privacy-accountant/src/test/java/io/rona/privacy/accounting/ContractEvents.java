package io.rona.privacy.accounting;

import io.rona.privacy.accounting.AccountantContractTest.Pair;
import io.rona.privacy.event.ApproxDpEvent;
import io.rona.privacy.event.ConfidentGnMaxThresholdEvent;
import io.rona.privacy.event.DiscreteGaussianEvent;
import io.rona.privacy.event.DiscreteLaplaceEvent;
import io.rona.privacy.event.ExponentialMechanismEvent;
import io.rona.privacy.event.FixedSizeSampledGaussianEvent;
import io.rona.privacy.event.GaussianEvent;
import io.rona.privacy.event.GnMaxEvent;
import io.rona.privacy.event.LaplaceEvent;
import io.rona.privacy.event.PoissonSampledGaussianEvent;
import io.rona.privacy.event.PoissonSampledLaplaceEvent;
import io.rona.privacy.event.PureDpEvent;
import io.rona.privacy.event.RandomizedResponseEvent;
import io.rona.privacy.event.ZeroConcentratedDpEvent;
import java.util.stream.Stream;

/** Events for the contract, in pairs of less and more privacy. */
final class ContractEvents {
  private ContractEvents() {}

  static Stream<Pair> gaussian() {
    return Stream.of(
        new Pair("gaussian", new GaussianEvent(1), new GaussianEvent(1.1)),
        new Pair("gnmax", new GnMaxEvent(5), new GnMaxEvent(6)),
        new Pair(
            "threshold", new ConfidentGnMaxThresholdEvent(5), new ConfidentGnMaxThresholdEvent(6)));
  }

  static Stream<Pair> all() {
    return Stream.of(gaussian(), pure(), closedForms(), sampled()).flatMap(events -> events);
  }

  /** Events that have a pair of worst-case distributions: all but zCDP. */
  static Stream<Pair> paired() {
    return all().filter(pair -> !(pair.costly() instanceof ZeroConcentratedDpEvent));
  }

  /** Events of which equal ones compose to an exact curve. */
  static Stream<Pair> equalPure() {
    return pure().filter(pair -> !pair.name().equals("response of five"));
  }

  private static Stream<Pair> pure() {
    return Stream.of(
        new Pair("pure", new PureDpEvent(0.5), new PureDpEvent(0.4)),
        new Pair("approximate", new ApproxDpEvent(0.3, 1e-9), new ApproxDpEvent(0.2, 1e-9)),
        new Pair(
            "response", new RandomizedResponseEvent(0.75, 2), new RandomizedResponseEvent(0.7, 2)),
        new Pair(
            "response of five",
            new RandomizedResponseEvent(0.5, 5),
            new RandomizedResponseEvent(0.4, 5)));
  }

  private static Stream<Pair> closedForms() {
    return Stream.of(
        new Pair("laplace", new LaplaceEvent(2), new LaplaceEvent(3)),
        new Pair(
            "discrete gaussian", new DiscreteGaussianEvent(3, 2), new DiscreteGaussianEvent(3, 1)),
        new Pair(
            "discrete laplace", new DiscreteLaplaceEvent(0.5, 2), new DiscreteLaplaceEvent(0.4, 2)),
        new Pair(
            "exponential", new ExponentialMechanismEvent(0.5), new ExponentialMechanismEvent(0.4)),
        new Pair("zcdp", new ZeroConcentratedDpEvent(0.2), new ZeroConcentratedDpEvent(0.1)));
  }

  private static Stream<Pair> sampled() {
    return Stream.of(
        new Pair(
            "sampled gaussian noise",
            new PoissonSampledGaussianEvent(0.1, 1),
            new PoissonSampledGaussianEvent(0.1, 1.2)),
        new Pair(
            "sampled gaussian rate",
            new PoissonSampledGaussianEvent(0.1, 1),
            new PoissonSampledGaussianEvent(0.05, 1)),
        new Pair(
            "sampled laplace",
            new PoissonSampledLaplaceEvent(0.1, 1),
            new PoissonSampledLaplaceEvent(0.05, 1)),
        new Pair(
            "fixed size",
            new FixedSizeSampledGaussianEvent(0.1, 1),
            new FixedSizeSampledGaussianEvent(0.05, 1)));
  }
}
