package io.rona.query.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.nd4j.linalg.factory.Nd4j;

final class TensorEngineTest {

  @Test
  void initialize_tellsWhatRuns() {
    TensorEngine.Info info = TensorEngine.initialize();
    assertEquals("CPU", info.backend());
    assertTrue(info.threads() >= 1);
    assertEquals(info, TensorEngine.initialize());
    assertTrue(info.toString().contains(info.oneDnn() ? "oneDNN on" : "oneDNN off"));
  }

  /** The natives that the build takes for this platform hold oneDNN. */
  @Test
  @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
  void initialize_onLinuxAmd64_hasOneDnn() {
    assertTrue(TensorEngine.initialize().oneDnn());
  }

  /** The build takes natives for AVX2, which every processor that can run them has. */
  @Test
  @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
  void instructions_onLinuxAmd64_areThoseOfTheNatives() {
    TensorEngine.Instructions instructions = TensorEngine.instructions();
    assertEquals("AVX2", instructions.natives());
    assertTrue(List.of("AVX2", "AVX-512").contains(instructions.processor()));
    assertEquals(instructions.processor().equals("AVX2"), instructions.best());
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
  void convolution_onLinuxAmd64_hasItsOneDnnHelper() {
    TensorEngine.initialize();
    NetworkSpec spec = new NetworkSpec(1, 4, 4, List.of(new LayerSpec.Convolution(3, 2, 1)), 2);
    ComputationGraph graph = new ComputationGraph(GraphBuilder.build(spec, List.of(), 1));
    graph.init();
    graph.outputSingle(Nd4j.ones(1, 1, 4, 4));
    assertEquals("MKLDNNConvHelper", graph.getLayer(0).getHelper().getClass().getSimpleName());
  }
}
