package io.rona.query.data;

import java.nio.file.Path;

final class HeapStorageTest extends RowStorageContractTest {
  @Override
  RowStorage storage(Path folder) {
    return RowStorage.heap();
  }
}
