package io.rona.query.engine;

import org.bytedeco.hdf5.Attribute;
import org.bytedeco.hdf5.Group;
import org.bytedeco.hdf5.VarLenType;
import org.bytedeco.javacpp.BytePointer;
import org.deeplearning4j.nn.modelimport.keras.Hdf5Archive;

/**
 * An HDF5 file whose text attributes are read as far as they go.
 *
 * <p>The archive of Deeplearning4j 1.0.0-M2.1 copies a fixed number of bytes from where a text
 * begins, so that what lies behind it in memory becomes part of it.
 */
final class KerasArchive extends Hdf5Archive {
  private static final String ROOT = "/";

  KerasArchive(String file) {
    super(file);
  }

  @Override
  public String readAttributeAsJson(String name, String... groups) {
    return text(name, groups);
  }

  @Override
  public String readAttributeAsString(String name, String... groups) {
    return text(name, groups);
  }

  private String text(String name, String... groups) {
    synchronized (Hdf5Archive.LOCK_OBJECT) {
      Group[] opened = openGroups(groups.length == 0 ? new String[] {ROOT} : groups);
      try (Attribute attribute = opened[opened.length - 1].openAttribute(name);
          VarLenType type = attribute.getVarLenType();
          BytePointer text = new BytePointer("")) {
        attribute.read(type, text);
        return text.getString();
      } finally {
        closeGroups(opened);
      }
    }
  }
}
