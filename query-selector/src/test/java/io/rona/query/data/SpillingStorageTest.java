package io.rona.query.data;

import java.nio.file.Path;
import java.util.Optional;

/** A few rows fit on the heap, and go to the file with the first that does not. */
final class SpillingStorageTest extends RowStorageContractTest {
  @Override
  RowStorage storage(Path folder) {
    return new RowStorage(Optional.of(folder), RowStorage::nameless, () -> 40);
  }
}
