"""Prints qasm-written.json: circuits, the programs that the library writes of them, and what Qiskit makes of both.

python qasm-written.py > qasm-written.json; needs what requirements.txt names, and Node. `npm run oracles` does it.
"""
import json
import os
import random
import subprocess

import qiskit
import qiskit.qasm2
import qiskit.qasm3
from qiskit.quantum_info import Pauli, Statevector

STRINGS = 8
QUBITS = 3
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")


def expectations(circuit, strings):
    state = Statevector(circuit)
    # Qiskit's labels have qubit 0 last.
    return [float(state.expectation_value(Pauli(string[::-1])).real) for string in strings]


command = ["node", "--import", "tsx", "test/oracles/write-circuits.ts"]
written = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)
draw = random.Random(1)
cases = []
for each in written:
    strings = ["".join(draw.choice("IXYZ") for _ in range(QUBITS - 1)) + draw.choice("XYZ") for _ in range(STRINGS)]
    two = qiskit.qasm2.loads(each["two"])
    three = qiskit.qasm3.loads(each["three"])
    cases.append(
        {
            **each,
            "strings": [" ".join(f"{letter}{i}" for i, letter in enumerate(string) if letter != "I") for string in strings],
            "fromTwo": expectations(two, strings),
            "fromThree": expectations(three, strings),
        }
    )
print(json.dumps({"qiskit": qiskit.__version__, "cases": cases}, indent=1))
