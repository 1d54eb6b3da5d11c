package io.rona.privacy.accounting;

import io.rona.privacy.event.DiscreteGaussianEvent;
import io.rona.privacy.event.DpEvent;
import io.rona.privacy.event.GaussianEvent;
import io.rona.privacy.event.GnMaxEvent;
import io.rona.privacy.event.ZeroConcentratedDpEvent;
import java.util.stream.Stream;

/**
 * The accountant of concentrated privacy: what is stated as zCDP, and what satisfies it, the
 * discrete Gaussian and GNMax among them.
 */
class ZeroConcentratedContractTest extends AccountantContractTest {
  @Override
  double epsilon(DpEvent event, double delta) {
    return RenyiAccountant.epsilon(event, delta).value();
  }

  @Override
  double delta(DpEvent event, double epsilon) {
    return RenyiAccountant.delta(event, epsilon).value();
  }

  @Override
  Stream<Pair> pairs() {
    return Stream.of(
        new Pair("zcdp", new ZeroConcentratedDpEvent(0.2), new ZeroConcentratedDpEvent(0.1)),
        new Pair("gaussian", new GaussianEvent(1.5), new GaussianEvent(1.6)),
        new Pair("gnmax", new GnMaxEvent(4), new GnMaxEvent(5)),
        new Pair(
            "discrete gaussian", new DiscreteGaussianEvent(2, 1), new DiscreteGaussianEvent(3, 1)));
  }

  /** The order is searched to this accuracy. */
  @Override
  double slack() {
    return 1e-7;
  }
}
