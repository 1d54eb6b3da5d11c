package io.rona.query.engine;

import io.rona.query.data.Indicators;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The short notation of layers: what is written how. */
final class LayerNotation {

  /** Up to two digits, up to five, and what may be left out. */
  private static final String SIDE = "([1-9]\\d?)";

  private static final String COUNT = "([1-9]\\d{0,4})";
  private static final String STRIDE = "(?:/([1-9]))?";

  private static final String COLUMN = "\\d{1,6}\\+[1-9]\\d{0,5}";

  private static final List<Form> FORMS =
      List.of(
          new Form(
              "conv 5x5x32, conv 5x5x32/2",
              "conv " + SIDE + "x" + SIDE + "x" + COUNT + STRIDE,
              LayerNotation::convolution),
          new Form(
              "conv1d 5x32, conv1d 5x32/2",
              "conv1d " + SIDE + "x" + COUNT + STRIDE,
              groups ->
                  new LayerSpec.SeriesConvolution(
                      groups.number(1), groups.number(2), groups.stride(3))),
          new Form(
              "lstm 32, gru 32",
              "(lstm|gru) " + COUNT,
              groups -> new LayerSpec.Recurrent(groups.cell(1), groups.number(2))),
          new Form(
              "maxpool 2, avgpool 2",
              "(max|avg)pool " + SIDE,
              groups -> new LayerSpec.Pooling(groups.number(2), "max".equals(groups.text(1)))),
          new Form(
              "group-norm 8",
              "group-norm " + COUNT,
              groups -> new LayerSpec.GroupNorm(groups.number(1))),
          new Form(
              "residual 64 group-norm 8, residual 64/2 group-norm 8",
              "residual " + COUNT + STRIDE + " group-norm " + COUNT,
              groups ->
                  new LayerSpec.Residual(groups.number(1), groups.stride(2), groups.number(3))),
          new Form(
              "embed 4",
              "embed " + SIDE + "(?: of (" + COLUMN + "(?: " + COLUMN + ")*))?",
              LayerNotation::embedding),
          new Form(
              "dense 128",
              "dense ([1-9]\\d{0,5})",
              groups -> new LayerSpec.Dense(groups.number(1))));

  private LayerNotation() {}

  static LayerSpec parse(String text) {
    String trimmed = text.strip().toLowerCase(Locale.ROOT);
    for (Form form : FORMS) {
      Matcher matcher = form.pattern().matcher(trimmed);
      if (matcher.matches()) {
        return form.reader().apply(new Groups(text, matcher));
      }
    }
    throw new IllegalArgumentException(
        "a layer must be one of: "
            + String.join(", ", FORMS.stream().map(Form::example).toList())
            + "; but is: "
            + text);
  }

  private static LayerSpec convolution(Groups groups) {
    int kernel = groups.number(1);
    if (kernel != groups.number(2)) {
      throw new IllegalArgumentException(
          "a convolution's kernel must be square, but is " + groups.whole());
    }
    return new LayerSpec.Convolution(kernel, groups.number(3), groups.stride(4));
  }

  /** Where the columns are is written by {@link LayerSpec#notation}, for networks that are kept. */
  private static LayerSpec embedding(Groups groups) {
    List<Indicators> columns = new ArrayList<>();
    String places = groups.text(2);
    if (places != null) {
      for (String column : places.split(" ", -1)) {
        int plus = column.indexOf('+');
        columns.add(
            new Indicators(
                Integer.parseInt(column.substring(0, plus)),
                Integer.parseInt(column.substring(plus + 1))));
      }
    }
    return new LayerSpec.Embedding(groups.number(1), columns);
  }

  /** One kind of layer. */
  private record Form(String example, Pattern pattern, Function<Groups, LayerSpec> reader) {
    Form(String example, String pattern, Function<Groups, LayerSpec> reader) {
      this(example, Pattern.compile(pattern), reader);
    }
  }

  /** What a pattern found. */
  private record Groups(String whole, Matcher matcher) {
    @Nullable String text(int group) {
      return matcher.group(group);
    }

    RecurrentCell cell(int group) {
      return RecurrentCell.valueOf(matcher.group(group).toUpperCase(Locale.ROOT));
    }

    int number(int group) {
      return Integer.parseInt(matcher.group(group));
    }

    int stride(int group) {
      return matcher.group(group) == null ? 1 : number(group);
    }
  }
}
