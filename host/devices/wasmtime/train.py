"""Trains the paper's model in wasmtime, keeps checkpoints, resumes, predicts: see README.md.

    python3 train.py train --digits --checkpoint run.checkpoint --model digits.model
    python3 train.py predict digits.model --digits

Results go to stdout, progress to stderr; exit 0 is done, 1 failed, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import glob
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from core import NLR, Core, Refused
from data import Samples, read_csv, read_digits
from wasmtime import WasmtimeError
from words import RULES

MODULE = Path(__file__).parents[3] / "dist" / "core.device-fast.wasm"
QUBITS, LAYERS, BATCH = 6, 5, 32
# Work of one call of the core: the time in which an interrupt from the keyboard is noticed.
WORK = 100_000
# How the names of files end that are being written, and of no others.
UNFINISHED = ".train-py"


def write_whole(path: Path, data: bytes) -> None:
    """Writes a file all or nothing: whenever the power fails, the old content or the new one is there."""
    descriptor, partial = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=UNFINISHED)
    try:
        with os.fdopen(descriptor, "wb") as file:
            if path.exists():
                shutil.copymode(path, partial)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, path)
    except BaseException:
        Path(partial).unlink(missing_ok=True)
        raise
    if os.name == "nt":
        return
    # The new name must outlast the power, too.
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def owned(path: Path) -> Iterator[None]:
    """Keeps other processes of this program from writing a file. The system forgets it when this process ends."""
    try:
        import fcntl
    except ImportError:  # not on Windows
        yield
        return
    beside = path.with_name(f"{path.name}.lock")
    while True:
        lock = beside.open("a")
        try:
            # As the hosts in C lock, so that each sees the other's.
            fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.close()
            raise BlockingIOError(error.errno, "another process is writing it", str(path)) from None
        # Whoever had it may have removed it since it was opened.
        if beside.exists() and os.path.samestat(os.fstat(lock.fileno()), beside.stat()):
            break
        lock.close()
    try:
        for left in path.parent.glob(f".{glob.escape(path.name)}.????????{UNFINISHED}"):
            left.unlink(missing_ok=True)  # of a process that was killed while it had the lock
        yield
    finally:
        beside.unlink(missing_ok=True)
        lock.close()


def prepare(core: Core, arguments: argparse.Namespace, samples: Samples, workspace: int = 0) -> None:
    """The paper's model, section V, compiled: per layer three rotations a qubit and a CNOT to the next one."""
    shots = arguments.shots
    options = {
        "QUBITS": QUBITS,
        "FEATURES": len(samples.rows[0]),
        "ENCODING": NLR["NLR_ENCODING_AMPLITUDE"],
        "OPERATIONS": LAYERS * (4 * QUBITS - 1),
        "PARAMETERS": LAYERS * 3 * QUBITS,
        "TERMS": 1,
        "OUTPUTS": 1,
        "BATCH": min(BATCH, len(samples.rows)),
        "GRADIENT": NLR["NLR_GRADIENT_PARAMETER_SHIFT" if shots > 0 else "NLR_GRADIENT_ADJOINT"],
        "SHOTS": shots,
        "RULE": RULES[arguments.rule],
        "STEPS": 500,
        "SAMPLES": len(samples.rows),
        "WORKSPACE": workspace,
        "SEED_LOW": arguments.seed,
        "RATE": arguments.rate,
        "NEGATIVE_RATE": 2 * arguments.rate,
        "HEAD_RATE": arguments.rate,
        "BETA1": 0.9,
        "BETA2": 0.999,
        "EPSILON": 1e-8,
        "GUARD": 3,
    }
    for name, value in options.items():
        core.call("configure", NLR[f"NLR_OPTION_{name}"], float(value))
    core.call("init")
    core.call("circuit_ansatz", LAYERS)
    core.call("observable_add", 0, 0, 1, 1.0)
    core.call("compile")
    wanted = int(core.call("workspace_wanted")) if workspace == 0 else 0
    if wanted > 0 and wanted < core.memory.data_len(core.store):
        # A faster engine would like more memory; the bits of a run belong to its engine.
        prepare(core, arguments, samples, wanted)


def step(core: Core, samples: Samples) -> None:
    """One step on the mini-batch that the core draws."""
    count = int(core.call("option_value", NLR["NLR_OPTION_BATCH"]))
    core.call("step_begin", count)
    chosen = core.read("indices_ptr", "i", count)
    core.fill([samples.rows[i] for i in chosen], [samples.labels[i] for i in chosen])
    while core.call("step_advance", WORK) == NLR["NLR_STATUS_MORE"]:
        pass


def train(arguments: argparse.Namespace) -> None:
    written = [path for path in (arguments.checkpoint, arguments.model) if path is not None]
    named = [os.path.realpath(path) for path in (*written, arguments.csv, arguments.module) if path is not None]
    if len(set(named)) < len(named):
        raise ValueError("--checkpoint, --model, --csv and --module have to be different files")
    with ExitStack() as files:
        for path in written:
            files.enter_context(owned(path))
        train_into(arguments)


def train_into(arguments: argparse.Namespace) -> None:
    samples = read_digits("train") if arguments.digits else read_csv(arguments.csv, arguments.label)
    core = Core(arguments.module)
    prepare(core, arguments, samples)
    core.call("parameters_initialise")
    checkpoint: Path | None = arguments.checkpoint
    if checkpoint is not None and checkpoint.exists():
        core.take("checkpoint_read", checkpoint.read_bytes())
        print(f"resumed from step {core.report('STEP'):.0f}", file=sys.stderr)
    while (done := int(core.report("STEP"))) < arguments.steps:
        step(core, samples)
        if (done + 1) % arguments.every == 0 or done + 1 == arguments.steps:
            print(f"step {done + 1} loss {core.report('LOSS'):.4f}", file=sys.stderr, flush=True)
            if checkpoint is not None:
                write_whole(checkpoint, core.image("checkpoint_write"))
    write_whole(arguments.model, core.image("model_write"))
    print(f"loss {core.report('LOSS'):.4f} trace {core.trace()}")


def predict(arguments: argparse.Namespace) -> None:
    samples = read_digits("t10k") if arguments.digits else read_csv(arguments.csv, arguments.label)
    core = Core(arguments.module)
    core.take("model_read", arguments.model.read_bytes())
    count = int(core.call("option_value", NLR["NLR_OPTION_BATCH"]))
    features = int(core.call("option_value", NLR["NLR_OPTION_FEATURES"]))
    if len(samples.rows[0]) != features:
        raise ValueError(f"{len(samples.rows[0])} features, the model takes {features}")
    outputs: list[float] = []
    for first in range(0, len(samples.rows), count):
        rows = samples.rows[first : first + count]
        core.fill(rows, [-1] * len(rows))
        core.call("predict", len(rows), 0)
        outputs += core.read("outputs_ptr", core.real, len(rows))
    if not samples.classes:
        # One output a row; above zero is the second class.
        print("\n".join(f"{output:.6f}" for output in outputs))
        return
    right = sum((output > 0) == (label == 1) for output, label in zip(outputs, samples.labels))
    print(f"{right} of {len(outputs)} right, classes {samples.classes[0]} and {samples.classes[1]}")


def positive(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a positive whole number")
    return int(text)


def parser() -> argparse.ArgumentParser:
    source = argparse.ArgumentParser(add_help=False)
    either = source.add_mutually_exclusive_group(required=True)
    either.add_argument("--digits", action="store_true", help="the bundled digits, 0 against 1, as 8 features")
    either.add_argument("--csv", type=Path, metavar="FILE", help="a table with a header line")
    source.add_argument("--label", metavar="COLUMN", help="the column of --csv with the class, of two")
    source.add_argument("--module", type=Path, metavar="FILE", default=MODULE, help="another build of the core")
    whole = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = whole.add_subparsers(required=True, metavar="COMMAND")
    training = commands.add_parser("train", parents=[source], help="train, or go on from a checkpoint")
    file = {"type": Path, "metavar": "FILE"}
    training.add_argument("--model", **file, required=True, help="write the trained model here")
    training.add_argument("--checkpoint", **file, help="keep checkpoints here, and resume from it")
    training.add_argument("--every", type=positive, metavar="STEPS", default=50, help="between them, default 50")
    training.add_argument("--steps", type=positive, default=500, help="in all, default 500")
    training.add_argument("--rule", choices=RULES, default="nlr", help="default nlr")
    training.add_argument("--rate", type=float, default=0.01, help="learning rate, default 0.01")
    training.add_argument("--shots", type=int, default=0, help="per circuit; default 0, exact")
    training.add_argument("--seed", type=int, default=1, help="default 1")
    training.set_defaults(run=train)
    prediction = commands.add_parser("predict", parents=[source], help="predict with a trained model")
    prediction.add_argument("model", type=Path, metavar="MODEL")
    prediction.set_defaults(run=predict)
    return whole


def main() -> int:
    arguments = parser().parse_args()
    if arguments.run is train and arguments.csv is not None and arguments.label is None:
        parser().error("--csv needs --label to train")
    try:
        arguments.run(arguments)
    except (OSError, ValueError, Refused, WasmtimeError) as error:
        print(f"train.py: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
