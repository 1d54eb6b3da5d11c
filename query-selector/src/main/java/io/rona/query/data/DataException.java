package io.rona.query.data;

import java.io.Serial;

/**
 * Data that cannot be used: which file, which rule it breaks and, where it is not sensitive, the
 * value.
 *
 * <p>The message never holds the content of a record, since a reader does not know whether its file
 * is sensitive. What a file's frame says (magic number, dimensions, line numbers, declared names
 * and limits) is not content.
 */
public final class DataException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  /** The file or data set. */
  private final String file;

  /** The rule it breaks. */
  private final String rule;

  /**
   * Describes unusable data.
   *
   * @param file the file or data set
   * @param rule the rule it breaks, without the content of any record
   */
  public DataException(String file, String rule) {
    super(file + ": " + rule);
    this.file = file;
    this.rule = rule;
  }

  /**
   * Describes unusable data and the failure that revealed it.
   *
   * @param file the file or data set
   * @param rule the rule it breaks, without the content of any record
   * @param cause the failure below; its message must not hold the content of a record
   */
  public DataException(String file, String rule, Throwable cause) {
    super(file + ": " + rule, cause);
    this.file = file;
    this.rule = rule;
  }

  /**
   * Returns the file or data set.
   *
   * @return its name
   */
  public String file() {
    return file;
  }

  /**
   * Returns the rule that the data break.
   *
   * @return the rule
   */
  public String rule() {
    return rule;
  }
}
