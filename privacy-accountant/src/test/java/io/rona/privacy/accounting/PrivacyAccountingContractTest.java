package io.rona.privacy.accounting;

import io.rona.privacy.event.DpEvent;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class PrivacyAccountingContractTest extends AccountantContractTest {
  @Override
  double epsilon(DpEvent event, double delta) {
    return PrivacyAccounting.epsilon(event, delta).epsilon();
  }

  @Override
  double delta(DpEvent event, double epsilon) {
    return PrivacyAccounting.delta(event, epsilon).delta();
  }

  @Override
  Stream<Pair> pairs() {
    return ContractEvents.all();
  }

  /** The gap within which bounds are refined. */
  @Override
  double slack() {
    return 1e-3;
  }
}
