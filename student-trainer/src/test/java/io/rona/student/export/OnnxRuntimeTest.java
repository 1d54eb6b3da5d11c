package io.rona.student.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * ONNX Runtime runs in the process that holds sensitive records, so it must not be a build that
 * reports usage to its maker: such builds keep an identifier of the machine and read the command
 * line.
 */
final class OnnxRuntimeTest {

  private static final List<String> LIBRARIES =
      List.of("linux-x64/libonnxruntime.so", "linux-aarch64/libonnxruntime.so");

  private static final List<String> SIGNS =
      List.of("events.data.microsoft.com", "OneCollector", "DeveloperTools");

  @Test
  void nativeLibraries_reportToNobody() throws IOException {
    for (String library : LIBRARIES) {
      String name = "/ai/onnxruntime/native/" + library;
      try (InputStream in = OrtEnvironment.class.getResourceAsStream(name)) {
        assertTrue(in != null, () -> "no " + name);
        String content = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        assertTrue(content.contains("OrtGetApiBase"), () -> "not the library: " + name);
        assertEquals(List.of(), SIGNS.stream().filter(content::contains).toList(), name);
      }
    }
  }
}
