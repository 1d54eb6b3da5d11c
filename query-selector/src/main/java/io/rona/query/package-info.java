/** The query protocol: what may be asked of the sensitive side, and what comes back. */
@NullMarked
package io.rona.query;

import org.jspecify.annotations.NullMarked;
