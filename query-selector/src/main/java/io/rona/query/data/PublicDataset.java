package io.rona.query.data;

/**
 * Examples that the configuration declares public.
 *
 * <p>Being public is a promise of whoever wrote the configuration: no guarantee covers these
 * examples, and everything computed from them alone may be published. The type keeps them apart
 * from sensitive examples, which have another type in another module.
 *
 * @param id the name under which the configuration and the reports know the data
 * @param examples the examples
 */
public record PublicDataset(String id, ExampleSet examples) {
  /**
   * Declares examples public.
   *
   * @param id the name of the data
   * @param examples the examples
   * @throws IllegalArgumentException if the name is blank
   */
  public PublicDataset {
    if (id.isBlank()) {
      throw new IllegalArgumentException("id of a public data set must not be blank");
    }
  }

  /**
   * Returns the number of examples.
   *
   * @return the size
   */
  public int size() {
    return examples.size();
  }

  @Override
  public String toString() {
    return "PublicDataset[id=" + id + "]";
  }
}
