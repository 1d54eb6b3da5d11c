package io.rona.query.features;

import io.rona.query.data.DataException;
import java.io.DataInputStream;
import java.io.IOException;

/** Reads feature maps back from checkpoints. */
public final class FeatureMaps {

  static final String PATCHES = "patches 1";
  static final String NETWORK = "network 1";
  static final String STANDARDIZED = "standardized 1";
  static final String UNIT = "unit 1";
  static final String MODEL = "model 1";

  private FeatureMaps() {}

  /**
   * Reads what {@link FeatureMap#write} wrote.
   *
   * @param in a checkpoint of this installation
   * @return the feature map
   * @throws IOException if reading fails or the content is no feature map
   * @throws DataException if the map is a model in a file that is missing or another one by now
   */
  public static FeatureMap read(DataInputStream in) throws IOException {
    String kind = in.readUTF();
    try {
      return switch (kind) {
        case PATCHES -> PatchFeatures.read(in);
        case STANDARDIZED -> StandardizedFeatures.read(in);
        case NETWORK -> NetworkFeatures.read(in);
        case UNIT -> UnitFeatures.read(in);
        case MODEL -> ModelFeatures.read(in);
        default -> throw new IOException("not a feature map: " + kind);
      };
    } catch (DataException e) {
      throw e;
    } catch (RuntimeException e) {
      // Sizes and layers that no feature map can have are refused in many places and ways.
      throw new IOException("the content is no feature map", e);
    }
  }

  static void requireLength(String name, float[] values, long length) throws IOException {
    if (values.length != length) {
      throw new IOException(name + " must have " + length + " values, but has " + values.length);
    }
  }
}
