/** {@code rona doctor}: what the machine has, and what the tensor engine makes of it. */
@NullMarked
package io.rona.cli.doctor;

import org.jspecify.annotations.NullMarked;
