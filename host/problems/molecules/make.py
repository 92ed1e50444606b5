"""Writes h2.json and lih.json: the electronic Hamiltonians of two molecules as Pauli sums on qubits.

python make.py; needs pyscf 2.14.0 and openfermion 1.8.1. Integrals by PySCF, Jordan-Wigner by OpenFermion. Spin orbitals
alternate: qubit 2p is orbital p with spin up, 2p + 1 with spin down. Coefficients are in hartree, the nuclear repulsion
and the energy of the frozen core included, rounded to 12 decimals so that the last bits of a machine do not show.
"""
import json
from pathlib import Path

import numpy as np
import openfermion
import pyscf
from openfermion.chem.molecular_data import spinorb_from_spatial
from openfermion.ops import InteractionOperator
from openfermion.transforms import jordan_wigner
from pyscf import ao2mo, fci, gto, scf

HERE = Path(__file__).parent

MOLECULES = {
    "h2": {
        "formula": "H2",
        "atoms": [["H", [0, 0, 0]], ["H", [0, 0, 0.735]]],
        "orbitals": [0, 1],
        "electrons": 2,
        "space": "both orbitals, nothing frozen",
    },
    "lih": {
        "formula": "LiH",
        "atoms": [["Li", [0, 0, 0]], ["H", [0, 0, 1.595]]],
        "orbitals": [1, 2, 5],
        "electrons": 2,
        "space": "the sigma orbitals 2, 3 and 6 of the Hartree-Fock calculation; orbital 1, the core of Li, is doubly "
        "occupied, and 4 and 5, which are pi and do not mix with sigma, are empty",
    },
}


def active_integrals(molecule, orbitals, electrons):
    """Energy of what is frozen, and the integrals of one and two electrons over the active orbitals."""
    mean_field = scf.RHF(molecule)
    mean_field.conv_tol = 1e-13
    mean_field.kernel()
    frozen = (molecule.nelectron - electrons) // 2
    core = mean_field.mo_coeff[:, :frozen]
    active = mean_field.mo_coeff[:, orbitals]
    # The sign of an orbital is free; the largest entry is positive.
    active = active * np.sign(active[np.abs(active).argmax(axis=0), np.arange(active.shape[1])])
    density = 2 * core @ core.T
    potential = scf.hf.get_veff(molecule, density) if frozen else np.zeros_like(density)
    hcore = mean_field.get_hcore()
    energy = molecule.energy_nuc() + np.sum(density * hcore) + 0.5 * np.sum(density * potential)
    one = active.T @ (hcore + potential) @ active
    count = active.shape[1]
    chemists = ao2mo.restore(1, ao2mo.kernel(molecule, active), count)
    return mean_field.e_tot, float(energy), one, chemists


def letters(string):
    return " ".join(f"{letter}{qubit}" for qubit, letter in string)


def describe(name, formula, atoms, orbitals, electrons, space):
    molecule = gto.M(atom=atoms, basis="sto-3g", unit="Angstrom", verbose=0)
    hartree_fock, constant, one, chemists = active_integrals(molecule, orbitals, electrons)
    count = len(orbitals)
    exact, _ = fci.direct_spin1.kernel(one, chemists, count, electrons, ecore=constant, conv_tol=1e-13)
    # (pq|rs) of chemists is h_prsq of OpenFermion's a+p a+q a r a s.
    physicists = np.einsum("psqr->pqrs", chemists)
    one_spin, two_spin = spinorb_from_spatial(one, physicists)
    operator = jordan_wigner(InteractionOperator(constant, one_spin, 0.5 * two_spin))
    terms = [
        [letters(string), round(float(np.real(coefficient)), 12)]
        for string, coefficient in sorted(operator.terms.items(), key=lambda item: (len(item[0]), item[0]))
        if abs(coefficient) > 1e-10
    ]
    return {
        "name": name,
        "formula": formula,
        "geometry": [[symbol, *place] for symbol, place in atoms],
        "unit": "angstrom",
        "basis": "STO-3G",
        "charge": 0,
        "spin": "singlet",
        "activeElectrons": electrons,
        "activeOrbitals": count,
        "activeSpace": space,
        "mapping": "Jordan-Wigner, qubit 2p is orbital p with spin up, 2p + 1 with spin down",
        "source": f"PySCF {pyscf.__version__}, OpenFermion {openfermion.__version__}; host/problems/molecules/make.py",
        "hartreeFock": round(float(hartree_fock), 10),
        "fullConfigurationInteraction": round(float(exact), 10),
        "qubits": 2 * count,
        "terms": terms,
    }


def written(value):
    """A value as JSON; a list of lists has a line for each."""
    if not (isinstance(value, list) and isinstance(value[0], list)):
        return json.dumps(value)
    rows = ",\n    ".join(json.dumps(row) for row in value)
    return f"[\n    {rows}\n  ]"


for name, about in MOLECULES.items():
    table = describe(name, **about)
    fields = ",\n  ".join(f'"{key}": {written(value)}' for key, value in table.items())
    (HERE / f"{name}.json").write_text(f"{{\n  {fields}\n}}\n")
    print(name, table["qubits"], table["hartreeFock"], table["fullConfigurationInteraction"])
