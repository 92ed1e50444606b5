"""PennyLane's default.qubit, with JAX.

Its documentation ("Quantum circuits and differentiation", "JAX interface", "Compiling workflows": jax.jit;
"Parameter broadcasting" of AmplitudeEmbedding and StatePrep) runs a batch as one broadcast circuit,
differentiated by backpropagation and compiled whole by jax.jit, in double precision (jax_enable_x64). Shots:
qml.set_shots and a device seeded with a JAX key inside the compiled function, as in "Using JAX with PennyLane";
the displaced circuits of the shift rule are vmapped.
"""

from functools import cache

import jax
import pennylane as qml

from worker import Ansatz, serve

jnp = jax.numpy


def apply(workload, parameters):
    for gate, first, second in workload.operations():
        if gate == "cnot":
            qml.CNOT(wires=[first, second])
        else:
            getattr(qml, gate.upper())(parameters[second], wires=first)


def expectation(workload):
    """<Z0> as a function of parameters and one state or a batch of them."""

    @qml.qnode(qml.device("default.qubit", wires=workload.qubits), interface="jax", diff_method="backprop")
    def circuit(parameters, states):
        qml.StatePrep(states, wires=range(workload.qubits))
        apply(workload, parameters)
        return qml.expval(qml.PauliZ(0))

    return circuit


def arrays(workload):
    parameters = [jnp.asarray(each) for each in workload.parameters]
    return parameters, jnp.asarray(workload.states()), jnp.asarray(workload.targets)


def waiting(compiled, *rest):
    """Calls return when their result is there; JAX hands out promises."""
    return lambda parameters: jax.block_until_ready(compiled(parameters, *rest))


@cache
def compiled_expectation(qubits, layers):
    """Compiled once for all workloads on the same circuit: compiling takes seconds."""
    return jax.jit(expectation(Ansatz(qubits, layers)))


def evaluate(workload):
    parameters, states, _ = arrays(workload)
    run = waiting(compiled_expectation(workload.qubits, workload.layers), states[0])
    return lambda which: run(parameters[which])


def predict(workload):
    run = evaluate(workload)
    return lambda _: run(0)


def batch_loss(workload):
    values = expectation(workload)
    return lambda parameters, states, targets: jnp.mean((values(parameters, states) - targets) ** 2)


def loss(workload):
    parameters, states, targets = arrays(workload)
    run = waiting(jax.jit(batch_loss(workload)), states, targets)
    return lambda which: run(parameters[which])


def gradient(workload):
    parameters, states, targets = arrays(workload)
    run = waiting(jax.jit(jax.value_and_grad(batch_loss(workload))), states, targets)
    return lambda which: run(parameters[which])


def step(workload):
    parameters, states, targets = arrays(workload)
    loss_of = batch_loss(workload)

    def whole(parameters, states, targets):
        value, slope = jax.value_and_grad(loss_of)(parameters, states, targets)
        return value, loss_of(parameters - workload.rate * slope, states, targets), slope

    run = waiting(jax.jit(whole), states, targets)
    return lambda which: run(parameters[which])


def measured(workload):
    """<Z0> from shots."""

    def run(key, parameters, state):
        device = qml.device("default.qubit", wires=workload.qubits, seed=key)

        @qml.set_shots(workload.shots)
        @qml.qnode(device, interface="jax", diff_method=None)
        def circuit(parameters, state):
            qml.StatePrep(state, wires=range(workload.qubits))
            apply(workload, parameters)
            return qml.expval(qml.PauliZ(0))

        return circuit(parameters, state)

    return run


def sample(workload):
    parameters, states, _ = arrays(workload)
    run = jax.jit(measured(workload))
    key = jax.random.PRNGKey(workload.seed)

    def call(which):
        nonlocal key
        key, used = jax.random.split(key)
        return jax.block_until_ready(run(used, parameters[which], states[0]))

    return call


def shots_step(workload):
    parameters, states, targets = arrays(workload)
    one = measured(workload)

    def values(key, point):
        keys = jax.random.split(key, workload.count)
        return jax.vmap(one, in_axes=(0, None, 0))(keys, point, states)

    def whole(key, point):
        first, second, third = jax.random.split(key, 3)
        outputs = values(first, point)
        rows = workload.shifted(point)
        displaced = jax.lax.map(lambda each: values(*each), (jax.random.split(second, len(rows)), rows))
        plus, minus = jnp.split(displaced, 2)
        slope = (plus - minus) @ (2 * (outputs - targets) / workload.count) / 2
        tentative = values(third, point - workload.rate * slope)
        return jnp.mean((outputs - targets) ** 2), jnp.mean((tentative - targets) ** 2), slope

    run = jax.jit(whole)
    key = jax.random.PRNGKey(workload.seed)

    def call(which):
        nonlocal key
        key, used = jax.random.split(key)
        return jax.block_until_ready(run(used, parameters[which]))

    return call


serve(
    ["pennylane", "jax", "numpy"],
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
