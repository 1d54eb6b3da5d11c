package io.rona.query.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class HeapLimitTest {
  private static final long GIGA = 1L << 30;

  @Test
  void room_ofAnEmptyHeap_isAThird() {
    assertEquals(GIGA, HeapLimit.room(3 * GIGA, 3 * GIGA));
  }

  @Test
  void room_besideOtherSets_leavesRoomForACopy() {
    assertEquals(GIGA / 2, HeapLimit.room(3 * GIGA, GIGA));
    assertEquals(0, HeapLimit.room(3 * GIGA, 0));
  }

  @Test
  void bytesAndFloats_areAtMostTheLongestArray() {
    assertTrue(HeapLimit.bytes() <= Integer.MAX_VALUE - 8, "bytes");
    assertTrue(HeapLimit.floats() <= Runtime.getRuntime().maxMemory() / 12, "floats");
  }

  @Test
  void checked_tenMillionWideRows_areRefusedByName() {
    long floats = 10_000_000L * 10_000;
    DataException error =
        assertThrows(DataException.class, () -> HeapLimit.checked("wide.csv", floats));
    assertEquals("wide.csv", error.file());
    assertTrue(error.rule().contains("raise -Xmx"), error.rule());
    assertEquals(1000, HeapLimit.checked("narrow.csv", 1000));
  }
}
