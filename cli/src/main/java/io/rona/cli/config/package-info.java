/**
 * The configuration of a run: immutable records, read strictly from one YAML file with {@code
 * key=value} overrides, written back complete in one canonical form.
 *
 * <p>Everything in a configuration is public: it is part of what is released.
 */
@NullMarked
package io.rona.cli.config;

import org.jspecify.annotations.NullMarked;
