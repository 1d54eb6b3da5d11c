/**
 * The tensor engine as the rest of rona sees it: set-up, network specifications, one training step.
 */
@NullMarked
package io.rona.query.engine;

import org.jspecify.annotations.NullMarked;
