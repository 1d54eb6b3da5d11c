package io.rona.privacy.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DpEventJsonTest {
  /** What version 1 wrote, word for word; never edit a line, only add. */
  static final Map<String, DpEvent> WRITTEN_BY_VERSION_1 =
      Map.ofEntries(
          Map.entry(
              "{\"schemaVersion\":1,\"type\":\"gaussian\",\"noiseMultiplier\":2.0}",
              new GaussianEvent(2)),
          Map.entry(
              "{\"schemaVersion\":1,\"type\":\"discrete-gaussian\",\"sigma\":0.5,\"sensitivity\":3}",
              new DiscreteGaussianEvent(0.5, 3)),
          Map.entry(
              "{\"schemaVersion\":1,\"type\":\"laplace\",\"scale\":0.1}", new LaplaceEvent(0.1)),
          Map.entry(
              "{\"schemaVersion\":1,\"type\":\"discrete-laplace\",\"decay\":1.0,\"sensitivity\":2}",
              new DiscreteLaplaceEvent(1, 2)),
          Map.entry(
              "{\"schemaVersion\":1,\"type\":\"randomized-response\",\"truthProbability\":0.75,\"categories\":2}",
              new RandomizedResponseEvent(0.75, 2)),
          Map.entry(
              "{\"schemaVersion\":1,\"type\":\"exponential-mechanism\",\"epsilon\":0.3}",
              new ExponentialMechanismEvent(0.3)),
          Map.entry(
              "{\"schemaVersion\":1,\"type\":\"pure-dp\",\"epsilon\":0.1}", new PureDpEvent(0.1)),
          Map.entry(
              "{\"schemaVersion\":1,\"type\":\"approx-dp\",\"epsilon\":0.1,\"delta\":1.0E-7}",
              new ApproxDpEvent(0.1, 1e-7)),
          Map.entry(
              "{\"schemaVersion\":1,\"type\":\"zcdp\",\"rho\":0.25}",
              new ZeroConcentratedDpEvent(0.25)),
          Map.entry(
              "{\"schemaVersion\":1,\"type\":\"poisson-sampled-gaussian\",\"samplingProbability\":0.01,\"noiseMultiplier\":1.1}",
              new PoissonSampledGaussianEvent(0.01, 1.1)),
          Map.entry(
              "{\"schemaVersion\":1,\"type\":\"poisson-sampled-laplace\",\"samplingProbability\":0.01,\"scale\":1.1}",
              new PoissonSampledLaplaceEvent(0.01, 1.1)),
          Map.entry(
              "{\"schemaVersion\":1,\"type\":\"fixed-size-sampled-gaussian\",\"samplingFraction\":0.01,\"noiseMultiplier\":1.1}",
              new FixedSizeSampledGaussianEvent(0.01, 1.1)),
          Map.entry(
              "{\"schemaVersion\":1,\"type\":\"gnmax\",\"noiseStdDev\":40.0}", new GnMaxEvent(40)),
          Map.entry(
              "{\"schemaVersion\":1,\"type\":\"confident-gnmax-threshold\",\"noiseStdDev\":150.0}",
              new ConfidentGnMaxThresholdEvent(150)),
          Map.entry(
              "{\"schemaVersion\":1,\"type\":\"composed\",\"events\":[{\"type\":\"self-composed\",\"count\":3,\"event\":{\"type\":\"gaussian\",\"noiseMultiplier\":2.0}},{\"type\":\"non-private\"}]}",
              new ComposedEvent(
                  List.of(new SelfComposedEvent(new GaussianEvent(2), 3), new NonPrivateEvent()))),
          Map.entry(
              "{\"schemaVersion\":1,\"type\":\"unsupported\",\"description\":\"a \\\"survey\\\"\"}",
              new UnsupportedEvent("a \"survey\"")));

  static Stream<Map.Entry<String, DpEvent>> written() {
    return WRITTEN_BY_VERSION_1.entrySet().stream();
  }

  @ParameterizedTest
  @MethodSource("written")
  void version1_isReadAndWrittenByteForByte(Map.Entry<String, DpEvent> entry) {
    assertEquals(entry.getValue(), DpEventJson.read(entry.getKey()));
    assertEquals(entry.getKey(), DpEventJson.write(entry.getValue()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"2e-3", "2.2E-322", "1e23", "2e23", "1.7976931348623157e308"})
  void write_anyValue_readsBackToTheSameBits(String value) {
    DpEvent event = new GaussianEvent(Double.parseDouble(value));
    assertEquals(event, DpEventJson.read(DpEventJson.write(event)));
  }

  @Test
  void write_valueJdk17PrintsTooLong_isShortest() {
    String json = DpEventJson.write(new GaussianEvent(Double.parseDouble("2e23")));
    assertEquals("{\"schemaVersion\":1,\"type\":\"gaussian\",\"noiseMultiplier\":2.0E23}", json);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "null",
        "{}",
        "{\"schemaVersion\":1}",
        "{\"type\":\"gaussian\",\"noiseMultiplier\":2.0}",
        "{\"schemaVersion\":2,\"type\":\"gaussian\",\"noiseMultiplier\":2.0}",
        "{\"schemaVersion\":\"1\",\"type\":\"gaussian\",\"noiseMultiplier\":2.0}",
        "{\"schemaVersion\":1,\"type\":\"gaussian\"}",
        "{\"schemaVersion\":1,\"type\":\"gauss\",\"noiseMultiplier\":2.0}",
        "{\"schemaVersion\":1,\"type\":7,\"noiseMultiplier\":2.0}",
        "{\"schemaVersion\":1,\"type\":\"gaussian\",\"noiseMultiplier\":\"2.0\"}",
        "{\"schemaVersion\":1,\"type\":\"gaussian\",\"noiseMultiplier\":NaN}",
        "{\"schemaVersion\":1,\"type\":\"gaussian\",\"noiseMultiplier\":1e999}",
        "{\"schemaVersion\":1,\"type\":\"gaussian\",\"noiseMultiplier\":-2.0}",
        "{\"schemaVersion\":1,\"type\":\"gaussian\",\"noiseMultiplier\":2.0,\"x\":1}",
        "{\"schemaVersion\":1,\"type\":\"gaussian\",\"noiseMultiplier\":2.0,\"noiseMultiplier\":3.0}",
        "{\"schemaVersion\":1,\"type\":\"gaussian\",\"noiseMultiplier\":2.0} {}",
        "{\"schemaVersion\":1,\"type\":\"composed\",\"events\":[]}",
        "{\"schemaVersion\":1,\"type\":\"composed\",\"events\":{}}",
        "{\"schemaVersion\":1,\"type\":\"self-composed\",\"count\":1.5,\"event\":{\"type\":\"non-private\"}}",
        "{\"schemaVersion\":1,\"type\":\"self-composed\",\"count\":99999999999999999999,\"event\":{\"type\":\"non-private\"}}",
        "{\"schemaVersion\":1,\"type\":\"self-composed\",\"count\":2,\"event\":{\"schemaVersion\":1,\"type\":\"non-private\"}}",
        "{\"schemaVersion\":1,\"type\":\"randomized-response\",\"truthProbability\":0.75,\"categories\":4294967298}",
      })
  void read_malformedText_throws(String json) {
    assertThrows(IllegalArgumentException.class, () -> DpEventJson.read(json));
  }

  @Test
  void read_nestedTooDeep_throws() {
    String open = "{\"type\":\"self-composed\",\"count\":1,\"event\":".repeat(200);
    String json =
        "{\"schemaVersion\":1,"
            + open.substring(1)
            + "{\"type\":\"non-private\"}"
            + "}".repeat(200);
    assertThrows(IllegalArgumentException.class, () -> DpEventJson.read(json));
  }
}
