/** Tests of the public report. */
@NullMarked
package io.rona.cli.report;

import org.jspecify.annotations.NullMarked;
