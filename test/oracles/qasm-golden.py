"""Prints qasm-golden.json: OpenQASM programs, and what Qiskit says of them.

python qasm-golden.py > qasm-golden.json; needs what requirements.txt names. `npm run oracles` does both.

Each case has the expectations of some Pauli strings on what the program makes of |0...0>, and of programs with inputs the
derivatives by each, from central differences of Qiskit's states, extrapolated once. Qubit 0 is the first that is declared.
"""
import json
import math
import random

import numpy as np
import qiskit
import qiskit.qasm2
import qiskit.qasm3
from qiskit import QuantumCircuit
from qiskit.circuit import Parameter, ParameterVector, library
from qiskit.circuit.random import random_circuit
from qiskit.quantum_info import Pauli, Statevector

STRINGS = 8


def strings(random, qubits):
    """Pauli strings as the library writes them: all Z first, then at random."""
    every = [[(qubit, "Z")] for qubit in range(min(qubits, 2))]
    while len(every) < STRINGS:
        letters = [(qubit, random.choice("IXYZ")) for qubit in range(qubits)]
        every.append([(qubit, letter) for qubit, letter in letters if letter != "I"] or [(0, "X")])
    return [" ".join(f"{letter}{qubit}" for qubit, letter in string) for string in every]


def expectations(circuit, texts):
    state = Statevector(circuit.remove_final_measurements(inplace=False) if circuit.clbits else circuit)
    values = []
    for text in texts:
        label = ["I"] * circuit.num_qubits
        for factor in text.split():
            label[circuit.num_qubits - 1 - int(factor[1:])] = factor[0]
        values.append(float(state.expectation_value(Pauli("".join(label))).real))
    return values


def derivatives(at, values, name):
    """Central differences with steps of h and h / 2, extrapolated: an error of the order of h^4."""
    def slope(step):
        up, down = ({**values, name: values[name] + sign * step} for sign in (1, -1))
        return (np.array(at(up)) - np.array(at(down))) / (2 * step)
    coarse, fine = slope(2e-3), slope(1e-3)
    return ((4 * fine - coarse) / 3).tolist()


def case(name, source, circuit, values=None, seed=0):
    """A program, and what the circuit that it means comes to."""
    texts = strings(random.Random(f"{name} {seed}"), circuit.num_qubits)
    bound = {parameter.name: parameter for parameter in circuit.parameters}

    def at(numbers):
        return expectations(circuit.assign_parameters({bound[key]: number for key, number in numbers.items() if key in bound}), texts)

    made = {"name": name, "source": source, "qubits": circuit.num_qubits, "strings": texts}
    if values is None:
        return {**made, "expectations": expectations(circuit, texts)}
    return {
        **made,
        "values": values,
        "expectations": at(values),
        "gradients": {key: derivatives(at, values, key) for key in values},
    }


# One gate behind a state without symmetries, built from Qiskit's classes: no reader of Qiskit's is in the way.

GATES = {
    "id": (library.IGate, 0), "x": (library.XGate, 0), "y": (library.YGate, 0), "z": (library.ZGate, 0),
    "h": (library.HGate, 0), "s": (library.SGate, 0), "sdg": (library.SdgGate, 0), "t": (library.TGate, 0),
    "tdg": (library.TdgGate, 0), "sx": (library.SXGate, 0), "sxdg": (library.SXdgGate, 0),
    "p": (library.PhaseGate, 1), "u1": (library.U1Gate, 1), "u2": (library.U2Gate, 2), "u3": (library.U3Gate, 3),
    "u": (library.UGate, 3), "rx": (library.RXGate, 1), "ry": (library.RYGate, 1), "rz": (library.RZGate, 1),
    "r": (library.RGate, 2), "cx": (library.CXGate, 0), "cy": (library.CYGate, 0), "cz": (library.CZGate, 0),
    "ch": (library.CHGate, 0), "cs": (library.CSGate, 0), "csdg": (library.CSdgGate, 0), "csx": (library.CSXGate, 0),
    "cp": (library.CPhaseGate, 1), "cu1": (library.CU1Gate, 1), "crx": (library.CRXGate, 1), "cry": (library.CRYGate, 1),
    "crz": (library.CRZGate, 1), "cu3": (library.CU3Gate, 3), "cu": (library.CUGate, 4), "swap": (library.SwapGate, 0),
    "iswap": (library.iSwapGate, 0), "dcx": (library.DCXGate, 0), "ecr": (library.ECRGate, 0),
    "rxx": (library.RXXGate, 1), "ryy": (library.RYYGate, 1), "rzz": (library.RZZGate, 1), "rzx": (library.RZXGate, 1),
    "xx_plus_yy": (library.XXPlusYYGate, 2), "xx_minus_yy": (library.XXMinusYYGate, 2), "ccx": (library.CCXGate, 0),
    "ccz": (library.CCZGate, 0), "cswap": (library.CSwapGate, 0), "rccx": (library.RCCXGate, 0),
    "c3x": (library.C3XGate, 0), "c3sqrtx": (library.C3SXGate, 0), "rc3x": (library.RC3XGate, 0),
    "rcccx": (library.RC3XGate, 0), "c4x": (library.C4XGate, 0),
}


def start(random, qubits):
    """Lines and a circuit that leave no qubit in a state of its own."""
    circuit, lines = QuantumCircuit(qubits), []
    for layer in range(2):
        for qubit in range(qubits):
            angles = [round(random.uniform(-3, 3), 3) for _ in range(3)]
            circuit.u(*angles, qubit)
            lines.append(f"u({','.join(map(str, angles))}) q[{qubit}];")
        for qubit in range(qubits - 1):
            circuit.cx(qubit, qubit + 1)
            lines.append(f"cx q[{qubit}],q[{qubit + 1}];")
    return circuit, lines


def gates():
    for name, (make, count) in GATES.items():
        draw = random.Random(name)
        angles = [round(draw.uniform(-3, 3), 4) for _ in range(count)]
        gate = make(*angles)
        circuit, lines = start(draw, gate.num_qubits)
        # In another order than they were declared in.
        order = list(range(gate.num_qubits))
        draw.shuffle(order)
        circuit.append(gate, order)
        shown = f"({','.join(map(str, angles))})" if angles else ""
        lines.append(f"{name}{shown} {','.join(f'q[{qubit}]' for qubit in order)};")
        head = ["OPENQASM 2.0;", 'include "qelib1.inc";', f"qreg q[{gate.num_qubits}];"]
        yield case(f"gate {name}", "\n".join([*head, *lines]), circuit)


# Modifiers of OpenQASM 3, built from Qiskit's classes too.

def modified():
    power = lambda gate, exponent: library.UnitaryGate(gate.power(exponent))
    samples = [
        ("ctrl @ h", library.HGate().control(1)),
        ("ctrl @ y", library.YGate().control(1)),
        ("negctrl @ x", library.XGate().control(1, ctrl_state=0)),
        ("ctrl(2) @ rx(0.7)", library.RXGate(0.7).control(2)),
        ("ctrl(3) @ ry(-1.1)", library.RYGate(-1.1).control(3)),
        ("ctrl @ negctrl @ rz(2.1)", library.RZGate(2.1).control(2, ctrl_state="01")),
        ("ctrl @ swap", library.SwapGate().control(1)),
        ("ctrl @ rxx(0.4)", library.RXXGate(0.4).control(1)),
        ("ctrl @ ryy(0.9)", library.RYYGate(0.9).control(1)),
        ("ctrl(2) @ rzz(1.3)", library.RZZGate(1.3).control(2)),
        ("ctrl @ sx", library.SXGate().control(1)),
        ("ctrl @ U(0.3,0.4,0.5)", library.UGate(0.3, 0.4, 0.5).control(1)),
        ("ctrl @ iswap", library.iSwapGate().control(1)),
        ("ctrl @ ecr", library.ECRGate().control(1)),
        ("ctrl(3) @ z", library.ZGate().control(3)),
        ("ctrl(4) @ p(0.6)", library.PhaseGate(0.6).control(4)),
        ("inv @ sx", library.SXdgGate()),
        ("inv @ u(0.3,0.4,0.5)", library.UGate(0.3, 0.4, 0.5).inverse()),
        ("inv @ iswap", library.iSwapGate().inverse()),
        ("ctrl @ inv @ s", library.SdgGate().control(1)),
        ("inv @ ctrl @ t", library.TdgGate().control(1)),
        ("pow(3) @ t", power(library.TGate(), 3)),
        ("pow(-2) @ u(0.3,0.4,0.5)", power(library.UGate(0.3, 0.4, 0.5), -2)),
        ("pow(0.5) @ x", power(library.XGate(), 0.5)),
        ("pow(0.25) @ y", power(library.YGate(), 0.25)),
        ("pow(0.3) @ h", power(library.HGate(), 0.3)),
        ("pow(0.5) @ swap", power(library.SwapGate(), 0.5)),
        ("pow(1.7) @ u(2.3,0.4,-0.5)", power(library.UGate(2.3, 0.4, -0.5), 1.7)),
        ("pow(0.5) @ sx", power(library.SXGate(), 0.5)),
        ("ctrl @ pow(0.5) @ h", power(library.HGate(), 0.5).control(1)),
        ("ctrl @ pow(0.4) @ u(2.3,0.4,-0.5)", power(library.UGate(2.3, 0.4, -0.5), 0.4).control(1)),
        ("pow(0.5) @ cx", power(library.XGate(), 0.5).control(1)),
        ("pow(2) @ iswap", power(library.iSwapGate(), 2)),
        ("pow(0.5) @ inv @ s", power(library.SdgGate(), 0.5)),
    ]
    for text, gate in samples:
        draw = random.Random(text)
        circuit, lines = start(draw, gate.num_qubits)
        order = list(range(gate.num_qubits))
        draw.shuffle(order)
        circuit.append(gate, order)
        lines.append(f"{text} {', '.join(f'q[{qubit}]' for qubit in order)};")
        head = ["OPENQASM 3.0;", 'include "stdgates.inc";', f"qubit[{gate.num_qubits}] q;"]
        yield case(text, "\n".join([*head, *[line.replace("u(", "U(") if line.startswith("u(") else line for line in lines]]), circuit)


# Circuits in the manner of the public suites, made here and written by Qiskit.

def ghz(qubits):
    circuit = QuantumCircuit(qubits)
    circuit.h(0)
    for qubit in range(qubits - 1):
        circuit.cx(qubit, qubit + 1)
    return circuit


def w_state(qubits):
    circuit = QuantumCircuit(qubits)
    circuit.x(qubits - 1)
    for i in range(qubits - 1, 0, -1):
        circuit.cry(2 * math.acos(math.sqrt(1 / (i + 1))), i, i - 1)
        circuit.cx(i - 1, i)
    return circuit


def fourier(qubits):
    circuit = QuantumCircuit(qubits)
    for qubit in range(qubits):
        circuit.ry(0.3 * qubit + 0.2, qubit)
    for i in reversed(range(qubits)):
        circuit.h(i)
        for j in reversed(range(i)):
            circuit.cp(math.pi / 2 ** (i - j), j, i)
    for i in range(qubits // 2):
        circuit.swap(i, qubits - 1 - i)
    return circuit


def adder(bits):
    """Ripple-carry addition, by majorities and their undoing."""
    carry, a, b, out = 0, [1 + 2 * i for i in range(bits)], [2 + 2 * i for i in range(bits)], 2 * bits + 1
    circuit = QuantumCircuit(2 * bits + 2)
    circuit.x(a[0])
    for qubit in b:
        circuit.h(qubit)
    chain = [carry, *a]
    for i in range(bits):
        circuit.cx(a[i], b[i])
        circuit.cx(a[i], chain[i])
        circuit.ccx(chain[i], b[i], a[i])
    circuit.cx(a[-1], out)
    for i in reversed(range(bits)):
        circuit.ccx(chain[i], b[i], a[i])
        circuit.cx(a[i], chain[i])
        circuit.cx(chain[i], b[i])
    return circuit


def grover(qubits, marked):
    circuit = QuantumCircuit(qubits)
    circuit.h(range(qubits))
    for _ in range(2):
        for bits in (marked, "0" * qubits):
            if bits != marked:
                circuit.h(range(qubits))
            zeros = [i for i, bit in enumerate(bits) if bit == "0"]
            circuit.x(zeros)
            circuit.append(library.ZGate().control(qubits - 1), range(qubits))
            circuit.x(zeros)
        circuit.h(range(qubits))
    return circuit


def phase_estimation(bits, phase):
    circuit = QuantumCircuit(bits + 1)
    circuit.h(range(bits))
    circuit.x(bits)
    for i in range(bits):
        circuit.cp(2 * math.pi * phase * 2 ** i, i, bits)
    for i in range(bits // 2):
        circuit.swap(i, bits - 1 - i)
    for i in range(bits):
        for j in range(i):
            circuit.cp(-math.pi / 2 ** (i - j), j, i)
        circuit.h(i)
    return circuit


def bernstein_vazirani(secret):
    circuit = QuantumCircuit(len(secret) + 1, len(secret))
    last = len(secret)
    circuit.x(last)
    circuit.h(range(last + 1))
    circuit.barrier()
    for i, bit in enumerate(secret):
        if bit == "1":
            circuit.cx(i, last)
    circuit.barrier()
    circuit.h(range(last))
    circuit.measure(range(last), range(last))
    return circuit


def suite():
    made = {
        "ghz 6": ghz(6),
        "w state 5": w_state(5),
        "fourier 5": fourier(5),
        "adder 3": adder(3),
        "grover 4": grover(4, "1011"),
        "phase estimation 4": phase_estimation(4, 0.3),
        "bernstein-vazirani": bernstein_vazirani("10110"),
        "random 1": random_circuit(4, 6, max_operands=4, seed=1),
        "random 2": random_circuit(5, 8, max_operands=3, seed=2),
        "random 3": random_circuit(3, 12, max_operands=3, seed=3),
        "random 4": random_circuit(6, 6, max_operands=4, seed=4),
    }
    for name, circuit in made.items():
        yield case(f"{name}, version 2", qiskit.qasm2.dumps(circuit), circuit)
        yield case(f"{name}, version 3", qiskit.qasm3.dumps(circuit), circuit)


def parametrised():
    theta, phi = Parameter("theta"), Parameter("phi")
    small = QuantumCircuit(2)
    small.ry(theta, 0)
    small.crx(2 * phi + 0.3, 0, 1)
    small.cp(theta - phi / 3, 0, 1)
    small.rzz(-theta, 0, 1)
    small.cu(theta, phi, 0.2, theta + phi, 1, 0)
    yield case("two inputs", qiskit.qasm3.dumps(small), small, {"theta": 0.7, "phi": -1.2})

    weights = ParameterVector("w", 8)
    layers = QuantumCircuit(4, 4)
    for qubit in range(4):
        layers.ry(weights[qubit], qubit)
    for qubit in range(3):
        layers.cz(qubit, qubit + 1)
    for qubit in range(4):
        layers.rx(0.5 * weights[4 + qubit] + weights[qubit], qubit)
    layers.measure(range(4), range(4))
    names = {f"_w_{i}_": 0.3 * i - 1 for i in range(8)}
    source = qiskit.qasm3.dumps(layers)
    # Qiskit calls w[3] _w_3_.
    renamed = layers.assign_parameters({weights[i]: Parameter(f"_w_{i}_") for i in range(8)})
    yield case("layers", source, renamed, names)

    gamma, beta = ParameterVector("gamma", 2), ParameterVector("beta", 2)
    edges = [(0, 1), (1, 2), (2, 3), (3, 4), (4, 0), (0, 2)]
    cut = QuantumCircuit(5)
    cut.h(range(5))
    for layer in range(2):
        for a, b in edges:
            cut.rzz(gamma[layer], a, b)
        cut.rx(2 * beta[layer], range(5))
    source = qiskit.qasm3.dumps(cut)
    new = {each: Parameter(f"_{each.vector.name}_{each.index}_") for each in [*gamma, *beta]}
    values = {name.name: 0.4 + 0.2 * i for i, name in enumerate(new.values())}
    yield case("maximum cut", source, cut.assign_parameters(new), values)


# Programs by hand, for what no writer writes; and the same in words that Qiskit knows, where it has them.

BY_HAND = [
    (
        "expressions of version 2",
        """OPENQASM 2.0;
include "qelib1.inc";
// two registers, a gate of one's own, broadcasts
qreg a[2]; qreg b[2];
creg out[2];
gate mix(x,y) s,t { u3(x/2,-y,sin(x)*cos(y)) s; cx s,t; rz(-(x+y)^2/4) t; barrier s,t; cx t,s; }
ry(pi/7) a; rx(1.5e0) b;
mix(pi/3,sqrt(2)) a,b;
cx a[0],b;
mix(ln(3),exp(-1)) b[1],a[0];
rx(tan(0.3)-1/2) a[1];
rz(2^3^0.5) b;
barrier a,b[0];
measure b -> out;
""",
        """OPENQASM 2.0;
include "qelib1.inc";
qreg q[4];
gate mix(x,y) s,t { u3(x/2,-y,sin(x)*cos(y)) s; cx s,t; rz(-(x+y)^2/4) t; cx t,s; }
ry(pi/7) q[0]; ry(pi/7) q[1]; rx(1.5) q[2]; rx(1.5) q[3];
mix(pi/3,sqrt(2)) q[0],q[2]; mix(pi/3,sqrt(2)) q[1],q[3];
cx q[0],q[2]; cx q[0],q[3];
mix(ln(3),exp(-1)) q[3],q[0];
rx(tan(0.3)-1/2) q[1];
rz(2^3^0.5) q[2]; rz(2^3^0.5) q[3];
""",
    ),
    (
        "loops and constants of version 3",
        """OPENQASM 3.0;
include "stdgates.inc";
/* numbers that are known
   when the program is read */
const int n = 4;
const float[64] step = π / (2 * n);
qubit[n] q;
bit[n] c;
gate kick(θ) a, b { ctrl @ rx(θ) a, b; inv @ t a; }
for int i in [0:n - 1] { ry(step * (i + 1)) q[i]; }
for uint i in [n - 1:-1:1] { kick(step / 2 + i * 0.1) q[i], q[i - 1]; }
for int i in {0, 3} { if (i == 0) { h q[i]; } else { s q[i]; } }
let ends = q[{0, 3}];
let middle = q[1:2];
cx ends, middle;
ctrl(2) @ x q[0], q[1], q[2];
float x = 0.5;
while (x < 2) { rz(x) q[-1]; x *= 2; }
negctrl @ ry(0.8) q[0], q[3];
gphase(0.3);
c = measure q;
""",
        None,
    ),
]


def by_hand():
    two, plain_two = BY_HAND[0][1:]
    yield case(BY_HAND[0][0], two, qiskit.qasm2.loads(plain_two, custom_instructions=qiskit.qasm2.LEGACY_CUSTOM_INSTRUCTIONS))
    circuit = QuantumCircuit(4)
    step = math.pi / 8
    for i in range(4):
        circuit.ry(step * (i + 1), i)
    for i in (3, 2, 1):
        circuit.crx(step / 2 + i * 0.1, i, i - 1)
        circuit.tdg(i)
    circuit.h(0)
    circuit.s(3)
    circuit.cx(0, 1)
    circuit.cx(3, 2)
    circuit.append(library.XGate().control(2), [0, 1, 2])
    for x in (0.5, 1):
        circuit.rz(x, 3)
    circuit.append(library.RYGate(0.8).control(1, ctrl_state=0), [0, 3])
    yield case(BY_HAND[1][0], BY_HAND[1][1], circuit)


print(json.dumps({"qiskit": qiskit.__version__, "cases": [*gates(), *modified(), *suite(), *parametrised(), *by_hand()]}, indent=1))
