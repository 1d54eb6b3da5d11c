package io.rona.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.query.engine.TensorEngine;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class DoctorCommandTest {

  private static String doctor(int exitCode, String... args) {
    StringWriter out = new StringWriter();
    int code =
        new CommandLine(new DoctorCommand())
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(out, true))
            .execute(args);
    assertEquals(exitCode, code, out.toString());
    return out.toString();
  }

  @Test
  void doctor_forPeople_namesEveryPart() {
    String text = doctor(0, "--seconds", "0.2");
    for (String part :
        List.of("Backend", "Instructions", "oneDNN", "Threads", "Memory", "GPU", "Matrices")) {
      assertTrue(text.contains(part), text);
    }
  }

  @Test
  void doctor_json_isReadableAndPlausible() {
    JsonNode tree = JsonMapper.builder().build().readTree(doctor(0, "--seconds=0.2", "--json"));
    assertTrue(tree.get("matrixGflops").asDouble() > 0.1);
    assertTrue(tree.get("convolutionGflops").asDouble() > 0.1);
    assertTrue(tree.get("memoryBytes").get("machine").asLong() > 1_000_000_000L);
    assertEquals("CPU", tree.get("engine").get("backend").asString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "NaN", "601", "soon"})
  void doctor_secondsOutOfRange_areRefused(String seconds) {
    assertTrue(doctor(2, "--seconds", seconds).contains("--seconds"));
  }

  @ParameterizedTest
  @CsvSource({
    "Tesla K40, 3, 5, false",
    "Tesla K80, 3, 7, true",
    "Tesla T4, 7, 5, true",
    "NVIDIA A40, 8, 6, true",
    "NVIDIA L4, 8, 9, true",
    "NVIDIA H100 PCIe, 9, 0, false",
    "NVIDIA B200, 10, 0, false"
  })
  void gpu_capability_decidesWhetherTheBackendRuns(
      String name, int major, int minor, boolean supported) {
    Gpu gpu = Gpu.parse(name + ", " + major + "." + minor + ", 15360 MiB");
    assertEquals(new Gpu(name, major, minor, "15360 MiB"), gpu);
    assertEquals(supported, gpu.supported());
    assertEquals(supported, !gpu.toString().contains("cannot be used"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Tesla T4", "Tesla T4, [N/A], 1 MiB", "Tesla T4, 7, 1 MiB"})
  void gpu_ofAnotherForm_isRefused(String line) {
    assertThrows(IllegalArgumentException.class, () -> Gpu.parse(line));
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void gpus_ofADriversTool_areRead() {
    GpuList list = GpuList.of(List.of("echo", "NVIDIA L4, 8.9, 23034 MiB\nNVIDIA L4, 9.9, 1 MiB"));
    assertEquals(2, list.gpus().size());
    assertEquals("", list.note());
    assertTrue(list.gpus().get(0).supported());
    assertFalse(list.gpus().get(1).supported());
    assertFalse(GpuList.of(List.of("false")).note().isEmpty());
    assertFalse(GpuList.of(List.of("echo", "no GPU here")).note().isEmpty());
    assertFalse(GpuList.of(List.of("rona-no-such-tool")).note().isEmpty());
  }

  @Test
  void advice_namesWhatSlowsTheEngineDown() {
    Diagnosis slow =
        new Diagnosis(
            new TensorEngine.Info("CPU", "OPENBLAS", false, 8),
            new TensorEngine.Instructions("x86-64", "AVX2"),
            2,
            new Diagnosis.Memory(1, 1, 1),
            new GpuList(List.of(), "none found"),
            1,
            1);
    assertEquals(3, slow.advice().size(), slow.advice().toString());
    Diagnosis good =
        new Diagnosis(
            new TensorEngine.Info("CPU", "OPENBLAS", true, 2),
            new TensorEngine.Instructions("AVX2", "AVX2"),
            2,
            new Diagnosis.Memory(1, 1, 1),
            new GpuList(List.of(), "none found"),
            1,
            1);
    assertEquals(List.of(), good.advice());
  }
}
