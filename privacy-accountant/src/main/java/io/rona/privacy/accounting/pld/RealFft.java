package io.rona.privacy.accounting.pld;

/**
 * The discrete Fourier transform of real sequences of length 2^k, k >= 3.
 *
 * <p>The even and odd elements form one complex sequence of half the length, which is transformed
 * in place, radix 4, from natural to bit-reversed order and back; no reordering takes place since
 * everything between the two directions acts on each frequency alone. A spectrum is a pair of
 * arrays of half the length; entry s > 0 holds the frequency whose bits are those of s reversed,
 * entry 0 holds the two real frequencies 0 and length/2.
 *
 * <h2>Error</h2>
 *
 * Every output is a sum over the inputs, each multiplied by one factor for two levels. Relative
 * errors are at most sqrt(5) u for a complex product (Brent, Percival and Zimmermann, 2007, Error
 * Bounds on Complex Floating-Point Multiplication), u for a sum and 2.5 u for a factor from the
 * table, u = 2^-53; the third factor of a step is a product of two, good to 7.3 u. A step of radix
 * 4 adds two sums, so that a path gains at most 7.3 + 2.3 + 2 = 11.6 u for two levels, 5.8 u for
 * one. The transform of (even + i odd) carries that error into both halves of the real transform,
 * which doubles it. The error of each output is therefore at most {@link #errorFactor} times the
 * sum of the moduli of the inputs, whatever their signs (Higham, 2002, Accuracy and Stability of
 * Numerical Algorithms, chapter 24, has the same bound in the 2-norm).
 */
final class RealFft {
  private static final double UNIT_ROUNDOFF = 0x1p-53;
  private static final int BLOCK = 1 << 10;

  private final int length;
  private final int half;
  private final double[] cos;
  private final double[] sin;

  private RealFft(int length, Twiddles twiddles) {
    this.length = length;
    half = length / 2;
    cos = twiddles.cos;
    sin = twiddles.sin;
  }

  /**
   * Creates a transform.
   *
   * @param length a power of two, at least 8
   */
  static RealFft ofLength(int length) {
    if (length < 8 || Integer.bitCount(length) != 1) {
      throw new IllegalArgumentException(
          "length must be a power of two and at least 8, but is " + length);
    }
    return new RealFft(length, Twiddles.atLeast(length / 2));
  }

  /** Returns the bound on the error of one output over the sum of the moduli of the inputs. */
  double errorFactor() {
    int levels = Integer.numberOfTrailingZeros(length) + 1;
    return 12 * levels * UNIT_ROUNDOFF;
  }

  /** A spectrum in this class's order. */
  static final class Spectrum {
    private final double[] re;
    private final double[] im;

    Spectrum(double[] re, double[] im) {
      this.re = re;
      this.im = im;
    }

    double[] re() {
      return re;
    }

    double[] im() {
      return im;
    }

    /** Returns the real part of entry s; of the second real frequency at s = length/2. */
    double re(int s) {
      return s == re.length ? im[0] : re[s];
    }

    /** Returns the imaginary part of entry s, which is 0 at the two real frequencies. */
    double im(int s) {
      return s == 0 || s == re.length ? 0 : im[s];
    }
  }

  /** Returns the spectrum of a sequence, sum over j of values[j] e^(-2 pi i j k / length). */
  Spectrum forward(double[] values) {
    double[] re = new double[half];
    double[] im = new double[half];
    for (int j = 0; j < half; j++) {
      re[j] = values[2 * j];
      im[j] = values[2 * j + 1];
    }
    forward(re, im, 0, half, 0);
    untangle(re, im);
    return new Spectrum(re, im);
  }

  /** Returns the sequence of a spectrum, the inverse of {@code forward}. The spectrum is lost. */
  double[] inverse(Spectrum spectrum) {
    double[] re = spectrum.re;
    double[] im = spectrum.im;
    tangle(re, im);
    inverse(re, im, 0, half, 0);
    double[] values = new double[length];
    double scale = 1.0 / half;
    for (int j = 0; j < half; j++) {
      values[2 * j] = re[j] * scale;
      values[2 * j + 1] = im[j] * scale;
    }
    return values;
  }

  /** Turns the transform of (even + i odd) into that of the real sequence. */
  private void untangle(double[] re, double[] im) {
    double even = re[0];
    double odd = im[0];
    re[0] = even + odd;
    im[0] = even - odd;
    for (int block = 1; block < half; block *= 2) {
      for (int s = block, t = 2 * block - 1; s <= t; s++, t--) {
        double evenRe = (re[s] + re[t]) / 2;
        double evenIm = (im[s] - im[t]) / 2;
        double oddRe = (im[s] + im[t]) / 2;
        double oddIm = (re[t] - re[s]) / 2;
        double turnedRe = oddRe * cos[s] - oddIm * sin[s];
        double turnedIm = oddRe * sin[s] + oddIm * cos[s];
        re[s] = evenRe + turnedRe;
        im[s] = evenIm + turnedIm;
        re[t] = evenRe - turnedRe;
        im[t] = turnedIm - evenIm;
      }
    }
  }

  private void tangle(double[] re, double[] im) {
    double sum = re[0];
    double difference = im[0];
    re[0] = (sum + difference) / 2;
    im[0] = (sum - difference) / 2;
    for (int block = 1; block < half; block *= 2) {
      for (int s = block, t = 2 * block - 1; s <= t; s++, t--) {
        double evenRe = (re[s] + re[t]) / 2;
        double evenIm = (im[s] - im[t]) / 2;
        double turnedRe = (re[s] - re[t]) / 2;
        double turnedIm = (im[s] + im[t]) / 2;
        double oddRe = turnedRe * cos[s] + turnedIm * sin[s];
        double oddIm = turnedIm * cos[s] - turnedRe * sin[s];
        re[s] = evenRe - oddIm;
        im[s] = evenIm + oddRe;
        re[t] = evenRe + oddIm;
        im[t] = oddRe - evenIm;
      }
    }
  }

  /** Transforms block number {@code s} of the given length, and in turn its four parts. */
  private void forward(double[] re, double[] im, int start, int size, int s) {
    if (size <= BLOCK) {
      forwardBlock(re, im, start, size, s);
      return;
    }
    int quarter = size / 4;
    split(re, im, start, quarter, s);
    for (int part = 0; part < 4; part++) {
      forward(re, im, start + part * quarter, quarter, 4 * s + part);
    }
  }

  private void forwardBlock(double[] re, double[] im, int start, int size, int s) {
    int end = start + size;
    int length = size;
    int index = s;
    for (; length >= 4; length /= 4, index *= 4) {
      for (int at = start, i = index; at < end; at += length, i++) {
        split(re, im, at, length / 4, i);
      }
    }
    if (length == 2) {
      for (int at = start, i = index; at < end; at += 2, i++) {
        splitPair(re, im, at, i);
      }
    }
  }

  /** Replaces a polynomial modulo x^4q - c by its remainders modulo the four factors x^q - c'. */
  private void split(double[] re, double[] im, int start, int q, int s) {
    double r1 = cos[2 * s];
    double i1 = sin[2 * s];
    double r2 = cos[s];
    double i2 = sin[s];
    double r3 = r1 * r2 - i1 * i2;
    double i3 = r1 * i2 + i1 * r2;
    for (int a = start, b = a + q, c = b + q, d = c + q; a < start + q; a++, b++, c++, d++) {
      double bRe = re[b] * r1 - im[b] * i1;
      double bIm = re[b] * i1 + im[b] * r1;
      double cRe = re[c] * r2 - im[c] * i2;
      double cIm = re[c] * i2 + im[c] * r2;
      double dRe = re[d] * r3 - im[d] * i3;
      double dIm = re[d] * i3 + im[d] * r3;
      double sumRe = re[a] + cRe;
      double sumIm = im[a] + cIm;
      double gapRe = re[a] - cRe;
      double gapIm = im[a] - cIm;
      double oddRe = bRe + dRe;
      double oddIm = bIm + dIm;
      double turnRe = bIm - dIm;
      double turnIm = dRe - bRe;
      re[a] = sumRe + oddRe;
      im[a] = sumIm + oddIm;
      re[b] = sumRe - oddRe;
      im[b] = sumIm - oddIm;
      re[c] = gapRe + turnRe;
      im[c] = gapIm + turnIm;
      re[d] = gapRe - turnRe;
      im[d] = gapIm - turnIm;
    }
  }

  private void splitPair(double[] re, double[] im, int start, int s) {
    double bRe = re[start + 1] * cos[s] - im[start + 1] * sin[s];
    double bIm = re[start + 1] * sin[s] + im[start + 1] * cos[s];
    re[start + 1] = re[start] - bRe;
    im[start + 1] = im[start] - bIm;
    re[start] += bRe;
    im[start] += bIm;
  }

  private void inverse(double[] re, double[] im, int start, int size, int s) {
    if (size <= BLOCK) {
      inverseBlock(re, im, start, size, s);
      return;
    }
    int quarter = size / 4;
    for (int part = 0; part < 4; part++) {
      inverse(re, im, start + part * quarter, quarter, 4 * s + part);
    }
    join(re, im, start, quarter, s);
  }

  private void inverseBlock(double[] re, double[] im, int start, int size, int s) {
    int end = start + size;
    int length = 1;
    if (Integer.numberOfTrailingZeros(size) % 2 == 1) {
      length = 2;
      for (int at = start, i = s * (size / 2); at < end; at += 2, i++) {
        joinPair(re, im, at, i);
      }
    }
    for (length *= 4; length <= size; length *= 4) {
      for (int at = start, i = s * (size / length); at < end; at += length, i++) {
        join(re, im, at, length / 4, i);
      }
    }
  }

  /** Undoes {@code split}, but for a factor of 4. */
  private void join(double[] re, double[] im, int start, int q, int s) {
    double r1 = cos[2 * s];
    double i1 = sin[2 * s];
    double r2 = cos[s];
    double i2 = sin[s];
    double r3 = r1 * r2 - i1 * i2;
    double i3 = r1 * i2 + i1 * r2;
    for (int a = start, b = a + q, c = b + q, d = c + q; a < start + q; a++, b++, c++, d++) {
      double sumRe = re[a] + re[b];
      double sumIm = im[a] + im[b];
      double oddRe = re[a] - re[b];
      double oddIm = im[a] - im[b];
      double gapRe = re[c] + re[d];
      double gapIm = im[c] + im[d];
      double turnRe = im[d] - im[c];
      double turnIm = re[c] - re[d];
      double bRe = oddRe + turnRe;
      double bIm = oddIm + turnIm;
      double cRe = sumRe - gapRe;
      double cIm = sumIm - gapIm;
      double dRe = oddRe - turnRe;
      double dIm = oddIm - turnIm;
      re[a] = sumRe + gapRe;
      im[a] = sumIm + gapIm;
      re[b] = bRe * r1 + bIm * i1;
      im[b] = bIm * r1 - bRe * i1;
      re[c] = cRe * r2 + cIm * i2;
      im[c] = cIm * r2 - cRe * i2;
      re[d] = dRe * r3 + dIm * i3;
      im[d] = dIm * r3 - dRe * i3;
    }
  }

  private void joinPair(double[] re, double[] im, int start, int s) {
    double bRe = re[start] - re[start + 1];
    double bIm = im[start] - im[start + 1];
    re[start] += re[start + 1];
    im[start] += im[start + 1];
    re[start + 1] = bRe * cos[s] + bIm * sin[s];
    im[start + 1] = bIm * cos[s] - bRe * sin[s];
  }

  /**
   * e^(-i pi r(s)), r(s) the bits of s reversed behind the binary point; one table for all sizes.
   */
  private static final class Twiddles {
    private static volatile Twiddles shared = new Twiddles(1 << 12);

    private final double[] cos;
    private final double[] sin;

    private Twiddles(int count) {
      cos = new double[count];
      sin = new double[count];
      for (int s = 0; s < count; s++) {
        double turn = Integer.toUnsignedLong(Integer.reverse(s)) * 0x1p-32;
        // Angles of at most pi/4, so that rounding the angle costs no more than 1.1 u.
        double rest = turn > 0.5 ? 1 - turn : turn;
        boolean steep = rest > 0.25;
        double angle = Math.PI * (steep ? 0.5 - rest : rest);
        double near = steep ? Math.sin(angle) : Math.cos(angle);
        cos[s] = turn > 0.5 ? -near : near;
        sin[s] = -(steep ? Math.cos(angle) : Math.sin(angle));
      }
    }

    static Twiddles atLeast(int count) {
      Twiddles known = shared;
      if (known.cos.length < count) {
        known = new Twiddles(count);
        shared = known;
      }
      return known;
    }
  }
}
