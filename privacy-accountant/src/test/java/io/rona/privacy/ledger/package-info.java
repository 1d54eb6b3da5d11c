/** Tests of the ledger. */
@NullMarked
package io.rona.privacy.ledger;

import org.jspecify.annotations.NullMarked;
