/** The settings that are one number or one word: their names in a link, ranges, defaults, and how a form shows them. */
import type { FieldValues, Settings } from './settings.ts';

/** The headings under which a form shows the fields. */
export type Group = 'data' | 'model' | 'training' | 'problem' | 'cave' | 'slice' | 'device';

/** One setting. */
export interface Field {
  /** In a link and on the command line. */
  readonly word: string;
  readonly group: Group;
  readonly label: string;
  readonly hint?: string;
  /** A number, between bounds, whole or not. */
  readonly least?: number;
  readonly most?: number;
  readonly whole?: boolean;
  /** One of some words. */
  readonly words?: readonly string[];
  /** Text of at most so many characters. */
  readonly text?: number;
  readonly value: number | string;
  /** Whether the other settings have a use for it; absent: always. */
  readonly shown?: (settings: Settings) => boolean;
}

const whole = (group: Group, word: string, label: string, value: number, least: number, most: number) => ({
  ...{ group, word, label, value, least, most },
  whole: true,
});
const real = (group: Group, word: string, label: string, value: number, least: number, most: number) => ({
  ...{ group, word, label, value, least, most },
});
const choice = (group: Group, word: string, label: string, words: readonly string[]) => ({
  ...{ group, word, label, words },
  value: words[0] as string,
});

const isLayered = ({ layout }: Settings) => layout !== 'qcnn';

/** Every field, in the order of the form. */
export const FIELDS: Readonly<Record<keyof FieldValues, Field>> = {
  data: choice('data', 'data', 'Data set', ['moons', 'digits', 'gaussians', 'ad-hoc', 'csv']),
  rows: {
    ...whole('data', 'rows', 'Rows', 400, 20, 20000),
    shown: ({ data }) => data === 'moons' || data === 'gaussians',
  },
  noise: { ...real('data', 'noise', 'Noise', 0.2, 0, 2), shown: ({ data }) => data === 'moons' },
  separation: {
    ...real('data', 'separation', 'Separation', 4, 0.1, 20),
    hint: 'of the means, in standard deviations',
    shown: ({ data }) => data === 'gaussians',
  },
  gap: { ...real('data', 'gap', 'Gap', 0.3, 0.01, 0.9), shown: ({ data }) => data === 'ad-hoc' },
  label: {
    ...{ group: 'data', word: 'label', label: 'Label column', text: 100, value: '' },
    hint: 'a name, or a place: -1 is the last',
    shown: ({ data }) => data === 'csv',
  },
  dataSeed: {
    ...whole('data', 'data-seed', 'Data seed', 1, 0, 2 ** 32 - 1),
    shown: ({ data }) => data !== 'digits',
  },

  encoding: choice('model', 'encoding', 'Encoding', ['angle', 'amplitude', 'zz']),
  qubits: whole('model', 'qubits', 'Qubits', 2, 1, 10),
  layers: { ...whole('model', 'layers', 'Layers', 5, 1, 40), shown: isLayered },
  reuploads: {
    ...whole('model', 'reuploads', 'Re-uploads', 5, 1, 40),
    hint: 'how often the features are encoded',
    shown: (all) => isLayered(all) && all.encoding !== 'amplitude',
  },
  layout: choice('model', 'layout', 'Layout', ['layers', 'mirrored', 'qcnn']),
  entangler: {
    ...choice('model', 'entangler', 'Entangler', ['chain', 'ring', 'all-to-all']),
    shown: isLayered,
  },
  entanglerGate: { ...choice('model', 'entangler-gate', 'By', ['cnot', 'cz']), shown: isLayered },
  head: choice('model', 'head', 'Head', ['linear', 'none']),
  observable: choice('model', 'observable', 'Observable', ['all-z', 'z0', 'mean-z', 'parity']),
  loss: choice('model', 'loss', 'Loss', ['bce', 'mse', 'hinge']),
  initialisation: choice('model', 'initialisation', 'Start', [
    'uniform',
    'gaussian',
    'small-angles',
    'identity-blocks',
    'zero',
  ]),

  steps: whole('training', 'steps', 'Steps', 300, 1, 20000),
  batch: whole('training', 'batch', 'Batch', 32, 1, 1024),
  shots: { ...whole('training', 'shots', 'Shots', 100, 0, 1048576), hint: '0: exact expectations' },
  schedule: choice('training', 'schedule', 'Schedule', ['constant', 'cosine', 'linear', 'robbins-monro']),
  seed: whole('training', 'seed', 'Seed', 1, 0, Number.MAX_SAFE_INTEGER),

  problem: choice('problem', 'problem', 'Problem', ['h2', 'maxcut']),
  distance: {
    ...real('problem', 'distance', 'Bond, Å', 0.735, 0.3, 3),
    shown: ({ problem }) => problem === 'h2',
  },
  nodes: { ...whole('problem', 'nodes', 'Nodes', 8, 4, 12), shown: ({ problem }) => problem === 'maxcut' },
  degree: { ...whole('problem', 'degree', 'Degree', 3, 1, 11), shown: ({ problem }) => problem === 'maxcut' },
  cutLayers: {
    ...whole('problem', 'cut-layers', 'Layers p', 2, 1, 8),
    shown: ({ problem }) => problem === 'maxcut',
  },
  problemShots: { ...whole('problem', 'problem-shots', 'Shots', 0, 0, 100000), hint: '0: exact' },

  startX: real('cave', 'start-x', 'Start θ₁', -1.2, -4, 4),
  startY: real('cave', 'start-y', 'Start θ₂', 1.6, -4, 4),
  caveSteps: whole('cave', 'cave-steps', 'Steps', 300, 1, 5000),
  sliceA: whole('slice', 'slice-a', 'Parameter a', 0, 0, 4095),
  sliceB: whole('slice', 'slice-b', 'Parameter b', 1, 0, 4095),

  target: choice('device', 'target', 'Module', [
    'device-f32',
    'device',
    'device-columns-f32',
    'device-fast-f32',
    'device-fast',
  ]),
  budgetBytes: whole('device', 'budget-bytes', 'Memory, bytes', 65536, 1024, 2 ** 30),
  nanoseconds: {
    ...real('device', 'nanoseconds', 'ns per gate', 0, 0, 1e9),
    hint: 'as measured there; 0: not known',
  },
};

/** Keys of the fields of a group, in order. */
export function fieldsIn(group: Group): (keyof FieldValues)[] {
  return (Object.keys(FIELDS) as (keyof FieldValues)[]).filter((key) => FIELDS[key].group === group);
}

/** The value that a text means, or a sentence about what was expected. */
export function readField(
  key: keyof FieldValues,
  text: string,
): { value: number | string } | { wrong: string } {
  const { word, words, least = 0, most = 0, whole: isWhole, text: longest } = FIELDS[key];
  if (longest !== undefined) {
    if (text.length <= longest) return { value: text };
    return { wrong: `${word} has ${text.length} characters; expected ${longest} at most` };
  }
  if (words !== undefined) {
    if (words.includes(text)) return { value: text };
    return { wrong: `${word} is '${text.slice(0, 40)}'; expected one of ${words.join(', ')}` };
  }
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value >= least && value <= most && (!isWhole || Number.isInteger(value))) return { value };
  const kind = isWhole ? 'a whole number' : 'a number';
  return { wrong: `${word} is '${text.slice(0, 40)}'; expected ${kind} from ${least} to ${most}` };
}
