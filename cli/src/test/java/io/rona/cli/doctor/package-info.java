@NullMarked
package io.rona.cli.doctor;

import org.jspecify.annotations.NullMarked;
