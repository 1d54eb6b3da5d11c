package io.rona.query.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.query.data.Indicators;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LayerSpecTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "conv 5x5x32",
        "conv 3x3x8/2",
        "conv 11x11x96/4",
        "maxpool 2",
        "avgpool 3",
        "dense 128",
        "dense 1",
        "group-norm 8",
        "conv1d 5x16",
        "conv1d 5x16/2",
        "lstm 32",
        "gru 1",
        "embed 4",
        "embed 4 of 1+16 20+5",
        "residual 64 group-norm 8",
        "residual 64/2 group-norm 8"
      })
  void notation_ofWhatWasParsed_isTheText(String text) {
    assertEquals(text, LayerSpec.parse(text).notation());
  }

  @Test
  void parse_givesTheLayer() {
    assertEquals(
        List.of(
            new LayerSpec.Convolution(5, 32, 2),
            new LayerSpec.Pooling(2, true),
            new LayerSpec.Pooling(4, false),
            new LayerSpec.Dense(64)),
        LayerSpec.parseAll(List.of("conv 5x5x32/2", "  MaxPool 2 ", "avgpool 4", "DENSE 64")));
    assertEquals(new LayerSpec.Convolution(5, 32, 1), LayerSpec.parse("conv 5x5x32/1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "conv",
        "conv 5x5",
        "conv 5x3x8",
        "conv 0x0x8",
        "conv 3x3x0",
        "conv 3x3x8/0",
        "conv 3x3x8/10",
        "conv -3x3x8",
        "conv 3x3x999999999999",
        "conv3x3x8",
        "maxpool",
        "maxpool 0",
        "maxpool 2.5",
        "minpool 2",
        "dense 0",
        "dense -1",
        "dense 1e3",
        "dense 99999999999",
        "dense \u0661",
        "dense 5 5",
        "dropout 0.5",
        "batch-norm",
        "group-norm",
        "group-norm 0",
        "group-norm 1.5",
        "conv1d 5",
        "conv1d 5x5x16",
        "conv1d 0x5",
        "lstm",
        "lstm 0",
        "lstm 1.5",
        "lstm -3",
        "gru 0",
        "gru 3x4",
        "rnn 5",
        "embed",
        "embed 0",
        "embed 4 of",
        "embed 4 of 1-16",
        "residual 64",
        "residual 64/2",
        "residual 64/0 group-norm 8",
        "residual 3x3x64 group-norm 8"
      })
  void parse_anythingElse_isRefusedWithTheText(String text) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> LayerSpec.parse(text));
    assertTrue(String.valueOf(e.getMessage()).endsWith(text), e.getMessage());
  }

  @Test
  void widened_changesChannelsAndUnitsAlone() {
    List<String> light =
        List.of(
            "conv 3x3x4/2",
            "group-norm 2",
            "residual 4 group-norm 2",
            "maxpool 2",
            "conv1d 5x4/2",
            "lstm 2",
            "gru 3",
            "embed 4",
            "dense 6");
    List<String> heavy =
        List.of(
            "conv 3x3x12/2",
            "group-norm 2",
            "residual 12 group-norm 2",
            "maxpool 2",
            "conv1d 5x12/2",
            "lstm 6",
            "gru 9",
            "embed 4",
            "dense 18");
    assertEquals(
        heavy,
        LayerSpec.parseAll(light).stream().map(layer -> layer.widened(3).notation()).toList());
  }

  @Test
  void constructors_refuseSizesBelowOne() {
    assertThrows(IllegalArgumentException.class, () -> new LayerSpec.Convolution(0, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> new LayerSpec.Convolution(1, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> new LayerSpec.Convolution(1, 1, 0));
    assertThrows(IllegalArgumentException.class, () -> new LayerSpec.Pooling(0, true));
    assertThrows(IllegalArgumentException.class, () -> new LayerSpec.Dense(0));
    assertThrows(IllegalArgumentException.class, () -> new LayerSpec.GroupNorm(0));
    assertThrows(IllegalArgumentException.class, () -> LayerSpec.parse("embed 4 of 1+4"));
    assertThrows(IllegalArgumentException.class, () -> LayerSpec.parse("embed 4 of 1+9 7+9"));
    assertThrows(IllegalArgumentException.class, () -> new Indicators(-1, 2));
    assertThrows(IllegalArgumentException.class, () -> new Indicators(0, 0));
    assertThrows(IllegalArgumentException.class, () -> new LayerSpec.SeriesConvolution(0, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> new LayerSpec.SeriesConvolution(1, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> new LayerSpec.SeriesConvolution(1, 1, 0));
    assertThrows(
        IllegalArgumentException.class, () -> new LayerSpec.Recurrent(RecurrentCell.GRU, 0));
    assertThrows(IllegalArgumentException.class, () -> new LayerSpec.Residual(0, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> new LayerSpec.Residual(1, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> new LayerSpec.Residual(1, 1, 0));
    assertThrows(IllegalArgumentException.class, () -> new NetworkSpec(0, 1, 1, List.of(), 2));
    assertThrows(IllegalArgumentException.class, () -> new NetworkSpec(1, 1, 1, List.of(), 1));
  }

  @Test
  void widened_hasMoreChannelsOrUnits_andPoolingStays() {
    assertEquals(
        List.of("conv 3x3x12/2", "maxpool 2", "dense 30"),
        Stream.of("conv 3x3x4/2", "maxpool 2", "dense 10")
            .map(LayerSpec::parse)
            .map(layer -> layer.widened(3))
            .map(LayerSpec::notation)
            .toList());
    LayerSpec wide = new LayerSpec.Dense(Integer.MAX_VALUE);
    assertThrows(ArithmeticException.class, () -> wide.widened(2));
  }
}
