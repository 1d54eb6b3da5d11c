package io.rona.cli.run;

import io.rona.cli.config.RunConfig;

/**
 * One student that is trained to be compared with others.
 *
 * @param name what is tried, such as a method or what is left out
 * @param config how it is trained, and for which budget
 * @param answered false for a student of public data alone, which spends nothing
 */
public record Trial(String name, RunConfig config, boolean answered) {}
