package io.rona.privacy.accounting;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.accounting.AccountingVectors.Row;
import io.rona.privacy.event.ApproxDpEvent;
import io.rona.privacy.event.ComposedEvent;
import io.rona.privacy.event.DpEvent;
import io.rona.privacy.event.GaussianEvent;
import io.rona.privacy.event.LaplaceEvent;
import io.rona.privacy.event.PoissonSampledGaussianEvent;
import io.rona.privacy.event.PureDpEvent;
import io.rona.privacy.event.SelfComposedEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The moments accountant on the tables of compositions: never below the exact value, never looser.
 */
class CompositionVectorsTest {
  /** Reads 30xGauss(20)+5xLap(10) and the like. */
  private static DpEvent composition(Row row) {
    List<DpEvent> events = new ArrayList<>();
    for (String item : Arrays.asList(row.text("composition").split("\\+", -1))) {
      long count = Long.parseLong(item.substring(0, item.indexOf('x')));
      String name = item.substring(item.indexOf('x') + 1, item.indexOf('('));
      double[] p =
          Arrays.stream(item.substring(item.indexOf('(') + 1, item.length() - 1).split(";", -1))
              .mapToDouble(Double::parseDouble)
              .toArray();
      DpEvent event =
          switch (name) {
            case "Gauss" -> new GaussianEvent(p[0]);
            case "Lap" -> new LaplaceEvent(p[0]);
            case "PoisGauss" -> new PoissonSampledGaussianEvent(p[0], p[1]);
            case "PureDP" -> new PureDpEvent(p[0]);
            case "ApproxDP" -> new ApproxDpEvent(p[0], p[1]);
            default -> throw new IllegalStateException("unknown mechanism in " + row);
          };
      events.add(new SelfComposedEvent(event, count));
    }
    return new ComposedEvent(events);
  }

  @Test
  void heterogeneousTable_rdp_isAboveExactAndNotAboveThePeers() {
    for (Row row : AccountingVectors.read("d_heterogeneous")) {
      boolean epsilon = row.text("kind").equals("eps");
      DpEvent event = composition(row);
      double value =
          epsilon
              ? RenyiAccountant.epsilon(event, row.number("delta")).value()
              : RenyiAccountant.delta(event, row.number("eps")).value();
      double exact = number(row.text("exact"));
      assertTrue(value >= exact * (1 - 1e-9), () -> value + " below exact in " + row);
      double peer = row.has("rdp") ? number(row.text("rdp")) : Double.POSITIVE_INFINITY;
      assertTrue(value <= peer * (1 + 1e-7) + 1e-300, () -> value + " above the peer in " + row);
    }
  }

  private static double number(String text) {
    return text.equals("inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
  }

  @Test
  void sampledGaussianTables_rdp_isAboveExact() {
    for (Row row : AccountingVectors.read("b_subsampled_gaussian_eps")) {
      double value = RenyiAccountant.epsilon(steps(row), row.number("delta")).value();
      assertTrue(value >= row.number("eps_exact"), () -> value + " in " + row);
    }
    for (Row row : AccountingVectors.read("b_subsampled_gaussian_delta")) {
      double value = RenyiAccountant.delta(steps(row), row.number("eps")).value();
      assertTrue(value >= row.number("delta_exact"), () -> value + " in " + row);
    }
  }

  private static DpEvent steps(Row row) {
    return new SelfComposedEvent(
        new PoissonSampledGaussianEvent(row.number("q"), row.number("sigma")),
        (long) row.number("steps"));
  }
}
