/** Data sets, the readers of their file formats, and the built-in generator. */
@NullMarked
package io.rona.query.data;

import org.jspecify.annotations.NullMarked;
