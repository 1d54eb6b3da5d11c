"""The three questions of AccountingBenchmark, answered in numpy and scipy.

Written for this comparison from the published algorithms, in the style of the accountants in use:
Renyi divergences at a fixed list of orders (Mironov, Talwar and Zhang 2019), converted by
proposition 12 of Canonne, Kamath and Steinke 2020; loss distributions on a grid of 1e-4 by
connect-the-dots (Doroshenko et al. 2022), composed by one FFT and its power, truncated at a tail of
1e-15; calibration by Brent's method. Upper estimates without bounds on rounding.

    python3 accounting_peer.py
"""

import time

import numpy as np
from scipy import fft, optimize, special

Q, SIGMA, STEPS, DELTA = 0.004, 1.1, 100_000, 1e-5
ORDERS = np.concatenate(
    [1 + np.arange(1, 100) / 10, np.arange(11, 64), [128.0, 256.0, 512.0, 1024.0]]
)
INTERVAL = 1e-4
TAIL = 1e-15


def log_comb(n, k):
    return special.gammaln(n + 1) - special.gammaln(k + 1) - special.gammaln(n - k + 1)


def rdp_integer(q, sigma, order):
    k = np.arange(order + 1)
    terms = log_comb(order, k) + k * np.log(q) + (order - k) * np.log1p(-q)
    return special.logsumexp(terms + (k * k - k) / (2 * sigma**2)) / (order - 1)


def rdp_fractional(q, sigma, order):
    """The two series of the paper's section 3.3, 200 terms."""
    i = np.arange(200)
    z0 = sigma**2 * np.log(1 / q - 1) + 0.5
    coefficient = special.binom(order, i)
    log_c, sign = np.log(np.abs(coefficient)), np.sign(coefficient)
    j = order - i
    t0 = log_c + i * np.log(q) + j * np.log1p(-q)
    t1 = log_c + j * np.log(q) + i * np.log1p(-q)
    e0 = special.log_ndtr((z0 - i) / sigma) + (i * i - i) / (2 * sigma**2)
    e1 = special.log_ndtr((j - z0) / sigma) + (j * j - j) / (2 * sigma**2)
    both = np.concatenate([t0 + e0, t1 + e1])
    return special.logsumexp(both, b=np.concatenate([sign, sign])) / (order - 1)


def rdp_epsilon(q, sigma, steps, delta):
    values = [
        rdp_integer(q, sigma, int(order))
        if order == int(order)
        else rdp_fractional(q, sigma, order)
        for order in ORDERS
    ]
    eps = steps * np.array(values) + np.log1p(-1 / ORDERS) - np.log(delta * ORDERS) / (ORDERS - 1)
    return max(0.0, eps.min())


def grid_masses(q, sigma, removed):
    """Connect-the-dots masses of one step."""
    reach = sigma * special.ndtri_exp(np.log(TAIL / STEPS))
    x = np.array([reach, 1 - reach])
    ends = np.log1p(q * np.expm1((2 * x - 1) / (2 * sigma**2)))
    ends = ends if removed else -ends[::-1]
    low, high = np.floor(ends[0] / INTERVAL), np.ceil(ends[1] / INTERVAL)
    loss = np.arange(low, high + 1) * INTERVAL
    at = loss if removed else -loss
    with np.errstate(divide="ignore", invalid="ignore"):
        x = sigma**2 * np.log((np.expm1(at) + q) / q) + 0.5
    x = np.where(np.isnan(x), -np.inf, x)
    upper_p = (1 - q) * special.ndtr(-x / sigma) + q * special.ndtr((1 - x) / sigma)
    upper_q = special.ndtr(-x / sigma)
    if removed:
        curve = upper_p - np.exp(loss) * upper_q
    else:
        curve = (1 - upper_q) - np.exp(loss) * (1 - upper_p)
    curve = np.maximum(curve, 0)
    slope = np.diff(curve) / np.diff(np.exp(loss))
    masses = np.exp(loss[1:-1]) * np.diff(slope)
    first = np.exp(loss[0]) * (slope[0] - (curve[0] - 1) / np.exp(loss[0]))
    last = np.exp(loss[-1]) * -slope[-1]
    return int(low), np.maximum(np.concatenate([[first], masses, [last]]), 0), curve[-1]


def pld_epsilon_one(q, sigma, steps, delta, removed):
    low, masses, infinite = grid_masses(q, sigma, removed)
    loss = (low + np.arange(len(masses))) * INTERVAL
    mean = (masses @ loss) * steps
    deviation = np.sqrt((masses @ loss**2) * steps) + INTERVAL
    width = 20 * deviation + loss[-1] - loss[0]
    size = fft.next_fast_len(int(width / INTERVAL), real=True)
    circle = np.bincount((low + np.arange(len(masses))) % size, masses, minlength=size)
    composed = fft.irfft(fft.rfft(circle) ** steps, size)
    bottom = int((mean - width / 2) / INTERVAL)
    index = bottom + np.arange(size)
    weights = np.maximum(composed[index % size], 0)
    losses = index * INTERVAL
    charged = steps * infinite + TAIL
    # delta at each grid point, from the top down
    above = np.cumsum(weights[::-1])[::-1]
    scaled = np.cumsum((weights * np.exp(-losses))[::-1])[::-1]
    curve = above - np.exp(losses) * scaled + charged
    return max(0.0, losses[np.searchsorted(-curve, -delta)])


def pld_epsilon(q, sigma, steps, delta):
    return max(pld_epsilon_one(q, sigma, steps, delta, removed) for removed in (True, False))


def calibration(target):
    """To 1e-6 relative, as the benchmark's counterpart does."""
    return optimize.brentq(
        lambda sigma: pld_epsilon(Q, sigma, STEPS, DELTA) - target, 0.8, 20, rtol=1e-6
    )


def median_ms(function, runs):
    function()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        value = function()
        times.append((time.perf_counter() - start) * 1e3)
    return sorted(times)[len(times) // 2], value


if __name__ == "__main__":
    for name, function, runs in (
        ("rdpEpsilon", lambda: rdp_epsilon(Q, SIGMA, STEPS, DELTA), 15),
        ("pldEpsilon", lambda: pld_epsilon(Q, SIGMA, STEPS, DELTA), 15),
        ("calibration", lambda: calibration(2), 3),
    ):
        milliseconds, value = median_ms(function, runs)
        print(f"{name}: {milliseconds:.2f} ms, value {value:.6f}")
