@NullMarked
package io.rona.privacy.noise;

import org.jspecify.annotations.NullMarked;
