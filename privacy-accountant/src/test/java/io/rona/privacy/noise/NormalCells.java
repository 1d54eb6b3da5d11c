package io.rona.privacy.noise;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** Reads normal-cells.csv: where cells of the rounded Gaussian end, to 60 digits. */
final class NormalCells {
  private NormalCells() {}

  /** One end of a cell: x is the end in standard deviations from the mean, tail is P(Z > |x|). */
  record End(double mean, double stdDev, Grid grid, long cell, boolean positive, BigDecimal tail) {}

  static List<End> read() {
    InputStream stream =
        Objects.requireNonNull(NormalCells.class.getResourceAsStream("normal-cells.csv"));
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.US_ASCII))) {
      return reader
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(NormalCells::parse)
          .collect(Collectors.toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static End parse(String line) {
    String[] field = line.split(",", -1);
    return new End(
        Double.parseDouble(field[0]),
        Double.parseDouble(field[1]),
        new Grid(Integer.parseInt(field[2])),
        Long.parseLong(field[3]),
        field[4].equals("1"),
        new BigDecimal(field[5]));
  }
}
