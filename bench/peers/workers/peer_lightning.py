"""PennyLane's lightning.qubit, C++ simulator with adjoint differentiation.

Its documentation ("lightning.qubit", "Adjoint differentiation support"; "Gradients and training") takes
diff_method="adjoint" for gradients; StatePrep broadcasts over the batch. Evaluations without a gradient use
diff_method=None, which skips preparing one. Of the ways to differentiate, the autograd interface was the
fastest here for a batch of 32 (131 ms; with device_vjp 347 ms; under jax.jit 1575 ms).
"""

import numpy as np
import pennylane as qml

from worker import serve


def circuit(workload, diff_method=None, shots=None):
    """<Z0> as a function of parameters and one state or a batch of them."""
    device = qml.device("lightning.qubit", wires=workload.qubits, seed=workload.seed)

    @qml.set_shots(shots)
    @qml.qnode(device, interface="autograd", diff_method=diff_method)
    def run(parameters, states):
        qml.StatePrep(states, wires=range(workload.qubits))
        for gate, first, second in workload.operations():
            if gate == "cnot":
                qml.CNOT(wires=[first, second])
            else:
                getattr(qml, gate.upper())(parameters[second], wires=first)
        return qml.expval(qml.PauliZ(0))

    return run


def evaluate(workload):
    run = circuit(workload)
    state = workload.states()[0]
    return lambda which: run(workload.parameters[which], state)


def predict(workload):
    run = evaluate(workload)
    return lambda _: run(0)


def sample(workload):
    run = circuit(workload, shots=workload.shots)
    state = workload.states()[0]
    return lambda which: run(workload.parameters[which], state)


def loss(workload):
    run = circuit(workload)
    states = workload.states()
    return lambda which: workload.loss(run(workload.parameters[which], states))


def loss_and_gradient(workload):
    run = circuit(workload, "adjoint")
    states = qml.numpy.array(workload.states(), requires_grad=False)
    targets = qml.numpy.array(workload.targets, requires_grad=False)
    differentiate = qml.grad(lambda parameters: qml.numpy.mean((run(parameters, states) - targets) ** 2))

    def at(parameters):
        slope = differentiate(qml.numpy.array(parameters, requires_grad=True))
        return differentiate.forward, np.asarray(slope)

    return at


def gradient(workload):
    at = loss_and_gradient(workload)
    return lambda which: at(workload.parameters[which])


def step(workload):
    at = loss_and_gradient(workload)
    run = circuit(workload)
    states = workload.states()

    def call(which):
        value, slope = at(workload.parameters[which])
        return value, workload.loss(run(workload.parameters[which] - workload.rate * slope, states)), slope

    return call


def shots_step(workload):
    run = circuit(workload, shots=workload.shots)
    states = workload.states()

    def call(which):
        point = workload.parameters[which]
        values = run(point, states)
        plus, minus = np.split(np.array([run(row, states) for row in workload.shifted(point)]), 2)
        slope = workload.shift_gradient(values, plus, minus)
        return workload.loss(values), workload.loss(run(point - workload.rate * slope, states)), slope

    return call


serve(
    ["pennylane", "pennylane_lightning", "numpy"],
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
