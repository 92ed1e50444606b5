"""The core in wasmtime: its exports as methods, its numbers by the names that nlr_vqa.h gives them."""

from __future__ import annotations

import re
import struct
from pathlib import Path

from wasmtime import Engine, Instance, Module, Store

HEADER = Path(__file__).parent.parent / "nlr_vqa.h"


def names(header: Path = HEADER) -> dict[str, int]:
    """Statuses, options, report slots and all other numbers of the ABI, as in `NLR_OPTION_QUBITS`."""
    pattern = r"^(?:#define )?\s*(NLR_[A-Z0-9_]+) (?:= )?(-?\d+),?$"
    return {name: int(value) for name, value in re.findall(pattern, header.read_text(), re.MULTILINE)}


NLR = names()


class Refused(Exception):
    """The core answered a call with a negative status."""

    def __init__(self, function: str, status: int) -> None:
        name = next((n for n, v in NLR.items() if n.startswith("NLR_STATUS_") and v == status), str(status))
        super().__init__(f"{function}: {name.removeprefix('NLR_STATUS_').lower().replace('_', ' ')}")
        self.status = status


class Core:
    """One instance of the core: one arena, one model."""

    def __init__(self, path: Path) -> None:
        """Raises OSError when there is no such file, wasmtime's own error when it is no module."""
        self.store = Store(Engine())
        module = Module(self.store.engine, path.read_bytes())
        self.exports = Instance(self.store, module, []).exports(self.store)
        self.memory = self.exports["memory"]
        if self.call("abi_version") != NLR["NLR_ABI_VERSION"]:
            raise ValueError(f"{path} speaks another version of the ABI than {HEADER.name}")
        self.real = "d" if self.call("real_bytes") == 8 else "f"

    def call(self, function: str, *arguments: float) -> float:
        """A function by its name. Raises Refused for a negative status."""
        result = self.exports[function](self.store, *arguments)
        if isinstance(result, int) and result < 0 and not function.startswith("trace_"):
            raise Refused(function, result)
        return 0 if result is None else result

    def write(self, pointer: str, form: str, values: list[float]) -> None:
        """Numbers of a struct format to the address that a function returns."""
        self.memory.write(self.store, struct.pack(f"<{len(values)}{form}", *values), self.call(pointer))

    def read(self, pointer: str, form: str, count: int) -> tuple[float, ...]:
        """Numbers of a struct format from the address that a function returns."""
        start = self.call(pointer)
        size = struct.calcsize(f"<{count}{form}")
        return struct.unpack(f"<{count}{form}", self.memory.read(self.store, start, start + size))

    def report(self, slot: str) -> float:
        """A slot of the report, such as "LOSS"."""
        return self.read("report_ptr", "d", NLR["NLR_REPORT_COUNT"])[NLR[f"NLR_REPORT_{slot}"]]

    def trace(self) -> str:
        """A hash over the bits of every loss so far, 16 hexadecimal digits."""
        high, low = (int(self.call(name)) & 0xFFFFFFFF for name in ("trace_high", "trace_low"))
        return f"{high:08x}{low:08x}"

    def fill(self, rows: list[list[float]], labels: list[int]) -> None:
        """A mini-batch; a label below zero is none."""
        self.write("features_ptr", self.real, [value for row in rows for value in row])
        self.write("labels_ptr", "i", labels)

    def image(self, function: str) -> bytes:
        """What `checkpoint_write` or `model_write` writes."""
        length = int(self.call(function))
        start = self.call("image_ptr")
        return bytes(self.memory.read(self.store, start, start + length))

    def take(self, function: str, image: bytes) -> None:
        """Gives an image to `checkpoint_read` or `model_read`. Raises Refused, then nothing has changed."""
        if len(image) > self.call("image_capacity"):
            raise Refused(function, NLR["NLR_STATUS_BAD_LENGTH"])
        self.memory.write(self.store, image, self.call("image_ptr"))
        self.call(function, len(image))
