package io.rona.cli.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads what people write by hand: UTF-8, and not large. */
final class TextFile {
  private static final int MAX_BYTES = 256 * 1024;

  private TextFile() {}

  static String read(String name, InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) {
      throw new ConfigException(name, "must hold at most " + MAX_BYTES + " bytes, but holds more");
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new ConfigException(name, "must be UTF-8 text, but is not");
    }
  }
}
