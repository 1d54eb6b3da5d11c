package io.rona.query.testing;

import static org.bytedeco.hdf5.global.hdf5.H5F_ACC_TRUNC;
import static org.bytedeco.hdf5.global.hdf5.H5S_SCALAR;
import static org.bytedeco.hdf5.global.hdf5.H5T_VARIABLE;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bytedeco.hdf5.Attribute;
import org.bytedeco.hdf5.DataSet;
import org.bytedeco.hdf5.DataSpace;
import org.bytedeco.hdf5.DataType;
import org.bytedeco.hdf5.Group;
import org.bytedeco.hdf5.H5File;
import org.bytedeco.hdf5.H5Object;
import org.bytedeco.hdf5.PredType;
import org.bytedeco.hdf5.StrType;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;

/** Writes models as Keras 2 lays them out in HDF5. */
public final class KerasFiles {

  private static final String ROOT = "model_weights";

  private final List<String> layers = new ArrayList<>();
  private final Map<String, Map<String, Weights>> weights = new LinkedHashMap<>();
  private final String inputShape;
  private String version = "2.11.0";
  private String modelClass = "Sequential";

  /** One tensor of a layer. */
  private static final class Weights {
    private final float[] values;
    private final long[] shape;

    Weights(float[] values, long[] shape) {
      this.values = values.clone();
      this.shape = shape.clone();
    }
  }

  private KerasFiles(String inputShape) {
    this.inputShape = inputShape;
  }

  /**
   * Begins a model.
   *
   * @param inputShape with null for the batch, such as {@code [null,8,8,1]}
   * @return a model of an input layer called {@code pixels}
   */
  public static KerasFiles of(String inputShape) {
    KerasFiles files = new KerasFiles(inputShape);
    files.layers.add(
        json("InputLayer", "pixels", "\"batch_input_shape\":" + inputShape + ",\"sparse\":false"));
    return files;
  }

  private static String json(String kind, String name, String rest) {
    return String.format(
        Locale.ROOT,
        "{\"class_name\":\"%s\",\"config\":{\"name\":\"%s\",\"dtype\":\"float32\"%s}}",
        kind,
        name,
        rest.isEmpty() ? "" : "," + rest);
  }

  /** Says which Keras saved the model. */
  public KerasFiles version(String saved) {
    this.version = saved;
    return this;
  }

  /** Says of which class the model is. */
  public KerasFiles modelClass(String name) {
    this.modelClass = name;
    return this;
  }

  /** Adds a layer with the members of its configuration beside name and type, as JSON. */
  public KerasFiles layer(String kind, String name, String rest) {
    layers.add(json(kind, name, rest));
    weights.put(name, new LinkedHashMap<>());
    return this;
  }

  /** Adds a convolution. */
  public KerasFiles convolution(String name, int filters, String window) {
    return layer(
        "Conv2D",
        name,
        "\"filters\":" + filters + "," + window + ",\"dilation_rate\":[1,1]," + PLAIN);
  }

  /** Adds a dense layer. */
  public KerasFiles dense(String name, int units, String activation) {
    return layer("Dense", name, "\"units\":" + units + "," + PLAIN.replace("relu", activation));
  }

  private static final String PLAIN =
      "\"activation\":\"relu\",\"use_bias\":true,"
          + "\"kernel_initializer\":{\"class_name\":\"GlorotUniform\",\"config\":{\"seed\":null}},"
          + "\"bias_initializer\":{\"class_name\":\"Zeros\",\"config\":{}},"
          + "\"kernel_regularizer\":null,\"bias_regularizer\":null,\"activity_regularizer\":null,"
          + "\"kernel_constraint\":null,\"bias_constraint\":null";

  /** Adds a tensor to a layer that was added before. */
  public KerasFiles weight(String layer, String name, float[] values, long... shape) {
    Map<String, Weights> own = weights.get(layer);
    if (own == null) {
      throw new IllegalArgumentException("there must be a layer " + layer);
    }
    own.put(name + ":0", new Weights(values, shape));
    return this;
  }

  /** Writes the file. */
  @SuppressWarnings("unchecked") // The scope's list of classes is empty.
  public Path write(Path file) {
    // The library is not made for several threads: nothing of it is left to the garbage
    // collector's.
    try (PointerScope scope = new PointerScope()) {
      H5File out = new H5File(file.toString(), H5F_ACC_TRUNC());
      scope.attach(out);
      write(out);
      out._close();
    }
    return file;
  }

  private void write(H5File out) {
    text(out, "keras_version", version);
    text(out, "backend", "tensorflow");
    text(
        out,
        "model_config",
        String.format(
            Locale.ROOT,
            "{\"class_name\":\"%s\",\"config\":{\"name\":\"model\",\"layers\":[%s]}}",
            modelClass,
            String.join(",", layers)));
    Group root = out.createGroup(ROOT);
    names(root, "layer_names", List.copyOf(weights.keySet()));
    weights.forEach((layer, own) -> group(root, layer, own));
    root._close();
  }

  private static void group(Group root, String layer, Map<String, Weights> own) {
    Group group = root.createGroup(layer);
    names(group, "weight_names", own.keySet().stream().map(name -> layer + "/" + name).toList());
    if (!own.isEmpty()) {
      Group inner = group.createGroup(layer);
      own.forEach((name, tensor) -> tensor(inner, name, tensor));
      inner._close();
    }
    group._close();
  }

  private static void tensor(Group group, String name, Weights tensor) {
    DataType type = new DataType(PredType.NATIVE_FLOAT());
    DataSet data =
        group.createDataSet(name, type, new DataSpace(tensor.shape.length, tensor.shape));
    data.write((Pointer) new FloatPointer(tensor.values), type);
    data._close();
  }

  private static void text(H5Object place, String name, String value) {
    StrType type = new StrType(PredType.C_S1(), H5T_VARIABLE());
    Attribute attribute = place.createAttribute(name, type, new DataSpace(H5S_SCALAR));
    attribute.write(type, value);
    attribute._close();
  }

  /** A list of names of one length; an empty list is one of numbers, as Keras writes it. */
  private static void names(H5Object place, String name, List<String> values) {
    int length = values.stream().mapToInt(String::length).max().orElse(0);
    DataType type =
        length == 0
            ? new DataType(PredType.NATIVE_DOUBLE())
            : new StrType(PredType.C_S1(), (long) length);
    Attribute attribute =
        place.createAttribute(name, type, new DataSpace(1, new long[] {values.size()}));
    if (length > 0) {
      byte[] padded = new byte[length * values.size()];
      for (int i = 0; i < values.size(); i++) {
        byte[] one = values.get(i).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(one, 0, padded, i * length, one.length);
      }
      attribute.write(type, (Pointer) new BytePointer(padded));
    }
    attribute._close();
  }

  @Override
  public String toString() {
    return "KerasFiles[" + inputShape + ", " + layers.size() + " layers]";
  }
}
