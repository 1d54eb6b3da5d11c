package io.rona.privacy.release;

/** What a file of released vectors holds; its array is shared with nobody outside the package. */
final class VectorContent {
  private final String ledgerId;
  private final String reservationId;
  private final String queryDigest;
  private final boolean releasable;
  private final ReleasedPart part;
  private final double noiseStdDev;
  private final int columns;
  private final double[] values;

  VectorContent(
      String ledgerId,
      String reservationId,
      String queryDigest,
      boolean releasable,
      ReleasedPart part,
      double noiseStdDev,
      int columns,
      double[] values) {
    this.ledgerId = ledgerId;
    this.reservationId = reservationId;
    this.queryDigest = queryDigest;
    this.releasable = releasable;
    this.part = part;
    this.noiseStdDev = noiseStdDev;
    this.columns = columns;
    this.values = values;
  }

  String ledgerId() {
    return ledgerId;
  }

  String reservationId() {
    return reservationId;
  }

  String queryDigest() {
    return queryDigest;
  }

  boolean releasable() {
    return releasable;
  }

  ReleasedPart part() {
    return part;
  }

  double noiseStdDev() {
    return noiseStdDev;
  }

  int rows() {
    return values.length / columns;
  }

  int columns() {
    return columns;
  }

  double[] values() {
    return values;
  }
}
