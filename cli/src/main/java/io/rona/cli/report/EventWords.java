package io.rona.cli.report;

import io.rona.privacy.event.ComposedEvent;
import io.rona.privacy.event.ConfidentGnMaxThresholdEvent;
import io.rona.privacy.event.DpEvent;
import io.rona.privacy.event.DpEventJson;
import io.rona.privacy.event.GaussianEvent;
import io.rona.privacy.event.GnMaxEvent;
import io.rona.privacy.event.SelfComposedEvent;
import java.util.stream.Collectors;

/** Events in words. */
final class EventWords {
  private static final int MAX_CHARS = 300;

  private EventWords() {}

  static String of(DpEvent event) {
    String words = words(event);
    return words.length() <= MAX_CHARS ? words : words.substring(0, MAX_CHARS) + "\u2026";
  }

  private static String words(DpEvent event) {
    if (event instanceof GaussianEvent gaussian) {
      return "Gaussian noise, multiplier " + Html.decimal(gaussian.noiseMultiplier(), 3);
    }
    if (event instanceof GnMaxEvent vote) {
      return "noisy vote, standard deviation " + Html.decimal(vote.noiseStdDev(), 3);
    }
    if (event instanceof ConfidentGnMaxThresholdEvent test) {
      return "threshold test, standard deviation " + Html.decimal(test.noiseStdDev(), 3);
    }
    if (event instanceof SelfComposedEvent repeated) {
      return Html.count(repeated.count()) + " \u00d7 " + words(repeated.event());
    }
    if (event instanceof ComposedEvent composed) {
      return composed.events().stream().map(EventWords::words).collect(Collectors.joining("; "));
    }
    return DpEventJson.write(event);
  }
}
