package io.rona.cli.run;

import org.jspecify.annotations.Nullable;

/**
 * What came of one trial.
 *
 * @param name what was tried
 * @param epsilon budget of the trial alone; null where nothing was spent
 * @param studentAccuracy on the evaluation data; null where there was nothing to learn from
 * @param teacherAccuracy noiseless ensemble or released head on the evaluation data; null where
 *     there was none
 * @param released answers, gradients or steps
 * @param seconds wall-clock time; the first trial of an ensemble trains it, too
 */
public record TrialResult(
    String name,
    @Nullable Double epsilon,
    @Nullable Double studentAccuracy,
    @Nullable Double teacherAccuracy,
    int released,
    double seconds) {}
