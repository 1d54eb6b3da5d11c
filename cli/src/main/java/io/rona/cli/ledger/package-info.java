/** Where ledgers are and how they are opened: files of one person, or a server of a team. */
@NullMarked
package io.rona.cli.ledger;

import org.jspecify.annotations.NullMarked;
