package io.rona.privacy.accounting;

import io.rona.privacy.event.DpEvent;
import java.util.stream.Stream;

class RenyiContractTest extends AccountantContractTest {
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
    return ContractEvents.all();
  }

  /** The order is searched to this accuracy. */
  @Override
  double slack() {
    return 1e-7;
  }
}
