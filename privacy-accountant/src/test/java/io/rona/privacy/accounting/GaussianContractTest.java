package io.rona.privacy.accounting;

import io.rona.privacy.event.DpEvent;
import java.util.stream.Stream;

class GaussianContractTest extends AccountantContractTest {
  @Override
  double epsilon(DpEvent event, double delta) {
    return GaussianDp.epsilon(Math.sqrt(GaussianCost.of(event)), delta);
  }

  @Override
  double delta(DpEvent event, double epsilon) {
    return GaussianDp.delta(Math.sqrt(GaussianCost.of(event)), epsilon);
  }

  @Override
  Stream<Pair> pairs() {
    return ContractEvents.gaussian();
  }

  /** Only rounding. */
  @Override
  double slack() {
    return 1e-9;
  }
}
