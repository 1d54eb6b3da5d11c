/** Students in formats that other programs run. */
@NullMarked
package io.rona.student.export;

import org.jspecify.annotations.NullMarked;
