package io.rona.cli.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The names of constants as a configuration writes them: {@code squared-error}. */
final class Words {

  private Words() {}

  static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** All constants of a type by their words. */
  static <T extends Enum<T>> Map<String, T> all(Class<T> type) {
    return Arrays.stream(type.getEnumConstants())
        .collect(Collectors.toMap(Words::of, Function.identity()));
  }
}
