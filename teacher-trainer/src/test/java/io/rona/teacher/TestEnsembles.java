package io.rona.teacher;

import io.rona.query.features.FeatureMap;
import io.rona.query.testing.TestImages;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Ensembles with heads of the test's choice on the pixels themselves. */
final class TestEnsembles {
  static final String DATASET_DIGEST = "c".repeat(64);
  static final int PIXELS = TestImages.SIDE * TestImages.SIDE;

  private TestEnsembles() {}

  /** The inputs as they are. */
  private static final class Pixels implements FeatureMap {
    @Override
    public INDArray apply(INDArray inputs) {
      return inputs.reshape(inputs.size(0), PIXELS);
    }

    @Override
    public int dimension() {
      return PIXELS;
    }

    @Override
    public long parameterCount() {
      return 0;
    }

    @Override
    public void write(DataOutputStream out) throws IOException {
      throw new IOException("not kept by these tests");
    }
  }

  static INDArray head(SplittableRandom random, double size) {
    float[] values = new float[(PIXELS + 1) * TestImages.CLASSES];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (size * random.nextGaussian());
    }
    return Nd4j.createFromArray(values).reshape(PIXELS + 1L, TestImages.CLASSES);
  }

  /** A head of one value everywhere. */
  static INDArray constant(float value) {
    float[] values = new float[(PIXELS + 1) * TestImages.CLASSES];
    Arrays.fill(values, value);
    return Nd4j.createFromArray(values).reshape(PIXELS + 1L, TestImages.CLASSES);
  }

  /** A head that gives one class a score and the others none. */
  static INDArray alwaysClass(int label, float score) {
    INDArray head = constant(0);
    head.putScalar(PIXELS, label, score);
    return head;
  }

  static List<INDArray> heads(int teachers, SplittableRandom random) {
    return Stream.generate(() -> head(random, 0.3)).limit(teachers).toList();
  }

  static TeacherEnsemble of(String id, List<INDArray> heads, boolean labeled) {
    INDArray open = labeled ? head(new SplittableRandom(99), 0.2) : constant(0);
    FeatureMap pixels = new Pixels();
    return new TeacherEnsemble(
        new TeacherEnsemble.Origin(id, DATASET_DIGEST),
        new PublicOnlyModel(pixels, open, labeled),
        new LinearHeads(pixels, heads));
  }
}
