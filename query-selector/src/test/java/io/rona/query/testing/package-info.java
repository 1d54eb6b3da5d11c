/** Support that the tests of several modules share. */
@NullMarked
package io.rona.query.testing;

import org.jspecify.annotations.NullMarked;
