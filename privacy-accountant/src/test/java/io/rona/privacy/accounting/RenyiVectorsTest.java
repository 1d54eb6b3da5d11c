package io.rona.privacy.accounting;

import static io.rona.privacy.accounting.AccountingVectors.assertClose;
import static io.rona.privacy.accounting.AccountingVectors.assertFromAbove;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.accounting.AccountingVectors.Row;
import io.rona.privacy.event.DiscreteGaussianEvent;
import io.rona.privacy.event.DpEvent;
import io.rona.privacy.event.ExponentialMechanismEvent;
import io.rona.privacy.event.FixedSizeSampledGaussianEvent;
import io.rona.privacy.event.LaplaceEvent;
import io.rona.privacy.event.PoissonSampledGaussianEvent;
import io.rona.privacy.event.PureDpEvent;
import io.rona.privacy.event.RandomizedResponseEvent;
import io.rona.privacy.event.ZeroConcentratedDpEvent;
import org.junit.jupiter.api.Test;

class RenyiVectorsTest {
  @Test
  void sampledGaussianTable_everyOrder_isMetFromAbove() {
    for (Row row : AccountingVectors.read("a_rdp_subsampled_gaussian")) {
      DpEvent event = new PoissonSampledGaussianEvent(row.number("q"), row.number("sigma"));
      double value = RenyiAccountant.rdp(event, row.number("alpha"));
      assertFromAbove(row.text("rdp_exact_30"), value, row);
    }
  }

  @Test
  void mechanismTable_closedForms_areMetFromAbove() {
    for (Row row : AccountingVectors.read("h_mechanism_rdp")) {
      double value = RenyiAccountant.rdp(event(row), row.number("alpha"));
      if (row.has("exact")) {
        // The reference is itself rounded to a double.
        assertTrue(value >= row.number("exact") * (1 - 1e-15), row::toString);
        assertClose(row.number("exact"), value, 1e-9, row);
      } else {
        // The peers sum alternating terms in doubles and differ among themselves by as much.
        assertClose(row.number("dp_accounting"), value, 1e-8, row);
      }
    }
  }

  private static DpEvent event(Row row) {
    double parameter = row.number("param");
    return switch (row.text("mechanism")) {
      case "laplace" -> new LaplaceEvent(parameter);
      case "binary_rr" -> new RandomizedResponseEvent(parameter, 2);
      case "pure_dp_worst_case" -> new PureDpEvent(parameter);
      case "exponential_bounded_range" -> new ExponentialMechanismEvent(parameter);
      case "discrete_gaussian_sens1" -> new DiscreteGaussianEvent(parameter, 1);
      case "wor_gaussian_replace_one" ->
          new FixedSizeSampledGaussianEvent(row.number("param2"), parameter);
      default -> throw new IllegalStateException("unknown mechanism in " + row);
    };
  }

  @Test
  void conversionTable_bestColumn_isMetFromAbove() {
    for (Row row : AccountingVectors.read("h_rdp_to_dp")) {
      double order = row.number("alpha");
      double rdp = row.number("rdp");
      double value =
          row.text("kind").equals("eps")
              ? RenyiConversion.epsilon(order, rdp, row.number("delta"))
              : RenyiConversion.delta(order, rdp, row.number("eps"));
      double best = row.number("best");
      assertTrue(value >= best * (1 - 2e-15), () -> value + " in " + row);
      assertTrue(value <= best * (1 + 1e-9) + Double.MIN_NORMAL, () -> value + " in " + row);
    }
  }

  @Test
  void zcdpTable_bestOrder_isMetFromAboveAndAboveTheGaussian() {
    for (Row row : AccountingVectors.read("h_zcdp")) {
      DpEvent event = new ZeroConcentratedDpEvent(row.number("rho"));
      double value = RenyiAccountant.epsilon(event, row.number("delta")).value();
      double optimum = row.number("cks20_opt");
      assertTrue(value >= optimum * (1 - 1e-14) && value <= optimum * (1 + 1e-9), row::toString);
      assertTrue(value >= row.number("gaussian_exact"), row::toString);
      assertTrue(value <= row.number("bs16"), row::toString);
    }
  }
}
