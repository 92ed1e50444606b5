"""TorchQuantum on the CPU, single precision: its states are complex64 throughout.

Its documentation (README, "Quantum Neural Network" examples) runs a batch as one QuantumDevice(bsz=...) and
differentiates by torch's backward(); evaluations run under torch.no_grad(). Samples enter by set_states.
"""

import torch
import torchquantum as tq
import torchquantum.functional as tqf

from worker import serve

torch.set_num_threads(1)

GATES = {"rx": tqf.rx, "ry": tqf.ry, "rz": tqf.rz}


class Model:
    """<Z0> of all samples."""

    def __init__(self, workload):
        self.operations = list(workload.operations())
        self.device = tq.QuantumDevice(n_wires=workload.qubits, bsz=workload.count)
        shape = [workload.count] + [2] * workload.qubits
        self.states = torch.tensor(workload.states(), dtype=torch.complex64).reshape(shape)
        self.observable = tq.PauliZ()
        self.targets = torch.tensor(workload.targets, dtype=torch.float32)

    def values(self, parameters):
        self.device.set_states(self.states)
        for gate, first, second in self.operations:
            if gate == "cnot":
                tqf.cnot(self.device, wires=[first, second])
            else:
                GATES[gate](self.device, wires=first, params=parameters[second])
        return tq.measurement.expval(self.device, 0, self.observable).reshape(-1)

    def loss(self, parameters):
        return torch.mean((self.values(parameters) - self.targets) ** 2)

    def loss_and_gradient(self, parameters):
        parameters = parameters.detach().requires_grad_()
        loss = self.loss(parameters)
        loss.backward()
        return loss.detach(), parameters.grad


def tensors(workload):
    return [torch.tensor(each, dtype=torch.float32) for each in workload.parameters]


def evaluate(workload):
    model, parameters = Model(workload), tensors(workload)

    @torch.no_grad()
    def call(which):
        return model.values(parameters[which])

    return call


def predict(workload):
    run = evaluate(workload)
    return lambda _: run(0)


def loss(workload):
    model, parameters = Model(workload), tensors(workload)

    @torch.no_grad()
    def call(which):
        return model.loss(parameters[which])

    return call


def gradient(workload):
    model, parameters = Model(workload), tensors(workload)
    return lambda which: model.loss_and_gradient(parameters[which])


def step(workload):
    model, parameters = Model(workload), tensors(workload)

    def call(which):
        value, slope = model.loss_and_gradient(parameters[which])
        with torch.no_grad():
            return value, model.loss(parameters[which] - workload.rate * slope), slope

    return call


serve(
    ["torchquantum", "torch", "numpy"],
    {"evaluate": evaluate, "predict": predict, "loss": loss, "gradient": gradient, "step": step},
)
