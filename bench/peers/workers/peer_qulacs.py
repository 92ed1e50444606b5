"""Qulacs, through its Python API.

Its documentation ("Python Tutorial (Advanced)", parametric quantum circuits; API of ParametricQuantumCircuit)
offers two gradients, GradCalculator (parameter shift) and ParametricQuantumCircuit.backprop; backprop is the
faster of the two by far (45 times here) and is used. Circuits, states and observables are built once and only
their parameters are set in a call. `backprop` starts from |0...0>, so a sample's state preparation is a gate in
front of its circuit: a reflection on the qubits that hold features. Gate fusion (QuantumCircuitOptimizer) costs
more than it saves when the parameters change with every evaluation; where nothing changes it is used.
"""

from math import ceil, log2

import numpy as np
from qulacs import Observable, ParametricQuantumCircuit, QuantumCircuit, QuantumState
from qulacs.circuit import QuantumCircuitOptimizer
from qulacs.gate import DenseMatrix

from worker import serve


def bit(workload, qubit):
    """Qulacs' qubit 0 is the least significant bit, and its rotations turn the other way."""
    return workload.qubits - 1 - qubit


def negated(parameters):
    """As plain floats: converting numpy scalars one by one costs more than setting them."""
    return (-parameters).tolist()


def parametric_circuit(workload, preparation=None):
    circuit = ParametricQuantumCircuit(workload.qubits)
    if preparation is not None:
        circuit.add_gate(preparation)
    add = {
        "rx": circuit.add_parametric_RX_gate,
        "ry": circuit.add_parametric_RY_gate,
        "rz": circuit.add_parametric_RZ_gate,
    }
    for gate, first, second in workload.operations():
        if gate == "cnot":
            circuit.add_CNOT_gate(bit(workload, first), bit(workload, second))
        else:
            add[gate](bit(workload, first), 0.0)
    return circuit


def set_parameters(circuit, values):
    assign = circuit.set_parameter
    for index, value in enumerate(values):
        assign(index, value)


def preparation(workload, state):
    """A reflection that takes |0...0> to the sample, on the qubits that hold its features."""
    width = max(1, ceil(log2(workload.features.shape[1])))
    mirror = state[: 2**width].copy()
    mirror[0] -= 1
    if not mirror.any():
        return None
    matrix = np.eye(2**width) - 2 * np.outer(mirror, mirror) / (mirror @ mirror)
    return DenseMatrix(list(range(width)), matrix)


def z(workload, qubits):
    observable = Observable(workload.qubits)
    observable.add_operator(1.0, " ".join(f"Z {bit(workload, qubit)}" for qubit in qubits))
    return observable


def loaded(workload):
    """The samples' states."""
    states = []
    for amplitudes in workload.states():
        state = QuantumState(workload.qubits)
        state.load(amplitudes)
        states.append(state)
    return states


class Evaluator:
    """<Z> of every sample at given parameters."""

    def __init__(self, workload):
        self.circuit = parametric_circuit(workload)
        self.inputs = loaded(workload)
        self.state = QuantumState(workload.qubits)
        self.observable = z(workload, [workload.measured])

    def set(self, values):
        set_parameters(self.circuit, values)

    def run(self, sample):
        self.state.load(self.inputs[sample])
        self.circuit.update_quantum_state(self.state)
        return self.state

    def values(self):
        measured = self.observable.get_expectation_value
        return np.array([measured(self.run(sample)).real for sample in range(len(self.inputs))])


def evaluate(workload):
    evaluator = Evaluator(workload)
    parameters = [negated(each) for each in workload.parameters]

    def call(which):
        evaluator.set(parameters[which])
        return evaluator.observable.get_expectation_value(evaluator.run(0)).real

    return call


def predict(workload):
    """Fixed parameters: the bound circuit is fused once."""
    circuit = QuantumCircuit(workload.qubits)
    add = {"rx": circuit.add_RX_gate, "ry": circuit.add_RY_gate, "rz": circuit.add_RZ_gate}
    for gate, first, second in workload.operations():
        if gate == "cnot":
            circuit.add_CNOT_gate(bit(workload, first), bit(workload, second))
        else:
            add[gate](bit(workload, first), -workload.parameters[0][second])
    QuantumCircuitOptimizer().optimize(circuit, 2)
    prepared = loaded(workload)[0]
    state = QuantumState(workload.qubits)
    observable = z(workload, [workload.measured])

    def call(_):
        state.load(prepared)
        circuit.update_quantum_state(state)
        return observable.get_expectation_value(state).real

    return call


def loss(workload):
    evaluator = Evaluator(workload)
    parameters = [negated(each) for each in workload.parameters]

    def call(which):
        evaluator.set(parameters[which])
        return workload.loss(evaluator.values())

    return call


class Differentiator:
    """Loss and gradient by backprop, one circuit a sample."""

    def __init__(self, workload):
        self.workload = workload
        self.evaluator = Evaluator(workload)
        self.circuits = [parametric_circuit(workload, preparation(workload, state)) for state in workload.states()]

    def loss_and_gradient(self, parameters):
        values = negated(parameters)
        self.evaluator.set(values)
        outputs = self.evaluator.values()
        gradients = []
        for circuit in self.circuits:
            set_parameters(circuit, values)
            gradients.append(circuit.backprop(self.evaluator.observable))
        slopes = 2 * (outputs - self.workload.targets) / self.workload.count
        # Differentiated by Qulacs' angles, which are ours negated.
        return self.workload.loss(outputs), -slopes @ np.array(gradients)


def gradient(workload):
    differentiator = Differentiator(workload)
    return lambda which: differentiator.loss_and_gradient(workload.parameters[which])


def step(workload):
    differentiator = Differentiator(workload)

    def call(which):
        parameters = workload.parameters[which]
        value, slope = differentiator.loss_and_gradient(parameters)
        differentiator.evaluator.set(negated(parameters - workload.rate * slope))
        return value, workload.loss(differentiator.evaluator.values()), slope

    return call


def sampled(workload, state):
    """<Z0> from shots: QuantumState.sampling gives the basis states, whose top bit is qubit 0."""
    outcomes = np.array(state.sampling(workload.shots))
    ones = np.count_nonzero(outcomes >= 2 ** (workload.qubits - 1))
    return 1 - 2 * ones / workload.shots


def sample(workload):
    evaluator = Evaluator(workload)
    parameters = [negated(each) for each in workload.parameters]

    def call(which):
        evaluator.set(parameters[which])
        return sampled(workload, evaluator.run(0))

    return call


def shots_step(workload):
    evaluator = Evaluator(workload)

    def measured(values):
        evaluator.set(values)
        return np.array([sampled(workload, evaluator.run(index)) for index in range(workload.count)])

    def call(which):
        parameters = workload.parameters[which]
        outputs = measured(negated(parameters))
        displaced = np.array([measured(row) for row in negated(workload.shifted(parameters))])
        plus, minus = np.split(displaced, 2)
        slope = workload.shift_gradient(outputs, plus, minus)
        return workload.loss(outputs), workload.loss(measured(negated(parameters - workload.rate * slope))), slope

    return call


def gate(workload):
    """A fixed layer of RX, then <Z...Z>; not fused, since it is the single gate that is measured."""
    circuit = QuantumCircuit(workload.qubits)
    for qubit, angle in enumerate(negated(workload.parameters[0])):
        circuit.add_RX_gate(bit(workload, qubit), angle)
    prepared = loaded(workload)[0]
    state = QuantumState(workload.qubits)
    observable = z(workload, range(workload.qubits))

    def call(_):
        state.load(prepared)
        circuit.update_quantum_state(state)
        return observable.get_expectation_value(state).real

    return call


serve(
    ["qulacs", "numpy"],
    {
        "evaluate": evaluate,
        "predict": predict,
        "loss": loss,
        "gradient": gradient,
        "step": step,
        "sample": sample,
        "shots-step": shots_step,
        "gate": gate,
    },
)
