"""Samples for the model: columns of a CSV file, or the bundled digits, 0 against 1."""

from __future__ import annotations

import csv
import gzip
import math
from dataclasses import dataclass
from pathlib import Path

DIGITS = Path(__file__).parents[2] / "data" / "mnist-0-1"
SIDE = 28
# The digits' features: mean brightness of two rows of four blocks.
BLOCK_HEIGHT, BLOCK_WIDTH = 14, 7


@dataclass
class Samples:
    """Rows of equally many numbers, and a label for each: an index into the classes, -1 where there is none."""

    rows: list[list[float]]
    labels: list[int]
    classes: list[str]


def number(text: str, place: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ValueError(f"{place}: {text!r} is not a finite number")
    return value


def read_csv(path: Path, label: str | None) -> Samples:
    """All columns but the label's are features. Raises OSError, ValueError with the line that is wrong."""
    with path.open(newline="", encoding="utf-8") as file:
        reader = csv.reader(file, strict=True)
        header = next(reader, [])
        if label is not None and label not in header:
            raise ValueError(f"{path}: no column {label!r}; there are {', '.join(header)}")
        at = header.index(label) if label is not None else -1
        rows, marks = [], []
        for cells in reader:
            place = f"{path}:{reader.line_num}"
            if len(cells) != len(header):
                raise ValueError(f"{place}: {len(cells)} cells, expected {len(header)}")
            rows.append([number(cell, place) for i, cell in enumerate(cells) if i != at])
            marks.append(cells[at] if at >= 0 else None)
    if not rows:
        raise ValueError(f"{path}: no rows")
    classes = sorted({mark for mark in marks if mark is not None})
    if label is not None and len(classes) != 2:
        raise ValueError(f"{path}: column {label!r} has {len(classes)} classes, expected two")
    return Samples(rows, [-1 if mark is None else classes.index(mark) for mark in marks], classes)


def blocks(image: bytes) -> list[float]:
    """An image as the mean brightness of its blocks, 0 to 1."""
    sums = []
    for top in range(0, SIDE, BLOCK_HEIGHT):
        for left in range(0, SIDE, BLOCK_WIDTH):
            starts = (y * SIDE + left for y in range(top, top + BLOCK_HEIGHT))
            total = sum(sum(image[start : start + BLOCK_WIDTH]) for start in starts)
            sums.append(total / (255 * BLOCK_HEIGHT * BLOCK_WIDTH))
    return sums


def read_digits(part: str) -> Samples:
    """The 1000 digits to train on ("train") or to test with ("t10k")."""
    images = gzip.decompress((DIGITS / f"{part}-images-idx3-ubyte.gz").read_bytes())[16:]
    labels = gzip.decompress((DIGITS / f"{part}-labels-idx1-ubyte.gz").read_bytes())[8:]
    size = SIDE * SIDE
    rows = [blocks(images[i * size : (i + 1) * size]) for i in range(len(labels))]
    return Samples(rows, list(labels), ["0", "1"])
