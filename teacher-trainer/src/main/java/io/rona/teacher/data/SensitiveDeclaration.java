package io.rona.teacher.data;

/**
 * What the configuration says of sensitive data, all of it public.
 *
 * @param id the name under which the ledger knows the data set
 * @param privacyUnit what one privacy unit is: {@value #RECORD}, or the column that names the unit
 * @param declaredUnits the published number of units, at least 1; never counted from the data,
 *     since under add-remove adjacency the count is itself sensitive
 */
public record SensitiveDeclaration(String id, String privacyUnit, long declaredUnits) {
  /** The privacy unit where every record is one. */
  public static final String RECORD = "record";

  /**
   * Checks the declaration.
   *
   * @param id the name of the data set
   * @param privacyUnit what one privacy unit is
   * @param declaredUnits the published number of units
   * @throws IllegalArgumentException if a name is blank or there is no unit
   */
  public SensitiveDeclaration {
    if (id.isBlank()) {
      throw new IllegalArgumentException("id of a sensitive data set must not be blank");
    }
    if (privacyUnit.isBlank()) {
      throw new IllegalArgumentException("privacy unit must not be blank");
    }
    if (declaredUnits < 1) {
      throw new IllegalArgumentException(
          "declared number of privacy units must be at least 1, but is " + declaredUnits);
    }
  }

  /**
   * Declares that every record is a privacy unit.
   *
   * @param id the name of the data set
   * @param declaredUnits the published number of records
   * @return the declaration
   * @throws IllegalArgumentException if the name is blank or there is no unit
   */
  public static SensitiveDeclaration ofRecords(String id, long declaredUnits) {
    return new SensitiveDeclaration(id, RECORD, declaredUnits);
  }

  /**
   * Tells whether every record is a unit of its own.
   *
   * @return whether the unit is {@value #RECORD}
   */
  public boolean unitIsRecord() {
    return privacyUnit.equals(RECORD);
  }
}
