"""Zero-noise extrapolation by mitiq: fits of given values, and circuits that cirq simulates with noise. Prints JSON."""

import json
from importlib.metadata import version

import cirq
import numpy as np
from mitiq import zne
from mitiq.zne.inference import ExpFactory, LinearFactory, PolyFactory, RichardsonFactory
from mitiq.zne.scaling import fold_global

rng = np.random.default_rng(1305)


def factory(fit, scales, order):
    if fit == "linear":
        return LinearFactory(scales)
    if fit == "polynomial":
        return PolyFactory(scales, order)
    if fit == "richardson":
        return RichardsonFactory(scales)
    return ExpFactory(scales, asymptote=0.0)


FITS = [
    ("linear", 2, 1),
    ("linear", 4, 1),
    ("polynomial", 4, 2),
    ("polynomial", 6, 3),
    ("richardson", 2, 1),
    ("richardson", 3, 1),
    ("richardson", 5, 1),
    ("exponential", 2, 1),
    ("exponential", 3, 1),
    ("exponential", 4, 1),
]


def fits():
    for fit, count, order in FITS:
        scales = [2 * j + 1 for j in range(count)]
        for _ in range(4):
            sign = rng.choice([-1, 1])
            values = sign * rng.uniform(0.2, 0.9) * np.exp(-rng.uniform(0.02, 0.2) * np.array(scales))
            values = [float(value) for value in values * (1 + 0.02 * rng.standard_normal(count))]
            made = factory(fit, scales, order)
            for scale, value in zip(scales, values):
                made.push({"scale_factor": scale}, value)
            yield {"fit": fit, "order": order, "values": values, "zero": float(made.reduce())}


def random_circuit(qubits, depth):
    """Gates of the core's table, as cirq has them and as the test reads them."""
    wires = cirq.LineQubit.range(qubits)
    gates, operations = [], []
    for _ in range(depth):
        a, b = (int(q) for q in rng.permutation(qubits)[:2])
        name = str(rng.choice(["rx", "ry", "rz", "cnot", "cz"]))
        if name in ("cnot", "cz"):
            operations.append((cirq.CNOT if name == "cnot" else cirq.CZ)(wires[a], wires[b]))
            gates.append({"gate": name, "qubits": [a, b]})
        else:
            angle = float(rng.uniform(-3, 3))
            operations.append(getattr(cirq, name)(angle)(wires[a]))
            gates.append({"gate": name, "qubits": [a], "angle": angle})
    return wires, gates, cirq.Circuit(operations)


# Channels as cirq has them: its depolarizing p draws one of X, Y, Z with p, ours mixes I/2 in with 4p/3.
CHANNELS = {
    "depolarizing": lambda rate: cirq.depolarize(0.75 * rate),
    "damping": cirq.amplitude_damp,
    "dephasing": cirq.phase_damp,
}


def circuits():
    for qubits, depth in [(2, 8), (3, 12), (3, 16)]:
        wires, gates, circuit = random_circuit(qubits, depth)
        noise = [[name, float(rng.uniform(0.002, 0.01))] for name in rng.permutation(list(CHANNELS)).tolist()]
        observable = cirq.Z(wires[0]) * cirq.Z(wires[1])

        def execute(folded):
            noisy = []
            for operation in folded.all_operations():
                noisy.append(operation)
                for wire in operation.qubits:
                    noisy.extend(CHANNELS[name](rate)(wire) for name, rate in noise)
            simulator = cirq.DensityMatrixSimulator(dtype=np.complex128)
            # Wires that no gate touches are there all the same.
            rho = simulator.simulate(cirq.Circuit(noisy), qubit_order=wires).final_density_matrix
            index = {wire: place for place, wire in enumerate(wires)}
            return float(np.real(observable.expectation_from_density_matrix(rho, index)))

        zeros = []
        for fit, count, order in FITS:
            scales = [2 * j + 1 for j in range(count)]
            value = zne.execute_with_zne(
                circuit, execute, factory=factory(fit, scales, order), scale_noise=fold_global
            )
            zeros.append({"fit": fit, "scales": count, "order": order, "zero": float(value)})
        measured = [execute(fold_global(circuit, scale)) for scale in (1, 3, 5)]
        yield {"qubits": qubits, "gates": gates, "noise": noise, "measured": measured, "zeros": zeros}


print(
    json.dumps(
        {
            "versions": {name: version(name) for name in ("mitiq", "cirq-core")},
            "fits": list(fits()),
            "circuits": list(circuits()),
        }
    )
)
