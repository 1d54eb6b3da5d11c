/** Tests of the configuration. */
@NullMarked
package io.rona.cli.config;

import org.jspecify.annotations.NullMarked;
