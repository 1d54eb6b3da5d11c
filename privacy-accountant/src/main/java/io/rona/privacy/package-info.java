/** The vocabulary that every guarantee shares: neighboring relation, privacy parameters. */
@NullMarked
package io.rona.privacy;

import org.jspecify.annotations.NullMarked;
