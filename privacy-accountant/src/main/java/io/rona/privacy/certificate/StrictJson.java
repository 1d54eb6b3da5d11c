package io.rona.privacy.certificate;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON without liberties.
 *
 * <p>Written: UTF-8, no white space, members in alphabetical order, numbers in the shortest form
 * that reads back the same; one value, one text. Read: UTF-8 without byte order mark, no unknown,
 * repeated or missing members, no coercion between types, nothing after the end, and bounds on
 * depth, length and number of tokens, so that no input costs more than its size deserves.
 */
final class StrictJson {
  static final int MAX_BYTES = 16 << 20;
  private static final int MAX_DEPTH = 64;
  private static final int MAX_NUMBER_CHARS = 64;
  private static final int MAX_NAME_CHARS = 256;
  private static final int MAX_TOKENS = 1 << 20;

  static final int MAX_LARGE_BYTES = 64 << 20;
  private static final int MAX_LARGE_TOKENS = 1 << 22;

  private static final JsonMapper MAPPER = mapper(MAX_BYTES, MAX_TOKENS);
  private static final JsonMapper LARGE = mapper(MAX_LARGE_BYTES, MAX_LARGE_TOKENS);

  private StrictJson() {}

  private static JsonMapper mapper(int maxBytes, int maxTokens) {
    return JsonMapper.builder(
            JsonFactory.builder()
                .streamReadConstraints(
                    StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .maxDocumentLength(maxBytes)
                        .maxTokenCount(maxTokens)
                        .maxNumberLength(MAX_NUMBER_CHARS)
                        .maxStringLength(MAX_BYTES)
                        .maxNameLength(MAX_NAME_CHARS)
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                // Double.toString differs between JDK 17 and 19; this one is the same everywhere.
                .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
                .build())
        .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
        .disable(MapperFeature.SORT_CREATOR_PROPERTIES_FIRST)
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .addModule(PrivacyJson.module())
        .build();
  }

  static byte[] write(Object value) {
    return MAPPER.writeValueAsBytes(value);
  }

  static <T> T read(byte[] json, Class<T> type, String what) {
    requireAtMost(MAX_BYTES, json, what);
    return read(MAPPER, utf8(json, what), type, what);
  }

  /** A value of any form; numbers, texts and nesting within the usual bounds. */
  static JsonNode tree(String json, String what) {
    return read(MAPPER, json, JsonNode.class, what);
  }

  /** The same for a document of up to {@value #MAX_LARGE_BYTES} bytes. */
  static JsonNode largeTree(byte[] json, String what) {
    requireAtMost(MAX_LARGE_BYTES, json, what);
    return read(LARGE, utf8(json, what), JsonNode.class, what);
  }

  private static void requireAtMost(int bytes, byte[] json, String what) {
    if (!(json.length <= bytes)) {
      throw new VerificationException(what + " must be at most " + bytes + " bytes");
    }
  }

  private static <T> T read(JsonMapper mapper, String json, Class<T> type, String what) {
    T value;
    try {
      value = mapper.readValue(json, type);
    } catch (JacksonException | IllegalArgumentException e) {
      throw new VerificationException(what + " is malformed: " + reason(e), e);
    }
    if (value == null) {
      throw new VerificationException(what + " is malformed: null");
    }
    return value;
  }

  static String utf8(byte[] text, String what) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString();
    } catch (CharacterCodingException e) {
      throw new VerificationException(what + " must be UTF-8", e);
    }
  }

  /** The first line of the parser's own message, which may quote the text but not dump it. */
  private static String reason(RuntimeException e) {
    String message =
        e instanceof JacksonException json ? json.getOriginalMessage() : e.getMessage();
    String line =
        message == null ? e.getClass().getSimpleName() : message.lines().findFirst().orElse("");
    return line.length() <= 200 ? line : line.substring(0, 200) + "...";
  }
}
