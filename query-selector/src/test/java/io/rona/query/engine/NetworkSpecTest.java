package io.rona.query.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.rona.query.data.ExampleSet;
import io.rona.query.data.FeatureColumns;
import io.rona.query.data.Indicators;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NetworkSpecTest {

  static NetworkSpec spec(int channels, int height, int width, String layers) {
    return new NetworkSpec(
        channels, height, width, LayerSpec.parseAll(List.of(layers.split(", ", -1))), 3);
  }

  @Test
  void shapes_followTheLayers() {
    assertEquals(
        List.of(
            LayerShape.image(3, 9, 11),
            LayerShape.image(4, 5, 6),
            LayerShape.image(4, 5, 6),
            LayerShape.image(4, 3, 3),
            LayerShape.values(7)),
        spec(3, 9, 11, "conv 3x3x4/2, group-norm 2, maxpool 2, dense 7").shapes());
    assertEquals(
        List.of(LayerShape.values(14), LayerShape.values(6)), spec(14, 1, 1, "dense 6").shapes());
  }

  @Test
  void shapes_seriesInTheColumnsOfATable_hasOneChannel() {
    assertEquals(
        List.of(
            LayerShape.series(1, 11),
            LayerShape.series(4, 6),
            LayerShape.series(4, 3),
            LayerShape.values(5)),
        spec(11, 1, 1, "conv1d 3x4/2, avgpool 2, dense 5").shapes());
    assertEquals(
        List.of(LayerShape.series(1, 11), LayerShape.values(5)), spec(11, 1, 1, "gru 5").shapes());
    assertThrows(
        IllegalArgumentException.class, () -> new LayerShape(LayerShape.Form.SERIES, 1, 2, 3));
    assertThrows(
        IllegalArgumentException.class, () -> new LayerShape(LayerShape.Form.VALUES, 1, 1, 3));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "conv 3x3x4, group-norm 3;layer 2, group-norm 3: its groups must divide the channels of an"
            + " image of 4 x 8 x 8, but are 3",
        "dense 6, group-norm 6;layer 2, group-norm 6: each of its groups must have at least 2"
            + " values of 6 values, but there are 6 groups",
        "dense 6, conv 3x3x4;layer 2, conv 3x3x4: its input must be an image, but is 6 values",
        "conv 3x3x4, dense 6, maxpool 2;layer 3, maxpool 2: its input must be an image, but is 6"
            + " values",
        "embed 4;layer 1, embed 4: its input must be values, but is an image of 3 x 8 x 8",
        "dense 20, embed 4 of 1+6;layer 2, embed 4 of 1+6: it must be the first layer",
        "conv1d 3x4;layer 1, conv1d 3x4: its input must be a series, but is an image of 3 x 8 x 8",
        "dense 6, conv1d 3x4;layer 2, conv1d 3x4: its input must be a series, but is 6 values",
        "lstm 4;layer 1, lstm 4: its input must be a series, but is an image of 3 x 8 x 8",
        "conv 3x3x4, gru 4;layer 2, gru 4: its input must be a series, but is an image of 4 x 8 x 8",
        "dense 6, gru 4;layer 2, gru 4: its input must be a series, but is 6 values",
        "dense 6, residual 4 group-norm 2;layer 2, residual 4 group-norm 2: its input must be an"
            + " image, but is 6 values",
        "residual 4/2 group-norm 3;layer 1, residual 4/2 group-norm 3: its groups must divide the"
            + " channels of an image of 4 x 4 x 4, but are 3",
      })
  void constructor_layerThatCannotReadItsInput_isRefusedByName(String layers, String message) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> spec(3, 8, 8, layers));
    assertEquals(message, refused.getMessage());
  }

  @Test
  void constructor_imageLayersOnRowsOfATable_areRefused() {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> spec(14, 1, 1, "conv 1x1x4"));
    assertEquals(
        "layer 1, conv 1x1x4: its input must be an image, but is 14 values", refused.getMessage());
  }

  @Test
  void forExamples_embedding_takesTheLargeCategoricalColumns() {
    ExampleSet rows =
        ExampleSet.builder("rows", 12)
            .features(new float[24])
            .indicators(List.of(new Indicators(1, 5), new Indicators(7, 3)))
            .build();
    List<LayerSpec> layers = LayerSpec.parseAll(List.of("embed 3", "dense 4"));
    NetworkSpec spec = NetworkSpec.forExamples(rows, layers, 2);
    assertEquals("embed 3 of 1+5", spec.layers().get(0).notation());
    assertEquals(LayerShape.values(10), spec.shapes().get(1));
    List<LayerSpec> large = LayerSpec.parseAll(List.of("embed 5"));
    IllegalArgumentException none =
        assertThrows(IllegalArgumentException.class, () -> NetworkSpec.forExamples(rows, large, 2));
    assertEquals(
        "layer 1, embed 5: its input must have a categorical column of more than 5 categories, but"
            + " has none",
        none.getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> spec(4, 1, 1, "embed 2 of 1+4"),
        "a column behind the last feature");
  }

  @Test
  void forExamples_columnsLeftOut_keepsTheCategoricalOnesThatAreWhole() {
    ExampleSet rows =
        ExampleSet.builder("rows", 12)
            .features(new float[24])
            .indicators(List.of(new Indicators(1, 5), new Indicators(7, 3)))
            .build();
    ExampleSet whole = FeatureColumns.of(List.of(0, 7, 8, 9, 1, 2, 3, 4, 5)).in(rows);
    assertEquals(List.of(new Indicators(1, 3), new Indicators(4, 5)), whole.indicators());
    ExampleSet torn = FeatureColumns.of(List.of(1, 2, 3, 5, 4, 7, 8)).in(rows);
    assertEquals(List.of(), torn.indicators());
  }

  @Test
  void constructor_poolingRowsOfATable_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> spec(14, 1, 1, "maxpool 2"));
    assertThrows(IllegalArgumentException.class, () -> spec(14, 1, 1, "conv1d 3x4, conv 3x3x4"));
  }

  @Test
  void rectified_sumsBeforeANormalization_areRectifiedBehindIt() {
    NetworkSpec spec =
        spec(3, 8, 8, "conv 3x3x4, group-norm 2, conv 3x3x4, maxpool 2, group-norm 2, dense 4");
    boolean[] expected = {false, true, true, false, false, true};
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], spec.rectified(i), "layer " + (i + 1));
    }
  }
}
