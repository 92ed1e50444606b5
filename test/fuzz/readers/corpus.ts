/** The corpus: for each reader the inputs that between them reach what is known to be reachable. */
import { readFileSync, writeFileSync } from 'node:fs';
import { type ModelOptions, PAPER } from '../../../host/api/options.ts';
import { Trainer, type TrainerOptions } from '../../../host/api/trainer.ts';
import { fitPipeline, type Step } from '../../../host/data/fit.ts';
import { DATA } from './subjects.ts';

/** The readers that have a corpus. */
export const READERS = ['csv', 'idx', 'pipeline', 'options', 'model', 'checkpoint'] as const;
export type ReaderName = (typeof READERS)[number];

const urlOf = (name: string) => new URL(`../corpus/readers-${name}.json`, import.meta.url);

/** Inputs of a reader as they are kept: text as text where that loses nothing, else base64. */
export function readCorpus(name: ReaderName): Uint8Array[] {
  const kept = JSON.parse(readFileSync(urlOf(name), 'utf8')) as ({ text: string } | { base64: string })[];
  return kept.map((one) =>
    'text' in one ? new TextEncoder().encode(one.text) : new Uint8Array(Buffer.from(one.base64, 'base64')),
  );
}

/** Writes the inputs of a reader, shorter ones first. */
export function writeCorpus(name: ReaderName, inputs: readonly Uint8Array[]): void {
  const kept = [...inputs]
    .sort((a, b) => a.length - b.length)
    .map((input) => {
      const text = Buffer.from(input).toString('utf8');
      const isText = /^[\t\n\r -~]*$/.test(text) && Buffer.from(text).equals(input);
      return isText ? { text } : { base64: Buffer.from(input).toString('base64') };
    });
  writeFileSync(urlOf(name), `${JSON.stringify(kept, null, 2)}\n`);
}

const encoded = (text: string) => new TextEncoder().encode(text);

const CSV = [
  'a,b,kind\n1,2.5,yes\n-3,4e2,no\n',
  '1;2;"x ""y"""\r\n3;4;z\r\n',
  '"a"\t"b"\r1\t2\r',
  '\ufeff5,6,7\n\n8,9,10\n',
];

/** An IDX file of bytes. */
function idx(type: number, shape: readonly number[], bytes: number): Uint8Array {
  const sizes = shape.flatMap((size) => [0, 0, 0, size]);
  return Uint8Array.from([0, 0, type, shape.length, ...sizes, ...Array.from({ length: bytes }, (_, i) => i)]);
}

const STEPS: readonly (readonly Step[])[] = [
  [{ kind: 'standardise' }, { kind: 'pca', components: 2 }, { kind: 'scale', factor: 2 }],
  [{ kind: 'minmax' }, { kind: 'constant', ratio: 1 }],
  [
    { kind: 'crop', top: 0, left: 0, to: [1, 2], from: [1, 2] },
    { kind: 'pool', to: [1, 1], from: [1, 2] },
  ],
];
const pipelines = () => STEPS.map((steps) => fitPipeline(DATA, steps).pipeline);

const OWN: ModelOptions = {
  qubits: 2,
  features: 2,
  encoding: 'amplitude',
  circuit: [
    { gate: 'ry', qubits: [0], angle: { parameter: 0 } },
    { gate: 'crx', qubits: [0, 1], angle: { feature: 0, scale: 2 } },
    { gate: 'cz', qubits: [0, 1] },
  ],
  observable: [[{ pauli: 'Z0 X1', coefficient: 0.5 }]],
};

/** Trained a little, on the small module: as printed, with a head and preprocessing, and one a class. */
async function trainers(wasm: BufferSource): Promise<Trainer[]> {
  const [, appended] = pipelines();
  const asked: readonly (Partial<TrainerOptions> & { readonly model: ModelOptions })[] = [
    {
      model: { qubits: 1, features: 2, layers: 1, observable: 'z0', head: 'none', loss: 'mse' },
      training: { rule: 'nlr', shots: 10 },
    },
    { model: { qubits: 2, features: 3, layers: 1 }, pipeline: appended },
    { model: OWN, oneVsRest: true, training: { rule: 'nlr-guarded', shots: 5 } },
  ];
  const made: Trainer[] = [];
  for (const options of asked) {
    const training = { ...options.training, steps: 2, batch: 2 };
    const trainer = await Trainer.create({
      ...options,
      wasm,
      dataset: DATA,
      training,
    } as TrainerOptions);
    for await (const _ of trainer.fit());
    made.push(trainer);
  }
  return made;
}

/** Inputs as they are written, from which a corpus begins. @param wasm the module with one page of memory */
export async function firstInputs(name: ReaderName, wasm: BufferSource): Promise<Uint8Array[]> {
  switch (name) {
    case 'csv':
      return CSV.map(encoded);
    case 'idx':
      return [idx(8, [2, 1, 3], 6), idx(13, [3], 12), idx(14, [2, 1], 16)];
    case 'pipeline':
      return pipelines().map((pipeline) => encoded(JSON.stringify(pipeline)));
    case 'options':
      return [PAPER, { model: OWN, training: { engine: 'columns', moments: false } }].map((one) =>
        encoded(JSON.stringify(one)),
      );
    case 'model':
      return (await trainers(wasm)).map((trainer) => trainer.save());
    case 'checkpoint':
      return (await trainers(wasm)).map((trainer) => trainer.checkpoint({ from: 'a test' }));
  }
}
