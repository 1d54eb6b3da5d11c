package io.rona.teacher;

import io.rona.privacy.Sha256;
import io.rona.query.data.ExampleSet;
import io.rona.query.data.PublicDataset;
import io.rona.teacher.data.SensitiveDataset;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * What teachers learn from.
 *
 * @param sensitive labeled records
 * @param open public inputs of the same shape
 * @param labeled those of the public inputs that have a public label; may be empty
 */
public record TeachingData(SensitiveDataset sensitive, PublicDataset open, ExampleSet labeled) {
  /**
   * Checks the labels.
   *
   * @param sensitive labeled records
   * @param open public inputs
   * @param labeled public inputs with a label
   * @throws IllegalArgumentException if the sensitive records have no labels, or the public labels
   *     are of another number of classes
   */
  public TeachingData {
    if (sensitive.classes() == 0) {
      throw new IllegalArgumentException("sensitive records must have labels to teach");
    }
    if (labeled.size() > 0 && labeled.classes() != sensitive.classes()) {
      throw new IllegalArgumentException(
          "public labels must have the declared "
              + sensitive.classes()
              + " classes, but have "
              + labeled.classes());
    }
  }

  /**
   * Returns the number of classes, which is declared.
   *
   * @return at least 2
   */
  public int classes() {
    return sensitive.classes();
  }

  /** Writes what a training on all records depends on. */
  void fingerprint(String kind, Record spec, DataOutputStream out) throws IOException {
    out.writeUTF(kind);
    out.writeUTF(spec.toString());
    out.writeUTF(sensitive.keyedDigest());
    out.writeLong(sensitive.declaration().declaredUnits());
    out.writeUTF(publicDigest());
  }

  /** Returns the SHA-256 of the public examples, their columns and the public labels. */
  String publicDigest() {
    return Sha256.ofLines(
        open.examples().featuresDigest(), open.examples().columnsDigest(), labeled.contentDigest());
  }
}
