"""Writes normal-cells.csv: where the cells of a rounded Gaussian end, to 60 significant digits.

Needs Python 3 and mpmath (1.3.0 was used), which computes erfc independently of the Java code.
Usage: python3 normal-cells.py > normal-cells.csv
"""

from mpmath import erfc, mp, mpf, nstr, sqrt

mp.dps = 90

# mean, standard deviation, exponent of the step, cells
CASES = [
    (0.0, 1.0, 0, range(-8, 9)),
    (0.3, 0.5, 0, range(-4, 6)),
    (-1 / 3, 3.0, 1, range(-12, 12)),
    (0.1, 1.0, -2, range(-30, 31)),
    (1e-3, 0.125, 0, range(-3, 4)),
    (0.0, 1.0, 0, range(-38, 39, 5)),
    (0.7, 1.5, -40, range(-(2**41), 2**41, 2**38 + 12345)),
    (123456.789, 2.0**-3, -20, range(129453780000, 129454000000, 17001)),
    (1e250, 3e249, 827, range(0, 20)),
    (3e-280, 1e-280, -931, range(-4, 40, 3)),
    (-0.0, 7.0**0.5, -3, range(-64, 65, 4)),
]

print("# Written by normal-cells.py. Columns: mean, standard deviation, exponent of the step g,")
print("# cell n, sign of x, P(Z > |x|) to 60 digits, where x = ((n + 1/2) g - mean) / stdDev.")
for mean, std_dev, exponent, cells in CASES:
    for n in cells:
        x = ((mpf(n) + mpf("0.5")) * mpf(2) ** exponent - mpf(mean)) / mpf(std_dev)
        tail = erfc(abs(x) / sqrt(mpf(2))) / 2
        sign = 1 if x > 0 else -1
        print(f"{mean.hex()},{std_dev.hex()},{exponent},{n},{sign},{nstr(tail, 60)}")
