"""TensorCircuit-NG on its JAX backend.

Its documentation ("Quick Start", "Advanced Usage": JIT with K.jit, batching with K.vmap, gradients with
K.value_and_grad) makes one compiled function of the whole batch: vmap over the samples, value_and_grad, jit.
Double precision by set_dtype("complex128"). Samples enter as Circuit(inputs=...). Shots come from
Circuit.sample_expectation_ps, whose random numbers are a jit argument (`status`).
"""

from functools import cache

import jax
import numpy as np
import tensorcircuit as tc

from worker import Ansatz, serve

K = tc.set_backend("jax")
tc.set_dtype("complex128")


def circuit(workload, parameters, state):
    result = tc.Circuit(workload.qubits, inputs=state)
    for gate, first, second in workload.operations():
        if gate == "cnot":
            result.cnot(first, second)
        else:
            getattr(result, gate)(first, theta=parameters[second])
    return result


def expectation(workload):
    """<Z0> as a function of parameters and state."""
    return lambda parameters, state: K.real(circuit(workload, parameters, state).expectation_ps(z=[0]))


def arrays(workload):
    states = jax.numpy.asarray(workload.states(), dtype="complex128")
    parameters = [jax.numpy.asarray(each) for each in workload.parameters]
    return parameters, states, jax.numpy.asarray(workload.targets)


def waiting(compiled, *rest):
    """Calls return when their result is there; JAX hands out promises."""
    return lambda parameters: jax.block_until_ready(compiled(parameters, *rest))


@cache
def compiled_expectation(qubits, layers):
    """Compiled once for all workloads on the same circuit: compiling takes seconds."""
    return K.jit(expectation(Ansatz(qubits, layers)))


def evaluate(workload):
    parameters, states, _ = arrays(workload)
    run = waiting(compiled_expectation(workload.qubits, workload.layers), states[0])
    return lambda which: run(parameters[which])


def predict(workload):
    run = evaluate(workload)
    return lambda _: run(0)


def batch_loss(workload):
    values = K.vmap(expectation(workload), vectorized_argnums=1)
    return lambda parameters, states, targets: K.mean((values(parameters, states) - targets) ** 2)


def loss(workload):
    parameters, states, targets = arrays(workload)
    run = waiting(K.jit(batch_loss(workload)), states, targets)
    return lambda which: run(parameters[which])


def gradient(workload):
    parameters, states, targets = arrays(workload)
    run = waiting(K.jit(K.value_and_grad(batch_loss(workload))), states, targets)
    return lambda which: run(parameters[which])


def step(workload):
    parameters, states, targets = arrays(workload)
    loss_of = batch_loss(workload)

    def whole(parameters, states, targets):
        value, slope = K.value_and_grad(loss_of)(parameters, states, targets)
        return value, loss_of(parameters - workload.rate * slope, states, targets), slope

    run = waiting(K.jit(whole), states, targets)
    return lambda which: run(parameters[which])


def measured(workload):
    """<Z0> from shots."""

    def run(parameters, state, status):
        return circuit(workload, parameters, state).sample_expectation_ps(z=[0], shots=workload.shots, status=status)

    return run


class Draws:
    """Fresh uniform numbers for every call, made outside the compiled function as the documentation shows."""

    def __init__(self, workload):
        self.generator = np.random.default_rng(workload.seed)

    def take(self, *shape):
        return self.generator.random(shape)


def sample(workload):
    parameters, states, _ = arrays(workload)
    run = K.jit(measured(workload))
    draws = Draws(workload)
    return lambda which: jax.block_until_ready(run(parameters[which], states[0], draws.take(workload.shots)))


def shots_step(workload):
    """The displaced circuits of one parameter are one vmapped call: all at once took four times as long."""
    parameters, states, _ = arrays(workload)
    over_samples = K.vmap(measured(workload), vectorized_argnums=(1, 2))
    run = K.jit(over_samples)
    draws = Draws(workload)

    def values(point):
        return np.asarray(run(jax.numpy.asarray(point), states, draws.take(workload.count, workload.shots)))

    def call(which):
        point = workload.parameters[which]
        outputs = values(point)
        plus, minus = np.split(np.array([values(row) for row in workload.shifted(point)]), 2)
        slope = workload.shift_gradient(outputs, plus, minus)
        return workload.loss(outputs), workload.loss(values(point - workload.rate * slope)), slope

    return call


serve(
    ["tensorcircuit-ng", "jax", "numpy"],
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
