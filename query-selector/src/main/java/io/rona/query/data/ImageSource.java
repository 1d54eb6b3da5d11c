package io.rona.query.data;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where image files are.
 *
 * @param path a folder or a zip archive
 * @param folder the folder in it that holds the images; empty for the whole
 * @param list a CSV file with the columns {@code file} and {@code label} that lists the images in
 *     their order; if empty, every image counts and its class is the sub-folder it is in
 * @param form the form that images are brought into
 */
public record ImageSource(Path path, String folder, Optional<Path> list, ImageForm form) {
  /**
   * Takes every image below a folder.
   *
   * @param path a folder or a zip archive
   * @param folder the folder in it that holds the images; empty for the whole
   * @param form the form that images are brought into
   * @return the source
   */
  public static ImageSource of(Path path, String folder, ImageForm form) {
    return new ImageSource(path, folder, Optional.empty(), form);
  }
}
