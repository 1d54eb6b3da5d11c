package io.rona.query.data;

/** One row of a table; its cells must go into no message. */
interface TableRow {
  /** Where the row stands, for messages: a line or a row by its number. */
  String place();

  /** The text of a cell, by the column's place in the schema. */
  String cell(int column);
}
