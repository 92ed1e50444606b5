/** Who is measured, with what it can do and how it is started. */
import type { Task } from './workload.ts';

/** What has to be installed before a worker can start. */
export type Environment = 'python' | 'torchquantum' | 'mindquantum' | 'node' | 'rust' | 'gcc';

/** A peer: one worker program in one environment. */
export interface Peer {
  readonly name: string;
  readonly environment: Environment;
  /** File in bench/peers/workers, its extension left out; of what is compiled natively, none. */
  readonly worker: string;
  readonly tasks: readonly Task[];
  /** Largest batch it is asked for: with more, those that take samples one by one would take minutes. */
  readonly samples: number;
  /** Largest deviation of an exact answer; 1e-9 unless the peer computes in single precision. */
  readonly tolerance: number;
  /** Whether it is one of the frameworks that 'the fastest peer' means. */
  readonly framework: boolean;
}

/** The name of this project in the results. */
export const OURS = 'nlr-vqa';
/** The name of the plain C program. */
export const REFERENCE = 'C reference';

const DOUBLE = 1e-9;
const SINGLE = 1e-5;
const FEW = 32;
const MANY = 800;
const EXACT: readonly Task[] = ['evaluate', 'predict', 'loss', 'gradient', 'step'];
/** Of packages that have no gradients. */
const EVALUATIONS: readonly Task[] = ['evaluate', 'predict', 'loss', 'sample'];
const SAMPLED: readonly Task[] = ['sample', 'shots-step'];

function framework(
  name: string,
  worker: string,
  tasks: readonly Task[],
  { environment = 'python' as Environment, tolerance = DOUBLE, samples = MANY } = {},
): Peer {
  return { name, environment, worker, tasks, samples, tolerance, framework: true };
}

/** In the order of the tables. */
export const PEERS: readonly Peer[] = [
  {
    name: REFERENCE,
    environment: 'gcc',
    worker: '',
    tasks: ['loss', 'gradient', 'step', 'shots-step'],
    samples: MANY,
    tolerance: DOUBLE,
    framework: false,
  },
  framework('Qulacs', 'peer_qulacs', [...EXACT, ...SAMPLED, 'gate']),
  framework('TensorCircuit-NG (jax)', 'peer_tensorcircuit', [...EXACT, ...SAMPLED]),
  framework('PennyLane default.qubit (jax)', 'peer_pennylane', [...EXACT, ...SAMPLED]),
  framework('PennyLane lightning.qubit', 'peer_lightning', [...EXACT, ...SAMPLED]),
  framework('Qiskit Aer', 'peer_aer', [...EXACT, ...SAMPLED], { samples: FEW }),
  framework('TorchQuantum', 'peer_torchquantum', EXACT, { environment: 'torchquantum', tolerance: SINGLE }),
  framework('MindQuantum', 'peer_mindquantum', [...EXACT, 'sample'], { environment: 'mindquantum' }),
  framework('wai-quantum', '', [...EVALUATIONS, 'shots-step'], { environment: 'rust', samples: FEW }),
  framework('Q# (WebAssembly)', 'qsharp', EVALUATIONS, { environment: 'node', samples: FEW }),
  framework('jsqubits', 'jsqubits', EVALUATIONS, { environment: 'node', samples: FEW }),
  framework('quantum-circuit', 'quantum-circuit', EVALUATIONS, { environment: 'node', samples: FEW }),
];
