"""Writes angles.json: cosine and sine of angles of every size, to the nearest double, by mpmath (Python package).

Each row: the bits of the angle, and those of its cosine and sine as 64-bit floats, all in hexadecimal digits. The angles
of `f32` are numbers of single precision. Run it from anywhere; it takes a second.
"""

import json
import random
import struct
from pathlib import Path

from mpmath import mp, mpf

mp.prec = 2500


def bits(value):
    return struct.pack(">d", value).hex()


def single(value):
    return struct.unpack(">f", struct.pack(">f", value))[0]


def row(angle):
    exact = mpf(angle)
    return [bits(angle), bits(float(mp.cos(exact))), bits(float(mp.sin(exact)))]


# From the smallest that count to the largest there is; then those of the doubles and singles that come closest to a
# multiple of pi/2 (Muller, Elementary Functions, 3rd edition, chapter 11), and their halves and doubles.
random.seed(20)
ANGLES = [10.0**power for power in range(-300, 309, 8)]
ANGLES += [2.0**power for power in range(-40, 1024, 29)]
ANGLES += [1e15, 1e16, 1e22, 1.6e6, 1599999.9999, 3.2e6, 3199999.9999, 1.7976931348623157e308]
ANGLES += [6381956970095103.0 * 2.0**power for power in (796, 797, 798)]
ANGLES += [random.uniform(1, 2) * 2.0 ** random.randrange(15, 1023) for _ in range(60)]
SINGLES = [single(10.0**power) for power in range(-37, 39, 2)] + [2.0**power for power in range(8, 128, 7)]
SINGLES += [single(value) for value in (1.6e3, 1599.9, 3.2e3, 3.4028234663852886e38, 1e5, 1e22)]
SINGLES += [16367173.0 * 2.0**power for power in (71, 72, 73)]
SINGLES += [single(random.uniform(1, 2) * 2.0 ** random.randrange(8, 127)) for _ in range(40)]


def both(angles):
    return [row(sign * angle) for i, angle in enumerate(angles) for sign in ([1] if i % 3 else [1, -1])]


text = {"f64": both(ANGLES), "f32": both(SINGLES)}
lines = [f'  "{name}": [\n' + ",\n".join("    " + json.dumps(r) for r in rows) + "\n  ]" for name, rows in text.items()]
Path(__file__).with_name("angles.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
