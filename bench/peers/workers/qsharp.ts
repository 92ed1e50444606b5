/**
 * The simulator of Microsoft's Quantum Development Kit in WebAssembly, the sparse one behind Q# (its npm package's
 * README, "getCompiler", `Compiler.run`). A run compiles the program and takes its arguments as text; amplitudes come
 * back by `DumpMachine`, shots as results. The program itself is compiled anew in every run, so one run does as much as
 * can be asked for in it: all samples of a batch, or all shots. There are no expectations and no gradients; <Z0> is
 * summed over the amplitudes.
 */
import { readFile } from 'node:fs/promises';
import { getCompiler, loadWasmModule, QscEventTarget } from 'qsharp-lang';
import { gatesOf, meanSquare, statesOf } from '../circuit.ts';
import type { Workload } from '../workload.ts';
import { type Call, serve } from './serve.ts';

/** Where it is installed, beside this worker's bundle in build/peers. */
const PACKAGE = new URL('node/node_modules/qsharp-lang/', import.meta.url);

const { version } = JSON.parse(await readFile(new URL('package.json', PACKAGE), 'utf8')) as {
  version: string;
};
const wasm = await readFile(new URL('lib/web/qsc_wasm_bg.wasm', PACKAGE));
await loadWasmModule(new Uint8Array(wasm).buffer);
const compiler = await getCompiler();

/** A list of numbers as Q# reads it, to the last bit. */
function literal(numbers: readonly number[]): string {
  return `[${numbers.map((value) => value.toExponential(17)).join(', ')}]`;
}

/** The circuit as statements on `q`, with the angles in `theta`. */
function statements(workload: Workload): string {
  const names = { rx: 'Rx', ry: 'Ry', rz: 'Rz' } as const;
  return gatesOf(workload)
    .map((gate) =>
      gate.name === 'cnot'
        ? `CNOT(q[${gate.control}], q[${gate.target}]);`
        : `${names[gate.name]}(theta[${gate.parameter}], q[${gate.qubit}]);`,
    )
    .join('\n');
}

/** `Amplitudes` dumps the state of each sample, `Shot` measures the first qubit of one. Q#'s qubit 0 is the most significant. */
function program(workload: Workload): string {
  return `namespace Peer {
    import Std.Diagnostics.*;
    import Std.StatePreparation.*;
    operation Run(theta : Double[], x : Double[], q : Qubit[]) : Unit {
      PreparePureStateD(x, q);
      ${statements(workload)}
    }
    operation Amplitudes(theta : Double[], samples : Double[][]) : Unit {
      for x in samples {
        use q = Qubit[${workload.qubits}];
        Run(theta, x, q);
        DumpMachine();
        ResetAll(q);
      }
    }
    operation Shot(theta : Double[], x : Double[]) : Result {
      use q = Qubit[${workload.qubits}];
      Run(theta, x, q);
      let result = M(q[0]);
      ResetAll(q);
      return result;
    }
  }`;
}

/** Runs an expression of the program, telling of its dumped states and its results. @throws Error when it fails */
async function run(source: string, expression: string, shots: number, events: QscEventTarget): Promise<void> {
  events.addEventListener('Result', ({ detail }) => {
    if (!detail.success) throw new Error(detail.value.message);
  });
  await compiler.run({ sources: [['peer.qs', source]], languageFeatures: [] }, expression, shots, events);
}

/** <Z0> of a state, its amplitudes by the bits of its basis states. */
function expectation(state: Readonly<Record<string, readonly [number, number]>>): number {
  let sum = 0;
  for (const [bits, [re, im]] of Object.entries(state)) {
    const chance = re * re + im * im;
    sum += bits[1] === '1' ? -chance : chance;
  }
  return sum;
}

const parametersOf = ({ theta, other }: Workload, which: number) => literal(which === 0 ? theta : other);

/** <Z0> of all samples. */
function values(workload: Workload): (which: number) => Promise<number[]> {
  const source = program(workload);
  const samples = `[${statesOf(workload).map(literal).join(', ')}]`;
  return async (which) => {
    const found: number[] = [];
    const events = new QscEventTarget(false);
    events.addEventListener('DumpMachine', ({ detail }) => found.push(expectation(detail.state)));
    await run(source, `Peer.Amplitudes(${parametersOf(workload, which)}, ${samples})`, 1, events);
    return found;
  };
}

function predict(workload: Workload): Call {
  const all = values(workload);
  return () => all(0);
}

function loss(workload: Workload): Call {
  const all = values(workload);
  return async (which) => meanSquare(workload, await all(which));
}

function sample(workload: Workload): Call {
  const source = program(workload);
  const [state] = statesOf(workload);
  return async (which) => {
    let ones = 0;
    const events = new QscEventTarget(false);
    events.addEventListener('Result', ({ detail }) => (ones += Number(detail.value === 'One')));
    const expression = `Peer.Shot(${parametersOf(workload, which)}, ${literal(state)})`;
    await run(source, expression, workload.shots, events);
    return 1 - (2 * ones) / workload.shots;
  };
}

await serve(
  { 'qsharp-lang': version, node: process.version },
  { evaluate: values, predict, loss, sample },
  { waiting: true },
);
