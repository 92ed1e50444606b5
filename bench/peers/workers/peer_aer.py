"""Qiskit Aer's statevector simulator.

Its documentation ("Running with multiple parameter binds", AerSimulator.run(parameter_binds=...), and the option
runtime_parameter_bind_enable) runs many parameter sets of one circuit in one job. Samples enter by
set_statevector. Aer has no adjoint gradient and Qiskit Machine Learning's (ParamShiftEstimatorGradient,
LinCombEstimatorGradient, SPSA) run these same displaced circuits, through the estimator primitive and slower, so
the gradient here is the shift rule in one job. Circuits are built once. No circuit is transpiled: Aer has all
their gates.
"""

import numpy as np
from qiskit import QuantumCircuit
from qiskit.circuit import ParameterVector
from qiskit.quantum_info import SparsePauliOp
from qiskit_aer import AerSimulator

from worker import serve


def little_endian(state, qubits):
    """Qiskit's qubit 0 is the least significant bit."""
    return state.reshape((2,) * qubits).transpose(range(qubits)[::-1]).reshape(-1)


class Job:
    """<Z0> of all samples at many sets of parameters, in one run."""

    def __init__(self, workload, shots=0):
        self.simulator = AerSimulator(
            method="statevector",
            max_parallel_threads=1,
            runtime_parameter_bind_enable=True,
            seed_simulator=workload.seed,
        )
        self.shots = shots
        self.parameters = ParameterVector("theta", len(workload.parameters[0]))
        self.circuits = [self.build(workload, state) for state in workload.states()]
        self.runs = 0

    def build(self, workload, state):
        circuit = QuantumCircuit(workload.qubits, 1 if self.shots else 0)
        circuit.set_statevector(little_endian(state, workload.qubits))
        for gate, first, second in workload.operations():
            if gate == "cnot":
                circuit.cx(first, second)
            else:
                getattr(circuit, gate)(self.parameters[second], first)
        if self.shots:
            circuit.measure(0, 0)
        else:
            observable = SparsePauliOp.from_sparse_list([("Z", [0], 1.0)], num_qubits=workload.qubits)
            circuit.save_expectation_value(observable, range(workload.qubits), label="z")
        return circuit

    def values(self, rows):
        """[rows][samples] for parameters [rows][count of parameters]."""
        columns = np.asarray(rows).T.tolist()
        binds = [dict(zip(self.parameters, columns))] * len(self.circuits)
        options = {"shots": self.shots, "seed_simulator": self.seed()} if self.shots else {}
        results = self.simulator.run(self.circuits, parameter_binds=binds, **options).result().results
        return np.array([self.value(result.data) for result in results]).reshape(len(self.circuits), -1).T

    def seed(self):
        """A job with the simulator's own seed would draw the same shots every time."""
        self.runs += 1
        return self.runs

    def value(self, data):
        return 1 - 2 * data.counts.get("0x1", 0) / self.shots if self.shots else data.z


def evaluate(workload):
    job = Job(workload)
    return lambda which: job.values([workload.parameters[which]])


def predict(workload):
    run = evaluate(workload)
    return lambda _: run(0)


def sample(workload):
    job = Job(workload, workload.shots)
    return lambda which: job.values([workload.parameters[which]])


def loss(workload):
    job = Job(workload)
    return lambda which: workload.loss(job.values([workload.parameters[which]])[0])


def loss_and_gradient(workload, job):
    def at(parameters):
        values, displaced = np.split(job.values([parameters, *workload.shifted(parameters)]), [1])
        plus, minus = np.split(displaced, 2)
        return workload.loss(values[0]), workload.shift_gradient(values[0], plus, minus)

    return at


def gradient(workload):
    at = loss_and_gradient(workload, Job(workload))
    return lambda which: at(workload.parameters[which])


def whole_step(workload, job):
    at = loss_and_gradient(workload, job)

    def call(which):
        value, slope = at(workload.parameters[which])
        tentative = job.values([workload.parameters[which] - workload.rate * slope])[0]
        return value, workload.loss(tentative), slope

    return call


def step(workload):
    return whole_step(workload, Job(workload))


def shots_step(workload):
    return whole_step(workload, Job(workload, workload.shots))


serve(
    ["qiskit", "qiskit-aer", "numpy"],
    {
        "evaluate": evaluate,
        "predict": predict,
        "loss": loss,
        "gradient": gradient,
        "step": step,
        "sample": sample,
        "shots-step": shots_step,
    },
)
