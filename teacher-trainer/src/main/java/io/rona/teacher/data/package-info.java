/** Sensitive data: their own type, their keyed digest, their shards. */
@NullMarked
package io.rona.teacher.data;

import org.jspecify.annotations.NullMarked;
