package io.rona.cli.plan;

/**
 * Something to know before a run.
 *
 * @param level how serious it is
 * @param text one sentence or two
 */
public record Advice(Level level, String text) {
  /** How serious a piece of advice is. */
  public enum Level {
    /** The run would be useless, or would be refused. */
    WARNING,
    /** Worth knowing. */
    NOTE
  }

  static Advice warning(String text) {
    return new Advice(Level.WARNING, text);
  }

  static Advice note(String text) {
    return new Advice(Level.NOTE, text);
  }
}
