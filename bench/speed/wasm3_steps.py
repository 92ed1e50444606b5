"""Trains models in wasm3, a WebAssembly interpreter, as told on the standard input.

    python wasm3_steps.py MODULE

Each line is a JSON object, and is answered by one:

    {"model": FILE, "batch": B, "features": [...], "labels": [...]}   load a model image: {"subject": number}
    {"subject": number, "steps": N}                                   {"nanoseconds": n, "trace": "..."}
"""

import json
import struct
import sys
import time

import wasm3

# Bytes of the interpreter's own stack.
STACK = 65536
ALL = 0x7FFFFFFF
# Processor time, or the wall clock where a system is too coarse about it.
clock = time.perf_counter_ns if sys.platform == "win32" else time.process_time_ns


class Subject:
    """One instance with a model and a mini-batch."""

    def __init__(self, module: bytes, model: bytes, batch: int, features: list[float], labels: list[int]):
        environment = wasm3.Environment()
        self.runtime = environment.new_runtime(STACK)
        self.runtime.load(environment.parse_module(module))
        self.batch = batch
        self.write("image_ptr", model)
        self.done("model_read", len(model))
        self.write("features_ptr", struct.pack(f"<{len(features)}d", *features))
        self.write("labels_ptr", struct.pack(f"<{len(labels)}i", *labels))

    def call(self, name: str, *arguments: int) -> int:
        return self.runtime.find_function(name)(*arguments)

    def done(self, name: str, *arguments: int) -> None:
        status = self.call(name, *arguments)
        if status != 0:
            raise SystemExit(f"{name} returned {status}")

    def write(self, pointer: str, data: bytes) -> None:
        address = self.call(pointer)
        self.runtime.get_memory(0)[address : address + len(data)] = data

    def steps(self, count: int) -> int:
        begin = self.runtime.find_function("step_begin")
        advance = self.runtime.find_function("step_advance")
        start = clock()
        for _ in range(count):
            begin(self.batch)
            while (status := advance(ALL)) > 0:
                pass
        elapsed = clock() - start
        if status != 0:
            raise SystemExit(f"step_advance returned {status}")
        return elapsed

    def trace(self) -> str:
        high, low = self.call("trace_high") & 0xFFFFFFFF, self.call("trace_low") & 0xFFFFFFFF
        return f"{high:08x}{low:08x}"


def main() -> None:
    with open(sys.argv[1], "rb") as file:
        module = file.read()
    subjects: list[Subject] = []
    for line in sys.stdin:
        asked = json.loads(line)
        if "model" in asked:
            with open(asked["model"], "rb") as file:
                model = file.read()
            subjects.append(Subject(module, model, asked["batch"], asked["features"], asked["labels"]))
            answer = {"subject": len(subjects) - 1}
        else:
            subject = subjects[asked["subject"]]
            answer = {"nanoseconds": subject.steps(asked["steps"]), "trace": subject.trace()}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
