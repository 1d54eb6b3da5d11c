package io.rona.query.data;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Collections;
import java.util.Iterator;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Turns JPEG and PNG files into planes of bytes, with Java's own decoders.
 *
 * <p>Size and form are read, and refused, before a pixel is decoded. What a decoder only warns of
 * is an error too: it fills what is missing of a truncated image with gray. Nothing is written to
 * disk. Gray is \( 0.299 R + 0.587 G + 0.114 B \) (ITU-R BT.601), rounded.
 */
final class ImageDecoder {
  /** The largest image, before scaling. */
  private static final long MAX_PIXELS = (long) ImageForm.MAX_SIDE * ImageForm.MAX_SIDE;

  private final String file;
  private final ImageForm form;
  private Optional<ImageForm.Size> common;

  ImageDecoder(String file, ImageForm form) {
    this.file = file;
    this.form = form;
    this.common = form.size();
  }

  /** The size of all images: the declared one, or that of the first image decoded. */
  ImageForm.Size size() {
    return common.orElseThrow();
  }

  /**
   * Decodes one image.
   *
   * @param name its name, for messages
   * @param content the file; not modified
   * @return the bytes of each channel after the other, row by row
   */
  byte[] decode(String name, byte[] content) {
    BufferedImage image = image(name, content);
    ImageForm.Size size = new ImageForm.Size(image.getHeight(), image.getWidth());
    if (form.size().isEmpty()) {
      requireCommon(name, size);
    }
    int pixels = size.height() * size.width();
    byte[] planes = form.channels() == 1 ? gray(image) : color(image);
    byte[] result = new byte[form.channels() * size().height() * size().width()];
    int length = result.length / form.channels();
    for (int channel = 0; channel < form.channels(); channel++) {
      byte[] plane = new byte[pixels];
      System.arraycopy(planes, channel * pixels, plane, 0, pixels);
      byte[] scaled = ImageResampler.scale(plane, size, size());
      System.arraycopy(scaled, 0, result, channel * length, length);
    }
    return result;
  }

  private void requireCommon(String name, ImageForm.Size size) {
    if (common.isEmpty()) {
      common = Optional.of(size);
    }
    if (!common.get().equals(size)) {
      throw broken(name, "must have the size of the others; set size to scale all images");
    }
  }

  private BufferedImage image(String name, byte[] content) {
    ImageReader reader = reader(name, content);
    try (MemoryCacheImageInputStream in =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(content))) {
      reader.setInput(in, true, true);
      reader.addIIOReadWarningListener(new Strict());
      int width = reader.getWidth(0);
      int height = reader.getHeight(0);
      if (!((long) width * height <= MAX_PIXELS)
          || width > ImageForm.MAX_SIDE
          || height > ImageForm.MAX_SIDE) {
        throw broken(name, "must be at most " + ImageForm.MAX_SIDE + " pixels high and wide");
      }
      BufferedImage image = reader.read(0);
      requireOpaque(name, image);
      return image;
    } catch (DataException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // Damaged input makes the decoders fail in many ways; their messages may quote it.
      throw broken(name, "is damaged, or of a kind that cannot be read");
    } finally {
      reader.dispose();
    }
  }

  private ImageReader reader(String name, byte[] content) {
    String format = format(content);
    Iterator<ImageReader> readers =
        format.isEmpty()
            ? Collections.<ImageReader>emptyIterator()
            : ImageIO.getImageReadersByFormatName(format);
    if (!readers.hasNext()) {
      throw broken(name, "is no JPEG or PNG image");
    }
    return readers.next();
  }

  /** Knows a format by its first bytes, whatever the name says. */
  private static String format(byte[] content) {
    if (content.length >= 3
        && (content[0] & 0xff) == 0xff
        && (content[1] & 0xff) == 0xd8
        && (content[2] & 0xff) == 0xff) {
      return "jpeg";
    }
    boolean png =
        content.length >= 4
            && (content[0] & 0xff) == 0x89
            && content[1] == 'P'
            && content[2] == 'N'
            && content[3] == 'G';
    return png ? "png" : "";
  }

  private void requireOpaque(String name, BufferedImage image) {
    if (!image.getColorModel().hasAlpha()) {
      return;
    }
    int[] row = new int[image.getWidth()];
    for (int y = 0; y < image.getHeight(); y++) {
      image.getRGB(0, y, row.length, 1, row, 0, row.length);
      for (int pixel : row) {
        if (pixel >>> 24 != 0xff) {
          throw broken(name, "must have no transparent pixels");
        }
      }
    }
  }

  private static byte[] gray(BufferedImage image) {
    if (isGray(image)) {
      return samples(image);
    }
    byte[] colors = color(image);
    byte[] gray = new byte[colors.length / 3];
    for (int i = 0; i < gray.length; i++) {
      double luma =
          0.299 * (colors[i] & 0xff)
              + 0.587 * (colors[gray.length + i] & 0xff)
              + 0.114 * (colors[2 * gray.length + i] & 0xff);
      gray[i] = (byte) Math.min(255, Math.round(luma));
    }
    return gray;
  }

  private static byte[] color(BufferedImage image) {
    int pixels = image.getHeight() * image.getWidth();
    byte[] planes = new byte[3 * pixels];
    if (isGray(image)) {
      byte[] gray = samples(image);
      for (int channel = 0; channel < 3; channel++) {
        System.arraycopy(gray, 0, planes, channel * pixels, pixels);
      }
      return planes;
    }
    int[] row = new int[image.getWidth()];
    for (int y = 0; y < image.getHeight(); y++) {
      image.getRGB(0, y, row.length, 1, row, 0, row.length);
      for (int x = 0; x < row.length; x++) {
        int at = y * row.length + x;
        planes[at] = (byte) (row[x] >> 16);
        planes[pixels + at] = (byte) (row[x] >> 8);
        planes[2 * pixels + at] = (byte) row[x];
      }
    }
    return planes;
  }

  private static boolean isGray(BufferedImage image) {
    ColorModel model = image.getColorModel();
    return !(model instanceof IndexColorModel) && model.getNumColorComponents() == 1;
  }

  /** Gray values as they were stored: Java's own conversion would apply a gamma curve to them. */
  private static byte[] samples(BufferedImage image) {
    Raster raster = image.getRaster();
    int excess = Math.max(0, image.getColorModel().getComponentSize(0) - Byte.SIZE);
    int[] values = raster.getSamples(0, 0, image.getWidth(), image.getHeight(), 0, (int[]) null);
    byte[] samples = new byte[values.length];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (byte) (values[i] >> excess);
    }
    return samples;
  }

  private DataException broken(String name, String rule) {
    return new DataException(file, "image " + ImageFiles.shown(name) + " " + rule);
  }

  /** Stops at the first warning. */
  private static final class Strict implements IIOReadWarningListener {
    @Override
    public void warningOccurred(ImageReader source, String warning) {
      throw new IllegalArgumentException("a warning of the decoder");
    }
  }
}
