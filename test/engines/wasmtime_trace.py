"""Trains the paper's model in wasmtime and prints the trace: the same run as test/engines.test.ts.

    python3 test/engines/wasmtime_trace.py MODULE STEPS OPTIONS...

OPTIONS is the list of all options of the ABI as JSON; a line of 16 hexadecimal digits for each.
"""

import json
import struct
import sys

from wasmtime import Instance, Module, Store

BATCH = 32
FEATURES = 8


def trace(path: str, options: list[float], steps: int) -> str:
    store = Store()
    exports = Instance(store, Module.from_file(store.engine, path), []).exports(store)

    def call(name: str, *arguments: float) -> int:
        return exports[name](store, *arguments)

    def done(name: str, *arguments: float) -> None:
        status = call(name, *arguments)
        if status != 0:
            raise SystemExit(f"{name}{arguments} returned {status}")

    for key, value in enumerate(options):
        done("configure", key, float(value))
    done("init")
    done("circuit_ansatz", 5)
    done("observable_add", 0, 0, 1, 1.0)
    done("compile")
    done("parameters_initialise")
    real = "<d" if call("real_bytes") == 8 else "<f"
    memory = exports["memory"]
    for step in range(steps):
        done("step_begin", BATCH)
        numbers = [((i * 7 + step * 3) % 23) / 23 - 0.4 for i in range(BATCH * FEATURES)]
        memory.write(store, b"".join(struct.pack(real, x) for x in numbers), call("features_ptr"))
        labels = b"".join(struct.pack("<i", i % 2) for i in range(BATCH))
        memory.write(store, labels, call("labels_ptr"))
        while (status := call("step_advance", 1000)) > 0:
            pass
        if status != 0:
            raise SystemExit(f"step {step} ended with {status}")
    high, low = call("trace_high") & 0xFFFFFFFF, call("trace_low") & 0xFFFFFFFF
    return f"{high:08x}{low:08x}"


if __name__ == "__main__":
    module, steps, *runs = sys.argv[1:]
    for run in runs:
        print(trace(module, json.loads(run), int(steps)))
