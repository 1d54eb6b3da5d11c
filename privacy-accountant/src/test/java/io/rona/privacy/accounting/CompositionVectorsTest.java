package io.rona.privacy.accounting;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.accounting.AccountingVectors.Row;
import io.rona.privacy.accounting.pld.DeltaBounds;
import io.rona.privacy.accounting.pld.EpsilonBounds;
import io.rona.privacy.accounting.pld.PldAccountant;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Accountants on the tables of compositions: the moments accountant never below the exact value and
 * never looser than its peers, loss distributions on both sides of it.
 */
@Tag("slow")
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

  @Test
  void heterogeneousTable_pld_enclosesExactAndIsNotAboveThePeers() {
    for (Row row : AccountingVectors.read("d_heterogeneous")) {
      Bounds bounds =
          row.text("kind").equals("eps")
              ? epsilon(composition(row), row.number("delta"))
              : delta(composition(row), row.number("eps"));
      bounds.assertEnclose(number(row.text("exact")), 1e-9, row);
      for (String peer : List.of("pld_pess_h1e-4", "plda", "prv_up")) {
        double other = row.has(peer) ? number(row.text(peer)) : Double.POSITIVE_INFINITY;
        boolean sound = other >= number(row.text("exact"));
        assertTrue(
            !sound || bounds.upper <= other * (1 + 1e-9), () -> bounds + " above " + peer + row);
      }
    }
  }

  /** Every thirtieth row; all of them nightly. */
  @Test
  void sampledGaussianTables_pld_enclosesExact() {
    enclose(30);
  }

  @Tag("nightly")
  @Test
  void sampledGaussianTables_pld_enclosesExactInEveryRow() {
    enclose(1);
  }

  private static void enclose(int stride) {
    List<Row> epsilons = AccountingVectors.read("b_subsampled_gaussian_eps");
    for (int i = 0; i < epsilons.size(); i += stride) {
      Row row = epsilons.get(i);
      double delta = row.number("delta");
      // The references come from transforms in double precision, which shows at this delta.
      double relative = delta < 1e-11 ? 1e-4 : 1e-6;
      Bounds bounds = epsilon(steps(row), delta);
      bounds.assertEnclose(row.number("eps_exact"), relative * row.number("eps_exact"), row);
      assertTrue(bounds.upper - bounds.lower <= 1e-3 * Math.max(1, bounds.upper), row::toString);
    }
    List<Row> deltas = AccountingVectors.read("b_subsampled_gaussian_delta");
    for (int i = 0; i < deltas.size(); i += stride) {
      Row row = deltas.get(i);
      double exact = row.number("delta_exact");
      Bounds bounds = delta(steps(row), row.number("eps"));
      bounds.assertEnclose(exact, 1e-6 * exact + 2e-15, row);
      // Far below, where delta falls by a tenth within 1e-3 of epsilon, and references are noise.
      double gap = bounds.upper < 1e-13 ? 5e-2 : 5e-3;
      assertTrue(bounds.upper - bounds.lower <= gap * bounds.upper, row::toString);
    }
  }

  @Test
  void equalPureEvents_pld_enclosesExact() {
    for (Row row : AccountingVectors.read("h_kov_composition")) {
      DpEvent one = new ApproxDpEvent(row.number("eps0"), row.number("delta0"));
      DpEvent event = new SelfComposedEvent(one, (long) row.number("k"));
      epsilon(event, row.number("delta")).assertEnclose(number(row.text("kov_exact")), 1e-9, row);
    }
  }

  /** Bounds on epsilon or delta. */
  private record Bounds(double lower, double upper) {
    void assertEnclose(double exact, double tolerance, Row row) {
      assertTrue(lower <= exact + tolerance && upper >= exact - tolerance, () -> this + " " + row);
    }
  }

  private static Bounds epsilon(DpEvent event, double delta) {
    EpsilonBounds bounds = PldAccountant.withDefaults().epsilon(event, delta);
    return new Bounds(bounds.lower(), bounds.upper());
  }

  private static Bounds delta(DpEvent event, double epsilon) {
    DeltaBounds bounds = PldAccountant.withDefaults().delta(event, epsilon);
    return new Bounds(bounds.lower(), bounds.upper());
  }

  private static DpEvent steps(Row row) {
    return new SelfComposedEvent(
        new PoissonSampledGaussianEvent(row.number("q"), row.number("sigma")),
        (long) row.number("steps"));
  }
}
