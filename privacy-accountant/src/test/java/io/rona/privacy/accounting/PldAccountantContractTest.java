package io.rona.privacy.accounting;

import io.rona.privacy.accounting.pld.PldAccountant;
import io.rona.privacy.event.DpEvent;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class PldAccountantContractTest extends AccountantContractTest {
  private static final PldAccountant ACCOUNTANT = PldAccountant.withDefaults();

  @Override
  double epsilon(DpEvent event, double delta) {
    return ACCOUNTANT.epsilon(event, delta).upper();
  }

  @Override
  double lowerEpsilon(DpEvent event, double delta) {
    return ACCOUNTANT.epsilon(event, delta).lower();
  }

  @Override
  double delta(DpEvent event, double epsilon) {
    return ACCOUNTANT.delta(event, epsilon).upper();
  }

  @Override
  Stream<Pair> pairs() {
    return ContractEvents.paired();
  }

  /** The gap within which bounds are refined. */
  @Override
  double slack() {
    return 1e-3;
  }
}
