/** Tests of {@code rona verify}. */
@NullMarked
package io.rona.cli.ledger;

import org.jspecify.annotations.NullMarked;
