package io.rona.cli.doctor;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A graphics processor, and whether the engine's CUDA backend could run on it.
 *
 * <p>The backend of ND4J 1.0.0-M2.1 for CUDA 11.6 holds machine code for compute capability 3.7 to
 * 8.6 and no PTX. Machine code runs on later minor versions of its major version (NVIDIA, CUDA C++
 * Programming Guide, "Binary compatibility"), so up to 8.9, and on no later major version.
 *
 * @param name what the driver calls it
 * @param major compute capability before the point
 * @param minor compute capability behind the point
 * @param memory as the driver writes it
 */
record Gpu(String name, int major, int minor, String memory) {
  private static final Pattern LINE =
      Pattern.compile("(.+), *([0-9]{1,3})\\.([0-9]{1,3}), *([^,]+)");

  /**
   * Reads one line of the driver's list.
   *
   * @param line name, compute capability and memory, with commas between
   * @return the processor
   * @throws IllegalArgumentException if the line is of another form
   */
  static Gpu parse(String line) {
    Matcher matcher = LINE.matcher(line.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "a graphics processor must be listed as name, capability, memory, but is: " + line);
    }
    return new Gpu(
        matcher.group(1),
        Integer.parseInt(matcher.group(2)),
        Integer.parseInt(matcher.group(3)),
        matcher.group(4));
  }

  /** Tells whether the CUDA backend holds machine code for it. */
  boolean supported() {
    return (major >= 4 && major <= 8) || (major == 3 && minor >= 7);
  }

  @Override
  public String toString() {
    return name
        + ", "
        + memory
        + ", compute capability "
        + major
        + "."
        + minor
        + (supported()
            ? ": within the CUDA backend's 3.7 to 8.9"
            : ": cannot be used, the CUDA backend has code for 3.7 to 8.9 alone");
  }
}
