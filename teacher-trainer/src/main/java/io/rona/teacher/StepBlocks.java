package io.rona.teacher;

import io.rona.privacy.event.ComposedEvent;
import io.rona.privacy.event.DpEvent;
import io.rona.privacy.release.StepsRequest.Steps;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Steps of a training in blocks that are paid for one by one. Few blocks cost less noise, since
 * sampled steps are charged block by block; many blocks lose less when a run is stopped.
 *
 * @param steps number of steps, at least 1
 * @param blocks number of blocks, from 1 to the steps
 */
public record StepBlocks(int steps, int blocks) {
  /**
   * Checks the numbers.
   *
   * @param steps number of steps
   * @param blocks number of blocks
   * @throws IllegalArgumentException if a number is out of range
   */
  public StepBlocks {
    require(steps, blocks);
  }

  static void require(int steps, int blocks) {
    if (!(steps >= 1 && blocks >= 1 && blocks <= steps)) {
      throw new IllegalArgumentException(
          "blocks must lie between 1 and the steps, but are " + blocks + " for " + steps);
    }
  }

  /**
   * Returns the steps of a block.
   *
   * @param block counted from 0
   * @return steps of the block; the first ones may have one more than the last
   */
  public int size(int block) {
    return steps / blocks + (block < steps % blocks ? 1 : 0);
  }

  /**
   * Returns everything that the blocks do to the sensitive data.
   *
   * @param samplingProbability probability that a unit takes part in a step, at most 1
   * @param noiseMultiplier noise of a step over its L2 sensitivity, greater than 0
   * @return one event a block
   */
  public DpEvent event(double samplingProbability, double noiseMultiplier) {
    List<DpEvent> events =
        IntStream.range(0, blocks)
            .mapToObj(
                block -> new Steps(size(block), 1, samplingProbability, 1, noiseMultiplier).event())
            .toList();
    return new ComposedEvent(events);
  }
}
