/** One run from data to bundle: every stage a value in, a value out, an artefact on disk. */
@NullMarked
package io.rona.cli.run;

import org.jspecify.annotations.NullMarked;
