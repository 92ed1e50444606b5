"""A peer as a worker of the benchmark: JSON lines in, JSON lines out.

    {"op": "hello"}                               -> {"versions": {...}}
    {"op": "setup", "workload": {...}}            -> {"ok": true}
    {"op": "answer"}                              -> {"values": [...]}
    {"op": "time", "calls": 100}                  -> {"ns": 123456}
    {"op": "memory"}                              -> {"bytes": 123456}

What cannot be done answers {"error": "..."}.

A peer is a dictionary of tasks. A task takes the workload and returns a call; call(0) does the task at the
parameters `theta`, call(1) at `other`. Timed calls alternate between the two, so that no result can be kept
from one to the next. The result is anything numpy can flatten.
"""

import json
import resource
import sys
import time
from importlib.metadata import version

import numpy as np


class Ansatz:
    """The paper's circuit."""

    def __init__(self, qubits, layers):
        self.qubits = qubits
        self.layers = layers

    def operations(self):
        """The circuit in time order: ("rx" | "ry" | "rz", qubit, parameter) and ("cnot", control, target)."""
        parameter = 0
        for _ in range(self.layers):
            for qubit in range(self.qubits):
                for axis in ("rx", "ry", "rz"):
                    yield axis, qubit, parameter
                    parameter += 1
            for qubit in range(self.qubits - 1):
                yield "cnot", qubit, qubit + 1


class Workload(Ansatz):
    """That circuit and a batch; see bench/peers/workload.ts for the fields."""

    def __init__(self, fields):
        super().__init__(fields["qubits"], fields["layers"])
        self.task = fields["task"]
        self.measured = fields["measured"]
        self.shots = fields["shots"]
        self.rate = fields["rate"]
        self.seed = fields["seed"]
        self.count = fields["count"]
        self.parameters = [np.array(fields["theta"]), np.array(fields["other"])]
        #: y = -1 or +1
        self.targets = 2.0 * np.array(fields["labels"]) - 1.0
        self.features = np.array(fields["features"]).reshape(self.count, fields["width"])

    def states(self):
        """The encoded samples, [count][2^n], real: normalised and padded with zeros; qubit 0 is the most significant bit."""
        states = np.zeros((self.count, 2**self.qubits))
        states[:, : self.features.shape[1]] = self.features
        return states / np.linalg.norm(states, axis=1, keepdims=True)

    def shifted(self, parameters):
        """The displaced parameters of the shift rule, [2 * count of parameters][count of parameters]: all +, then all -."""
        displacement = np.pi / 2 * np.eye(len(parameters))
        return parameters + np.concatenate([displacement, -displacement])

    def shift_gradient(self, values, plus, minus):
        """Gradient of the mean square error from values [count] and displaced values [parameters][count]."""
        slopes = 2 * (values - self.targets) / self.count
        return (plus - minus) @ slopes / 2

    def loss(self, values):
        return np.mean((values - self.targets) ** 2)


def _flat(result):
    parts = result if isinstance(result, (tuple, list)) else [result]
    return np.concatenate([np.ravel(np.asarray(part, dtype=float)) for part in parts])


def _time(call, calls):
    start = time.perf_counter_ns()
    for i in range(calls):
        call(i & 1)
    return time.perf_counter_ns() - start


def serve(packages, tasks):
    """Answers until the input ends. `packages` are the distributions whose versions are told."""
    replies, sys.stdout = sys.stdout, sys.stderr
    call = None
    for line in sys.stdin:
        message = json.loads(line)
        try:
            if message["op"] == "hello":
                reply = {"versions": {name: version(name) for name in packages}}
            elif message["op"] == "setup":
                workload = Workload(message["workload"])
                if workload.task not in tasks:
                    raise NotImplementedError(f"no task {workload.task}")
                call = tasks[workload.task](workload)
                reply = {"ok": True}
            elif message["op"] == "answer":
                reply = {"values": np.concatenate([_flat(call(0)), _flat(call(1))]).tolist()}
            elif message["op"] == "time":
                reply = {"ns": _time(call, message["calls"])}
            elif message["op"] == "memory":
                reply = {"bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}
            else:
                raise ValueError(f"unknown operation {message['op']}")
        except Exception as error:  # the orchestrator prints it in the row it belongs to
            reply = {"error": f"{type(error).__name__}: {error}".splitlines()[0][:300]}
        replies.write(json.dumps(reply) + "\n")
        replies.flush()
