package io.rona.query.features;

import io.rona.query.data.ExampleSet;
import io.rona.query.data.RowRange;
import io.rona.query.engine.CheckpointDirectory;
import io.rona.query.engine.LayerSpec;
import io.rona.query.engine.Network;
import io.rona.query.engine.NetworkSpec;
import io.rona.query.engine.NetworkTrainer;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Supervised features: the last hidden layer of a network trained on public labels, standardized by
 * its mean and deviation on the first of the public inputs.
 *
 * <p><b>Privacy.</b> Everything fitted comes from the public examples given to {@link #fit}.
 */
public final class NetworkFeatures implements FeatureMap {

  /** Examples that mean and deviation are measured on. */
  private static final int STANDARDIZED_ON = 5000;

  private final Network network;
  private final INDArray mean;
  private final INDArray scale;

  private NetworkFeatures(Network network, INDArray mean, INDArray scale) {
    this.network = network;
    this.mean = mean;
    this.scale = scale;
  }

  /**
   * Trains the network on public labels.
   *
   * @param network with fresh weights; becomes the backbone
   * @param labeled public examples with labels
   * @param trainer how long and how fast
   * @return the trained backbone
   */
  public static NetworkFeatures fit(Network network, ExampleSet labeled, NetworkTrainer trainer) {
    trainer.train(network, labeled, "public backbone", NetworkTrainer.crossEntropy(labeled));
    int sample = Math.min(labeled.size(), STANDARDIZED_ON);
    INDArray raw = network.features(labeled.slice(RowRange.of(0, sample)).features());
    INDArray scale = Nd4j.createFromArray(Scales.inverse(raw.std(false, 0).toFloatVector()));
    return new NetworkFeatures(network, raw.mean(0), scale);
  }

  @Override
  public INDArray apply(INDArray inputs) {
    return network.features(inputs).subRowVector(mean).muliRowVector(scale);
  }

  @Override
  public int dimension() {
    return network.featureWidth();
  }

  @Override
  public long parameterCount() {
    long head = (dimension() + 1L) * network.spec().classes();
    return network.parameterCount() - head + 2L * dimension();
  }

  @Override
  public void write(DataOutputStream out) throws IOException {
    NetworkSpec spec = network.spec();
    out.writeUTF(FeatureMaps.NETWORK);
    out.writeInt(spec.channels());
    out.writeInt(spec.height());
    out.writeInt(spec.width());
    out.writeInt(spec.classes());
    out.writeInt(spec.layers().size());
    for (LayerSpec layer : spec.layers()) {
      out.writeUTF(layer.notation());
    }
    CheckpointDirectory.writeRow(out, network.weights().toFloatVector());
    CheckpointDirectory.writeRow(out, mean.toFloatVector());
    CheckpointDirectory.writeRow(out, scale.toFloatVector());
  }

  static NetworkFeatures read(DataInputStream in) throws IOException {
    int[] sizes = {in.readInt(), in.readInt(), in.readInt(), in.readInt(), in.readInt()};
    List<LayerSpec> layers = new ArrayList<>();
    for (int i = 0; i < sizes[4]; i++) {
      layers.add(LayerSpec.parse(in.readUTF()));
    }
    NetworkSpec spec = new NetworkSpec(sizes[0], sizes[1], sizes[2], layers, sizes[3]);
    float[] weights = CheckpointDirectory.readRow(in);
    float[] mean = CheckpointDirectory.readRow(in);
    float[] scale = CheckpointDirectory.readRow(in);
    FeatureMaps.requireLength("weights", weights, Network.parameterCount(spec));
    Network network = Network.create(spec, 0);
    FeatureMaps.requireLength("mean", mean, network.featureWidth());
    FeatureMaps.requireLength("scale", scale, network.featureWidth());
    network.weights(Nd4j.createFromArray(weights).reshape(1, weights.length));
    return new NetworkFeatures(network, Nd4j.createFromArray(mean), Nd4j.createFromArray(scale));
  }
}
