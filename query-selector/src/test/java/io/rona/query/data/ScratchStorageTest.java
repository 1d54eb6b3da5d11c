package io.rona.query.data;

import java.nio.file.Path;
import java.util.Optional;

/** No byte fits on the heap. */
final class ScratchStorageTest extends RowStorageContractTest {
  @Override
  RowStorage storage(Path folder) {
    return new RowStorage(Optional.of(folder), RowStorage::nameless, () -> 0);
  }
}
