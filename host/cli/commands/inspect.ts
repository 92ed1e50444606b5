/** `nlr-vqa inspect` */
import type { Command } from 'commander';
import type { Pipeline } from '../../data/preprocess.ts';
import { inputsOf, outputsOf } from '../../data/transform.ts';
import type { Target } from '../../api/regression.ts';
import { type Description, openFile, type ReadDescription } from '../../api/file-description.ts';
import { OneModel } from '../../api/one-model.ts';
import { loadModel } from '../../api/model.ts';
import type { ResolvedModel, ResolvedTraining } from '../../api/options.ts';
import { readBytes } from '../../files/disk.ts';
import { type Claim, judgeClaim, observableBound } from '../../plateau/claims.ts';
import { claimFlag } from '../input/claim.ts';
import { type CommonFlags, commonFlags } from '../input/flags.ts';
import { inputsOfModel, restored } from '../input/model-file.ts';
import { path } from '../input/values.ts';
import { claimLines } from '../output/claim.ts';
import { UsageError } from '../output/failure.ts';
import { count, fixed, pairs, plural } from '../output/format.ts';
import { plain } from '../output/plain.ts';
import { print, printJson } from '../output/streams.ts';
import { type GrowthContext, readGrowth } from '../training/growth.ts';

const EXAMPLES = `
Examples:
  nlr-vqa inspect recommended.nlrvqa
  nlr-vqa inspect run.checkpoint --json
  nlr-vqa inspect --claim loss=1.55e-4,gradient=6.38,parameters=90

With --json there are all numbers of the preprocessing and of the trained parameters, circuit and head.
`;

interface InspectFlags extends CommonFlags {
  readonly claim?: Claim;
}

interface StepShape {
  readonly kind: string;
  readonly inputs: number;
  readonly outputs: number;
}

/** The trained numbers of one model. */
interface Values {
  readonly circuit: readonly number[];
  /** f = bias + weights . expectations: a row of weights, and a bias, for each number that the head puts out; none without one. */
  readonly head: {
    readonly weights: readonly (readonly number[])[];
    readonly biases: readonly number[];
  } | null;
}

/** The numbers of one model: circuit, head weights row by row, head biases. */
function valuesOf(
  parameters: ArrayLike<number>,
  { circuitParameters, observables, head }: ResolvedModel,
): Values {
  const all = Array.from(parameters);
  const circuit = all.slice(0, circuitParameters);
  const ofHead = all.slice(circuitParameters);
  if (head === 'none') return { circuit, head: null };
  const width = observables.length;
  const outputs = ofHead.length / (width + 1);
  const weights = Array.from({ length: outputs }, (_, i) => ofHead.slice(i * width, (i + 1) * width));
  return { circuit, head: { weights, biases: ofHead.slice(outputs * width) } };
}

/** What `inspect --json` prints. */
interface Inspection {
  readonly file: string;
  readonly kind: Description['kind'];
  readonly bytes: number;
  /** One, or one a class against the rest. */
  readonly models: number;
  readonly imageBytes: readonly number[];
  readonly classes: readonly string[];
  /** Mean and standard deviation of the numbers that are predicted; null of a model that tells classes apart. */
  readonly target: Target | null;
  /** Without the classes of one that predicts numbers. */
  readonly model: Omit<ResolvedModel, 'circuit' | 'classes'> & Partial<Pick<ResolvedModel, 'classes'>>;
  readonly training: ResolvedTraining;
  /** Of a circuit that grew: its stages, the seed that was given, and the steps of all. */
  readonly grown?: GrowthContext['growth'];
  readonly pipeline: readonly StepShape[];
  /** The same steps with all their numbers: columns, categories, means, deviations, components. */
  readonly preprocessing: Pipeline;
  /** Trained numbers, an entry a model. */
  readonly values: readonly Values[];
  /** Trainable numbers of one model: circuit and head. */
  readonly parameters: number;
  readonly arenaBytes: number;
  readonly samples: number;
  /** Of a checkpoint: steps done, and the latest mini-batch loss. */
  readonly step: number | null;
  readonly loss: number | null;
}

/** Every step of a pipeline with its number of values before and after. */
function shapes(pipeline: Description['pipeline'], inputs: number): StepShape[] {
  let width = inputs;
  return pipeline.map((transform) => {
    const before = inputsOf(transform) ?? width;
    width = outputsOf(transform, before);
    return { kind: transform.kind, inputs: before, outputs: width };
  });
}

async function inspectFile(name: string): Promise<Inspection> {
  const file = await readBytes(name);
  const { images, read } = openFile(file, name);
  const { kind, pipeline, classes, samples, resolvedModel: model, resolvedTraining: training } = read;
  const loaded = kind === 'model' ? await loadModel(file, { name }) : await restored(images[0], read, name);
  const grown = readGrowth(read.context);
  const { circuit: _, classes: ofModel, ...rest } = model;
  const shown = read.target === undefined ? { ...rest, classes: ofModel } : rest;
  const all = 'modelParameters' in loaded ? loaded.modelParameters : await everyModel(images, read, name);
  const report = loaded instanceof OneModel ? loaded.report() : undefined;
  return {
    file: name,
    kind,
    bytes: file.length,
    models: images.length,
    imageBytes: images.map(({ length }) => length),
    classes,
    target: read.target ?? null,
    model: shown,
    training: grown === undefined ? training : { ...training, seed: grown.seed },
    ...(grown && { grown }),
    pipeline: shapes(pipeline, inputsOfModel(read, model.features)),
    preprocessing: pipeline,
    values: all.map((each) => valuesOf(each, model)),
    parameters: loaded.parameters.length,
    arenaBytes: loaded.arenaBytes,
    samples,
    step: report?.step ?? null,
    loss: report?.loss ?? null,
  };
}

/** The parameters of every model of a checkpoint. @throws FormatError */
async function everyModel(
  images: readonly Uint8Array[],
  read: ReadDescription,
  name: string,
): Promise<readonly ArrayLike<number>[]> {
  const values: ArrayLike<number>[] = [];
  for (const image of images) values.push((await restored(image, read, name)).parameters);
  return values;
}

/** The columns that a model takes, and its label; none where it does not know them. */
function columnRows([first]: Pipeline): [string, string][] {
  if (first?.kind !== 'columns') return [];
  const columns = first.columns.map(({ name, categories }, i) => {
    const texts = categories === undefined ? '' : ` (${categories.map(plain).join(', ')})`;
    return `${name === undefined ? i : plain(name)}${texts}`;
  });
  return [
    ['columns', columns.join(', ')],
    ...(first.label === undefined ? [] : [['label', plain(first.label)] as [string, string]]),
  ];
}

function shotsOf({ shots, displacedShots }: ResolvedTraining): string {
  return displacedShots === 'same' ? String(shots) : `${shots}, of displaced circuits ${displacedShots}`;
}

/** How the circuit is laid out; what every circuit was before there were others, is not said. */
function structureRows(model: Inspection['model']): [string, string][] {
  const { layers, layout, mirrorDepth = 1, entangler, entanglerGate, reuploads = 1 } = model;
  if (layers === undefined) return [['layers', 'a circuit of its own']];
  const rows: [string, string][] = [['layers', String(layers)]];
  if (layout === 'qcnn') rows.push(['layout', 'qcnn: convolutions and poolings, a round a layer']);
  if (layout === 'mirrored')
    rows.push(['layout', `mirrored: ${mirrorDepth} forwards, ${mirrorDepth} backwards, and so on`]);
  const isChain = entangler === 'chain' && entanglerGate === 'cnot';
  if (layout !== 'qcnn' && !isChain) rows.push(['entangler', `${entangler}, ${entanglerGate}`]);
  if (reuploads > 1) rows.push(['reuploads', `the features are encoded ${reuploads} times`]);
  if (model.correlated) rows.push(['correlated', 'one parameter for the same gate on all qubits of a layer']);
  return rows;
}

/** How the parameters started, where not uniform. */
function startRows({ initialisation = 'uniform', initialScale }: Inspection['model']): [string, string][] {
  if (initialisation === 'uniform') return [];
  return [['started', initialScale === undefined ? initialisation : `${initialisation}, ${initialScale}`]];
}

function describe(found: Inspection): string[] {
  const { model, training, pipeline } = found;
  const observables = model.observables.map((terms) =>
    terms
      .map(({ coefficient, pauli }) => (coefficient === 1 ? pauli : `${coefficient} ${pauli}`))
      .join(' + '),
  );
  const rows: [string, string][] = [
    ['file', `${found.file}, ${plural(found.bytes, 'byte')}`],
    ['kind', found.models > 1 ? `${found.kind}, ${found.models} models, one a class` : found.kind],
    found.target === null
      ? ['classes', found.classes.join(', ')]
      : [
          'predicts',
          `numbers, in training ${fixed(found.target.mean)} on the mean, deviating by ${fixed(found.target.scale)}`,
        ],
    ...columnRows(found.preprocessing),
    ['qubits', String(model.qubits)],
    ['features', String(model.features)],
    ['encoding', model.encoding],
    ...structureRows(model),
    ['observable', observables.join('; ')],
    ['head', model.head],
    ['loss function', model.loss],
    ['parameters', `${count(found.parameters)}, of the circuit ${model.circuitParameters}`],
    ...startRows(model),
    ['arena', `${count(found.arenaBytes)} bytes a model`],
    ['image', found.imageBytes.map((bytes) => `${count(bytes)} bytes`).join(', ')],
    ...pipeline.map(({ kind, inputs, outputs }, i): [string, string] => [
      i === 0 ? 'preprocessing' : '',
      `${kind} ${inputs} -> ${outputs}`,
    ]),
    [
      'trained with',
      `${training.rule}, ${plural(training.steps, 'step')}, batch ${training.batch} of ${plural(found.samples, 'sample')}`,
    ],
    [
      'rates',
      `${training.rate}, negative ${training.negativeRate}, head ${training.headRate}, ${training.schedule}`,
    ],
    ['shots', shotsOf(training)],
    ['seed', String(training.seed)],
    ...(found.grown === undefined
      ? []
      : [
          [
            'grown',
            `in stages of size ${found.grown.sizes.join(', ')}; ${plural(found.grown.steps, 'step')} in all`,
          ] as [string, string],
        ]),
  ];
  if (found.step !== null) {
    rows.push(['step', `${found.step} of ${training.steps}`], ['latest loss', fixed(found.loss, 6)]);
  }
  return pairs(rows);
}

/** Judges figures that somebody reports. */
function inspectClaim(claim: Claim, json: boolean): void {
  const verdicts = judgeClaim(claim);
  const observable = observableBound(claim.parameters);
  if (json) {
    printJson({ ...claim, verdicts, observableBound: observable });
    return;
  }
  const { loss, gradient, parameters } = claim;
  print(
    `loss ${loss}, norm of the gradient ${gradient}, ${plural(parameters, 'parameter')}`,
    ...claimLines(verdicts),
    `|w|: the sum of a head's absolute weights. The norm of an observable's gradient is at most ${fixed(observable)}.`,
  );
}

async function inspect(file: string | undefined, flags: InspectFlags): Promise<void> {
  const { claim } = flags;
  if ((file === undefined) === (claim === undefined))
    throw new UsageError('expected a file, or --claim with figures that somebody reports');
  if (claim !== undefined) inspectClaim(claim, flags.json === true);
  if (file === undefined) return;
  const found = await inspectFile(file);
  if (flags.json) printJson(found);
  else print(...describe(found));
}

/** Adds the command. */
export function addInspect(program: Command): void {
  const command = program
    .command('inspect')
    .description('what a model or checkpoint file holds, and whether reported figures can be')
    .argument('[file]', 'a model or checkpoint', path('the file'))
    .addHelpText('after', EXAMPLES);
  command.optionsGroup('Claims:');
  command.option(
    '--claim <figures>',
    'loss=..,gradient=..,parameters=..[,outputs=..,samples=..]: whether the loss can have that gradient',
    claimFlag,
  );
  commonFlags(command, 'accepted everywhere; nothing is drawn here');
  command.action(inspect);
}
