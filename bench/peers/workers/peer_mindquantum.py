"""MindQuantum's own simulator, `mqvector`, in double precision.

Its documentation ("Advanced Gradient Calculation of Variational Quantum Circuits", API of
Simulator.get_expectation_with_grad) has the adjoint gradient of a circuit from the simulator's state, in C++. Circuit,
Hamiltonian and gradient operators are built once, a simulator a sample, loaded by set_qs; one thread by
parallel_worker. The other documented way, all samples as parameters of an encoder (as_encoder with amplitude_encoder)
in one call, is a tenth slower here: the encoder's gates are differentiated too. Expectations take a ParameterResolver
that is made once a call. Shots are drawn by Simulator.sampling, 7 ms for each circuit: a step of 5,800 of them would
take most of a minute, and is left out.
"""

import numpy as np
from mindquantum.core.circuit import Circuit
from mindquantum.core.gates import RX, RY, RZ, Measure, X
from mindquantum.core.operators import Hamiltonian, QubitOperator
from mindquantum.core.parameterresolver import ParameterResolver
from mindquantum.simulator import Simulator

from worker import serve

ROTATIONS = {"rx": RX, "ry": RY, "rz": RZ}


def little_endian(state, qubits):
    """MindQuantum's qubit 0 is the least significant bit."""
    return state.reshape((2,) * qubits).transpose(range(qubits)[::-1]).reshape(-1)


class Batch:
    """The samples' simulators, and their circuit."""

    def __init__(self, workload):
        self.circuit = Circuit()
        for gate, first, second in workload.operations():
            self.circuit += X.on(second, first) if gate == "cnot" else ROTATIONS[gate](f"p{second}").on(first)
        self.names = self.circuit.params_name
        self.hamiltonian = Hamiltonian(QubitOperator(f"Z{workload.measured}"))
        self.simulators = []
        for state in workload.states():
            simulator = Simulator("mqvector", workload.qubits, seed=workload.seed % 2**23)
            simulator.set_qs(little_endian(state, workload.qubits))
            self.simulators.append(simulator)

    def resolved(self, parameters):
        return ParameterResolver(dict(zip(self.names, parameters)))

    def values(self, parameters):
        at = self.resolved(parameters)
        return np.array(
            [each.get_expectation(self.hamiltonian, self.circuit, pr=at).real for each in self.simulators]
        )


def evaluate(workload):
    batch = Batch(workload)
    return lambda which: batch.values(workload.parameters[which])


def predict(workload):
    """Fixed parameters: resolved once."""
    batch = Batch(workload)
    at = batch.resolved(workload.parameters[0])
    [simulator] = batch.simulators
    return lambda _: simulator.get_expectation(batch.hamiltonian, batch.circuit, pr=at).real


def loss(workload):
    batch = Batch(workload)
    return lambda which: workload.loss(batch.values(workload.parameters[which]))


class Differentiator:
    def __init__(self, workload):
        self.workload = workload
        self.batch = Batch(workload)
        self.operators = [
            each.get_expectation_with_grad(self.batch.hamiltonian, self.batch.circuit, parallel_worker=1)
            for each in self.batch.simulators
        ]

    def loss_and_gradient(self, parameters):
        found = [operator(parameters) for operator in self.operators]
        values = np.array([value[0, 0].real for value, _ in found])
        gradients = np.array([gradient[0, 0].real for _, gradient in found])
        slopes = 2 * (values - self.workload.targets) / self.workload.count
        return self.workload.loss(values), slopes @ gradients


def gradient(workload):
    differentiator = Differentiator(workload)
    return lambda which: differentiator.loss_and_gradient(workload.parameters[which])


def step(workload):
    differentiator = Differentiator(workload)

    def call(which):
        parameters = workload.parameters[which]
        value, slope = differentiator.loss_and_gradient(parameters)
        moved = differentiator.batch.values(parameters - workload.rate * slope)
        return value, workload.loss(moved), slope

    return call


def sample(workload):
    """<Z0> from shots; with a seed of its own every time, or every call would draw the same."""
    batch = Batch(workload)
    measured = batch.circuit + Measure("z").on(workload.measured)
    [simulator] = batch.simulators
    seeds = iter(range(1, 2**23))

    def call(which):
        at = batch.resolved(workload.parameters[which])
        counts = simulator.sampling(measured, pr=at, shots=workload.shots, seed=next(seeds)).data
        return 1 - 2 * counts.get("1", 0) / workload.shots

    return call


serve(
    ["mindquantum", "numpy"],
    {
        "evaluate": evaluate,
        "predict": predict,
        "loss": loss,
        "gradient": gradient,
        "step": step,
        "sample": sample,
    },
)
