package io.rona.query.engine;

import io.rona.query.data.NativeMemory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A classifier on Deeplearning4j that is trained by gradients given from outside ("external
 * errors"): whoever trains it computes the loss gradient with respect to the outputs, and this
 * class carries it to the weights.
 *
 * <p>Outputs: the logits, and the {@linkplain Tap taps} the network was built with.
 *
 * <p>Shapes: inputs {@code [n, channels * height * width]} or {@code [n, channels, height, width]};
 * logits {@code [n, classes]}; taps {@code [n, outputs of the regressor]}, or that of the layer.
 *
 * <p>Not safe for use by several threads at once.
 */
public final class Network {

  /** Rows a single inference call of the engine gets; bounds the memory of {@link #logits}. */
  private static final int INFERENCE_BATCH = 256;

  private final NetworkSpec spec;
  private final List<Tap> taps;
  private final ComputationGraph graph;
  private int steps;

  private Network(NetworkSpec spec, List<Tap> taps, ComputationGraph graph) {
    this.spec = spec;
    this.taps = taps;
    this.graph = graph;
  }

  /**
   * Gives the gradient of a batch's mean loss with respect to the network's outputs.
   *
   * @see Network#step
   */
  @FunctionalInterface
  public interface OutputGradient {
    /**
     * Computes the gradient.
     *
     * @param outputs what the network answered for the batch
     * @return the gradient of the same shapes; an output the loss does not use is zero
     */
    Outputs of(Outputs outputs);
  }

  /**
   * The network's outputs for a batch, or a gradient with respect to them.
   *
   * @param logits shape {@code [n, classes]}
   * @param taps in the order the network was built with
   */
  public record Outputs(INDArray logits, List<INDArray> taps) {
    /**
     * Copies the list.
     *
     * @param logits shape {@code [n, classes]}
     * @param taps in the order the network was built with
     */
    public Outputs {
      taps = List.copyOf(taps);
    }

    /**
     * Makes a gradient of these outputs that is zero at all taps.
     *
     * @param gradient with respect to the logits
     * @return the gradient with respect to all outputs
     */
    public Outputs gradientAtLogits(INDArray gradient) {
      return new Outputs(gradient, taps.stream().map(Nd4j::zerosLike).toList());
    }
  }

  /**
   * Builds a network with fresh weights.
   *
   * @param spec shape of the classifier
   * @param seed public seed of the initial weights
   * @return a network without taps
   */
  public static Network create(NetworkSpec spec, long seed) {
    return create(spec, List.of(), seed);
  }

  /**
   * Builds a network with fresh weights and outputs beside the logits.
   *
   * @param spec shape of the classifier
   * @param taps these outputs
   * @param seed public seed of the initial weights
   * @return the network
   * @throws IllegalArgumentException if a tap is of a layer that is not there
   */
  public static Network create(NetworkSpec spec, List<Tap> taps, long seed) {
    TensorEngine.initialize();
    ComputationGraphConfiguration configuration = GraphBuilder.build(spec, taps, seed);
    ComputationGraph graph = new ComputationGraph(configuration);
    graph.init();
    DirectLayers.install(graph);
    return new Network(spec, List.copyOf(taps), graph);
  }

  /**
   * Counts the weights that a classifier of some shape has, without building it.
   *
   * @param spec shape of the classifier
   * @return number of parameters, at least 1
   */
  public static long parameterCount(NetworkSpec spec) {
    return parameterCounts(spec).stream().mapToLong(count -> count).sum();
  }

  /**
   * Counts the weights of each layer of a classifier, without building it.
   *
   * @param spec shape of the classifier
   * @return one entry a hidden layer, then that of the logits
   */
  public static List<Long> parameterCounts(NetworkSpec spec) {
    Map<String, GraphVertex> vertices = GraphBuilder.build(spec, List.of(), 0).getVertices();
    return IntStream.rangeClosed(0, spec.layers().size())
        .mapToObj(layer -> GraphBuilder.weighted(spec, layer))
        .map(
            parts ->
                parts.stream()
                    .map(part -> Objects.requireNonNull(vertices.get(part), part))
                    .mapToLong(vertex -> vertex.numParams(true))
                    .sum())
        .toList();
  }

  /**
   * Returns the shape.
   *
   * @return the specification the network was built from
   */
  public NetworkSpec spec() {
    return spec;
  }

  /**
   * Counts the weights that the classifier needs; the taps' regressors are not among them.
   *
   * @return number of parameters
   */
  public long parameterCount() {
    return graph.numParams() - regressorParameters();
  }

  private long regressorParameters() {
    long sum = 0;
    for (int i = 0; i < taps.size(); i++) {
      sum += taps.get(i).regressor() == 0 ? 0 : graph.getLayer(GraphBuilder.tap(i)).numParams();
    }
    return sum;
  }

  /**
   * Computes the logits without training effects such as dropout.
   *
   * @param inputs a batch of any size; not modified
   * @return logits, shape {@code [n, classes]}
   */
  public INDArray logits(INDArray inputs) {
    List<String> layer = List.of(GraphBuilder.LOGITS);
    return inBatches(
        inputs, spec.classes(), part -> graph.output(layer, false, new INDArray[] {part}, null)[0]);
  }

  /**
   * Computes the activations of the last hidden layer.
   *
   * @param inputs a batch of any size; not modified
   * @return activations, shape {@code [n, units of the last hidden layer]}
   */
  public INDArray features(INDArray inputs) {
    List<String> layer = List.of(GraphBuilder.guidedLayer(spec));
    return inBatches(inputs, featureWidth(), part -> activations(part, layer).get(0));
  }

  /**
   * Computes the activations of hidden layers, without training effects.
   *
   * @param inputs a batch that is passed forward as a whole; not modified
   * @param layers hidden layers, counted from 1
   * @return one array a layer, shape {@code [n, outputs of the layer]}
   * @throws IllegalArgumentException if there is no such layer
   */
  public List<INDArray> activations(INDArray inputs, int... layers) {
    List<String> names =
        Arrays.stream(layers).mapToObj(layer -> GraphBuilder.hiddenLayer(spec, layer)).toList();
    long rows = inputs.size(0);
    return activations(shape(inputs), names).stream()
        .map(values -> values.reshape(rows, values.length() / rows))
        .toList();
  }

  /** Deeplearning4j's output() of an inner layer leaves a workspace open where it convolves. */
  private List<INDArray> activations(INDArray inputs, List<String> layers) {
    Map<String, INDArray> all = graph.feedForward(new INDArray[] {inputs}, false, true);
    List<INDArray> wanted =
        layers.stream().map(layer -> requireOutput(all, layer).dup('c')).toList();
    free(all);
    return wanted;
  }

  private INDArray inBatches(INDArray inputs, int width, UnaryOperator<INDArray> forward) {
    long rows = inputs.size(0);
    INDArray shaped = shape(inputs);
    if (rows <= INFERENCE_BATCH) {
      return forward.apply(shaped).reshape(rows, width);
    }
    INDArray result = Nd4j.createUninitialized(DataType.FLOAT, rows, width);
    for (long from = 0; from < rows; from += INFERENCE_BATCH) {
      long to = Math.min(rows, from + INFERENCE_BATCH);
      INDArray part = shaped.get(NDArrayIndex.interval(from, to));
      INDArray out = forward.apply(part).reshape(to - from, width);
      result.get(NDArrayIndex.interval(from, to)).assign(out);
      NativeMemory.reclaim();
    }
    return result;
  }

  private INDArray shape(INDArray inputs) {
    // ND4J 1.0.0-M2.1 gives an empty array for some intervals of a view.
    INDArray whole = inputs.isView() ? inputs.dup('c') : inputs;
    LayerShape input = spec.shapes().get(0);
    return whole.reshape(whole.size(0), input.channels(), input.height(), input.width());
  }

  /**
   * Takes one step of the optimizer (Adam; Kingma and Ba, 2015).
   *
   * @param inputs one mini-batch; not modified
   * @param gradient gives the gradient of the batch's mean loss with respect to the outputs
   */
  public void step(INDArray inputs, OutputGradient gradient) {
    int batch = Math.toIntExact(inputs.size(0));
    INDArray update =
        onPass(
            inputs,
            activations -> {
              Gradient weights = backpropagate(activations, gradient);
              // The updater divides by the batch size of summed losses; ours is already the mean's
              // gradient.
              graph.getUpdater().update(weights, steps, 0, batch, LayerWorkspaceMgr.noWorkspaces());
              return weights.gradient();
            });
    graph.params().subi(update);
    NativeMemory.reclaim();
    steps++;
  }

  /** Passes a batch forward as in training, and forgets the pass when its use is over. */
  private <T> T onPass(INDArray inputs, Function<Map<String, INDArray>, T> use) {
    Map<String, INDArray> activations =
        graph.feedForward(new INDArray[] {shape(inputs)}, true, false);
    T result = use.apply(activations);
    graph.clearLayersStates();
    free(activations);
    return result;
  }

  /**
   * Computes the gradient with respect to the weights, without a step.
   *
   * @param inputs one mini-batch; not modified
   * @param gradient gives the gradient at the outputs
   * @return one row in the order of {@link #weights}
   */
  INDArray gradient(INDArray inputs, OutputGradient gradient) {
    return onPass(inputs, activations -> backpropagate(activations, gradient).gradient().dup());
  }

  private Gradient backpropagate(Map<String, INDArray> activations, OutputGradient gradient) {
    List<INDArray> tapped = new ArrayList<>();
    for (int i = 0; i < taps.size(); i++) {
      tapped.add(requireOutput(activations, GraphBuilder.tap(i)));
    }
    Outputs outputs = new Outputs(requireOutput(activations, GraphBuilder.LOGITS), tapped);
    Outputs errors = gradient.of(outputs);
    return graph.backpropGradient(
        Stream.concat(Stream.of(errors.logits()), errors.taps().stream()).toArray(INDArray[]::new));
  }

  /**
   * Passes a batch forward and back, and keeps what each layer with weights saw. The rows do not
   * mix: what is kept of one depends on that row alone.
   *
   * @throws IllegalArgumentException if rows mix in a layer, or its gradients cannot be told apart
   */
  List<LayerTrace> traces(INDArray inputs, ClippedGradients.RowGradient gradient) {
    return onPass(
        inputs,
        activations -> {
          // The engine's layers write the batch's gradient along the way, which nobody asks for.
          graph.initGradientsView();
          INDArray atLogits = gradient.of(requireOutput(activations, GraphBuilder.LOGITS));
          return new TracedBackpropagation(graph, activations).from(GraphBuilder.LOGITS, atLogits);
        });
  }

  Network requireWithoutTaps() {
    if (!taps.isEmpty()) {
      throw new IllegalArgumentException("network must have no taps, but has " + taps.size());
    }
    return this;
  }

  /** Gives a pass's memory back, but for its inputs. */
  private static void free(Map<String, INDArray> activations) {
    activations.forEach(
        (layer, values) -> {
          if (!layer.equals(GraphBuilder.INPUT)) {
            NativeMemory.free(values);
          }
        });
  }

  private static INDArray requireOutput(Map<String, INDArray> activations, String layer) {
    return Objects.requireNonNull(activations.get(layer), layer);
  }

  /**
   * Trained weights.
   *
   * @param weights a convolution's of shape {@code [channels out, channels in, height, width]}, a
   *     dense layer's of shape {@code [units in, units out]}, a group normalization's scales of
   *     shape {@code [channels]}; an embedding's as those of the dense layer that does the same; a
   *     recurrent layer's for what comes in of shape {@code [gates * units, channels in]}, for the
   *     state of shape {@code [gates * units, units]}, gates in the order of {@link RecurrentCell}
   * @param bias as many as there are outputs, or offsets of a group normalization
   */
  public record LayerWeights(INDArray weights, INDArray bias) {}

  /**
   * Copies the weights of one layer.
   *
   * @param layer hidden layer, counted from 0; the number of hidden layers for the logits'
   * @return one entry; none of pooling; of a residual block its first convolution, the
   *     normalization of that, its second, the normalization of that, and its projection if it has
   *     one; of a recurrent layer what reads the channels, then what reads the state
   * @throws IndexOutOfBoundsException if there is no such layer
   */
  public List<LayerWeights> layerWeights(int layer) {
    Objects.checkIndex(layer, spec.layers().size() + 1);
    return GraphBuilder.weighted(spec, layer).stream()
        .map(graph::getLayer)
        .flatMap(
            part ->
                part instanceof OwnLayerPass<?> own
                    ? own.exported().stream()
                    : Stream.of(
                        new LayerWeights(part.getParam("W").dup('c'), part.getParam("b").dup('c'))))
        .toList();
  }

  /**
   * Returns the classifier without its taps, which only training needs.
   *
   * @return a network of the same weights; this one if it has no taps
   */
  public Network withoutTaps() {
    if (taps.isEmpty()) {
      return this;
    }
    Network plain = create(spec, 0);
    for (Layer layer : plain.graph.getLayers()) {
      if (layer.numParams() > 0) {
        layer.setParams(graph.getLayer(layer.conf().getLayer().getLayerName()).params());
      }
    }
    return plain;
  }

  /**
   * Sets the optimizer's step size from now on.
   *
   * @param learningRate greater than 0
   */
  public void learningRate(double learningRate) {
    graph.setLearningRate(learningRate);
  }

  /**
   * Forgets what the optimizer remembers of earlier steps, so that a training is a function of the
   * weights it starts from.
   */
  void restartOptimizer() {
    graph.getUpdater().getStateViewArray().assign(0);
    steps = 0;
  }

  /**
   * All that a training in course needs to go on.
   *
   * @param steps taken so far
   * @param weights one row as {@link #weights} returns it
   * @param optimizer what the optimizer remembers of the steps
   */
  record TrainingState(int steps, INDArray weights, INDArray optimizer) {}

  TrainingState trainingState() {
    return new TrainingState(steps, weights(), graph.getUpdater().getStateViewArray().dup());
  }

  void resume(TrainingState state) {
    weights(state.weights);
    graph.getUpdater().getStateViewArray().assign(state.optimizer);
    steps = state.steps;
  }

  /**
   * Returns a copy of all weights, the regressors' included.
   *
   * @return one row
   */
  public INDArray weights() {
    return graph.params().dup();
  }

  /**
   * Moves a running average toward the current weights, without a copy of them.
   *
   * @param average one row as {@link #weights} returns it; modified
   * @param decay weight of the old average, from 0 to 1
   */
  void averageInto(INDArray average, double decay) {
    average.muli(decay);
    Nd4j.getBlasWrapper().level1().axpy(average.length(), 1 - decay, graph.params(), average);
  }

  /**
   * Replaces all weights.
   *
   * @param weights one row as {@link #weights} returns it; not modified
   * @throws IllegalArgumentException if the row has another length
   */
  public void weights(INDArray weights) {
    if (weights.length() != graph.numParams()) {
      throw new IllegalArgumentException(
          "weights must be as many as the network's "
              + graph.numParams()
              + ", but are "
              + weights.length());
    }
    graph.params().assign(weights);
  }

  /**
   * Counts the activations of the last hidden layer.
   *
   * @return the width of {@link #features}
   */
  public int featureWidth() {
    return Math.toIntExact(graph.getLayer(GraphBuilder.LOGITS).getParam("W").size(0));
  }

  /**
   * Writes the classifier as a Deeplearning4j zip; the taps are left out.
   *
   * @param file where to; replaced if it exists
   * @throws IOException if writing fails
   */
  public void save(Path file) throws IOException {
    withoutTaps().graph.save(file.toFile(), false);
  }
}
