/** What a link says: everything that decides a run, and what is looked at. Plain data. */
import type { RuleName } from '../../api/options.ts';

/** The parts of the page. */
export const VIEWS = ['train', 'plateau', 'problems', 'fit', 'paper'] as const;
export type View = (typeof VIEWS)[number];

/** The data sets that there are to choose from. */
export const SETS = ['moons', 'digits', 'gaussians', 'ad-hoc', 'csv'] as const;
export type SetName = (typeof SETS)[number];

/** Options of a rule by their names in the library. */
export type ArmOptions = Readonly<Record<string, number>>;

/** One of the rules that race, in its setting. */
export interface Arm {
  readonly rule: RuleName;
  readonly options: ArmOptions;
}

/** Rules in a race at most. */
export const MOST_ARMS = 4;

/** A table that the user brought. */
export interface OwnTable {
  readonly name: string;
  readonly text: string;
  /** The two as a link has them; undefined where they are too long for one. */
  readonly packed?: string;
}

/** Values by the keys of fields.ts: numbers and words. */
export interface FieldValues {
  readonly data: SetName;
  readonly rows: number;
  readonly noise: number;
  readonly separation: number;
  readonly gap: number;
  readonly label: string;
  readonly dataSeed: number;
  readonly qubits: number;
  readonly layers: number;
  readonly encoding: 'amplitude' | 'angle' | 'zz';
  readonly reuploads: number;
  readonly layout: 'layers' | 'mirrored' | 'qcnn';
  readonly entangler: 'chain' | 'ring' | 'all-to-all';
  readonly entanglerGate: 'cnot' | 'cz';
  readonly observable: 'all-z' | 'z0' | 'mean-z' | 'parity';
  readonly head: 'linear' | 'none';
  readonly loss: 'bce' | 'mse' | 'hinge';
  readonly initialisation: 'uniform' | 'gaussian' | 'small-angles' | 'identity-blocks' | 'zero';
  readonly steps: number;
  readonly batch: number;
  /** 0: exact expectations. */
  readonly shots: number;
  readonly schedule: 'constant' | 'cosine' | 'linear' | 'robbins-monro';
  readonly seed: number;
  /** Problems. */
  readonly problem: 'h2' | 'maxcut';
  readonly distance: number;
  readonly nodes: number;
  readonly degree: number;
  readonly cutLayers: number;
  readonly problemShots: number;
  /** Plateau. */
  readonly startX: number;
  readonly startY: number;
  readonly caveSteps: number;
  readonly sliceA: number;
  readonly sliceB: number;
  /** Fit. */
  readonly target: 'device-f32' | 'device' | 'device-columns-f32' | 'device-fast-f32' | 'device-fast';
  readonly budgetBytes: number;
  readonly nanoseconds: number;
}

/** All that a link says. */
export interface Settings extends FieldValues {
  readonly view: View;
  readonly arms: readonly Arm[];
}
