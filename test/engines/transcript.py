"""The interpreter of scripts for wasmtime; script.ts has the language.

    python3 test/engines/transcript.py MODULE SCRIPT [MODULE SCRIPT ...]

Prints `module MODULE` and the transcript of each.
"""

import struct
import sys

from wasmtime import Instance, Module, Store, Trap

FORMATS = {"i32": "<i", "f32": "<f", "f64": "<d"}


def digits(kind: str, value: float) -> str:
    """The bits of a number, most significant first, or `nan`."""
    return "nan" if value != value else struct.pack(FORMATS[kind].replace("<", ">"), value).hex()


class Transcript:
    """A module, its instance at hand, and the lines so far."""

    def __init__(self, path: str) -> None:
        self.store = Store()
        self.module = Module.from_file(self.store.engine, path)
        self.lines: list[str] = []
        self.last = 0
        self.kept = b""

    def reset(self) -> None:
        self.exports = Instance(self.store, self.module, []).exports(self.store)
        self.memory = self.exports["memory"]

    def value(self, word: str) -> float:
        if word == "$":
            return len(self.kept)
        return struct.unpack(">d", bytes.fromhex(word[1:]))[0] if word[0] == "x" else int(word)

    def invoke(self, name: str, *words: str) -> float:
        """Calls an export with each argument as the type that it takes."""
        if name not in self.exports:
            self.lines.append(f"unknown {name}")
            return 0
        function = self.exports[name]
        kinds = [str(kind) for kind in function.type(self.store).params]
        values = [self.value(word) for word in words]
        signed = lambda value: (int(value) + 2**31) % 2**32 - 2**31
        result = function(self.store, *(signed(v) if k == "i32" else float(v) for k, v in zip(kinds, values)))
        return 0 if result is None else result

    def real(self, kind: str) -> str:
        return ("f64" if self.invoke("real_bytes") == 8 else "f32") if kind == "real" else kind

    def fill(self, kind: str, pointer: str, numbers: list[float], at: int = 0) -> None:
        form = FORMATS[self.real(kind)]
        data = b"".join(struct.pack(form, x) for x in numbers)
        self.memory.write(self.store, data, self.invoke(pointer) + at * struct.calcsize(form))

    def must(self, *words: str) -> None:
        self.last = self.invoke(*words)
        if self.last < 0:
            self.lines.append(f"refused {words[0]} {self.last}")

    def call(self, *words: str) -> None:
        self.last = self.invoke(*words)
        self.lines.append(f"{words[0]} {self.last}")

    def number(self, *words: str) -> None:
        self.lines.append(f"{words[0]} {digits('f64', self.invoke(*words))}")

    def features(self, count: str, step: str) -> None:
        numbers = [((7 * i + 3 * int(step)) % 23 - 9) / 32 for i in range(int(count))]
        self.fill("real", "features_ptr", numbers)

    def labels(self, count: str, classes: str) -> None:
        self.fill("i32", "labels_ptr", [i % int(classes) for i in range(int(count))])

    def advance(self, work: str) -> None:
        calls = 1
        while (status := self.invoke("step_advance", work)) == 1:
            calls += 1
        self.last = status
        self.lines.append(f"advance {status} {calls}")

    def read(self, kind: str, pointer: str, start: str, count: str) -> None:
        kind = self.real(kind)
        size = struct.calcsize(FORMATS[kind])
        address = self.invoke(pointer) + int(start) * size
        data = self.memory.read(self.store, address, address + int(count) * size)
        found = (digits(kind, value) for (value,) in struct.iter_unpack(FORMATS[kind], data))
        self.lines.append(" ".join([pointer, *found]))

    def write(self, kind: str, pointer: str, at: str, value: str) -> None:
        self.fill(kind, pointer, [self.value(value)], int(at))

    def keep(self) -> None:
        address = self.invoke("image_ptr")
        self.kept = bytes(self.memory.read(self.store, address, address + max(self.last, 0)))
        self.lines.append(f"keep {len(self.kept)}")

    def put(self) -> None:
        self.memory.write(self.store, self.kept, self.invoke("image_ptr"))

    def flip(self, at: str, mask: str) -> None:
        address = self.invoke("image_ptr") + int(at)
        (byte,) = self.memory.read(self.store, address, address + 1)
        self.memory.write(self.store, bytes([byte ^ int(mask)]), address)

    def trace(self) -> None:
        high, low = self.invoke("trace_high"), self.invoke("trace_low")
        self.lines.append(f"trace {digits('i32', high)}{digits('i32', low)}")

    def run(self, script: str) -> str:
        trapped = False
        for line in script.split("\n"):
            word, *rest = line.split(" ")
            if word == "case":
                self.lines.append(line)
                self.reset()
                trapped = False
            elif line != "" and not trapped:
                try:
                    getattr(self, word)(*rest)
                except Trap:
                    self.lines.append("trap")
                    trapped = True
        return "\n".join(self.lines)


if __name__ == "__main__":
    for path, script in zip(sys.argv[1::2], sys.argv[2::2]):
        with open(script, encoding="utf-8") as file:
            print(f"module {path}\n{Transcript(path).run(file.read())}")
