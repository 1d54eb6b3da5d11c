/** The public report of a run: one page for people, without anything that needs a network. */
@NullMarked
package io.rona.cli.report;

import org.jspecify.annotations.NullMarked;
