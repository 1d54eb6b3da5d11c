package io.rona.cli.budget;

import io.rona.privacy.PrivacyParameters;
import io.rona.privacy.accounting.Calibration;
import io.rona.privacy.event.DpEvent;
import java.util.Set;
import java.util.function.DoubleFunction;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** One parameter of one event, to be found for a budget. */
final class LineCalibration {
  private static final Set<String> COUNTS = Set.of("count", "steps", "queries");
  private static final Set<String> MORE_PRIVATE =
      Set.of("noiseMultiplier", "noiseStdDev", "scale", "sigma");
  private static final Set<String> PROBABILITIES =
      Set.of("samplingProbability", "samplingFraction");
  private static final Set<String> LESS_PRIVATE = Set.of("epsilon", "rho", "decay");

  private final String parameter;
  private final ObjectNode event;
  private final PrivacyParameters budget;

  LineCalibration(String parameter, JsonNode event, PrivacyParameters budget) {
    if (!(event instanceof ObjectNode object)) {
      throw new IllegalArgumentException("event must be a JSON object");
    }
    this.parameter = parameter;
    this.event = object;
    this.budget = budget;
  }

  boolean isCount() {
    return COUNTS.contains(parameter);
  }

  long count() {
    return Calibration.largestCount(count -> with("count", event.numberNode(count)), budget);
  }

  double value() {
    DoubleFunction<DpEvent> events = value -> with(parameter, event.numberNode(value));
    if (MORE_PRIVATE.contains(parameter)) {
      return Calibration.smallest(events, budget);
    }
    if (PROBABILITIES.contains(parameter)) {
      return Calibration.largestProbability(events, budget);
    }
    if (LESS_PRIVATE.contains(parameter)) {
      return Calibration.largest(events, budget);
    }
    throw new IllegalArgumentException("calibrate must name a parameter, but is " + parameter);
  }

  private DpEvent with(String name, JsonNode value) {
    ObjectNode complete = event.deepCopy();
    complete.set(name, value);
    return LineEvents.event(complete);
  }
}
