/** `nlr-vqa qaoa` */
import type { Command } from 'commander';
import type { Noise } from '../../api/noise.ts';
import { MAX_NOISY, noisyProbabilities, sampleCuts } from '../../problems/cuts.ts';
import { type Graph, largestCut } from '../../problems/graph.ts';
import { CUTTING, qaoa, type QaoaStage, WARM_STARTS, type WarmStart } from '../../problems/qaoa.ts';
import {
  type CommonFlags,
  commonFlags,
  noiseFlag,
  type TrainingFlags,
  trainingFlags,
} from '../input/flags.ts';
import { graphOf } from '../input/graph.ts';
import { refuseUnread, trainingOf } from '../input/preset.ts';
import { oneOf, path, whole } from '../input/values.ts';
import { UsageError } from '../output/failure.ts';
import { fixed, pairs, percent, plural } from '../output/format.ts';
import { print, printJson } from '../output/streams.ts';
import { runTraining } from '../training/run.ts';

interface QaoaFlags extends CommonFlags, TrainingFlags {
  readonly graph?: string;
  readonly layers?: number;
  readonly warmStart?: WarmStart;
  readonly samples: number;
  readonly noise?: Noise;
}

const EXAMPLES = `
A file has an edge a line, 'a b' or 'a b weight', or is in the format of DIMACS or of rudy (Gset). random:N,d is a random
d-regular graph, random:N,d,seed another one. Bitstrings have the first node first. Warm starts: ramp, angles as a slow
change would have them; interpolate, 1, 2, ... p layers one after the other; relaxed, a rounded relaxation in place of the
superposition; none, random angles.

Examples:
  nlr-vqa qaoa --graph random:8,3 --layers 2
  nlr-vqa qaoa --graph edges.txt --layers 3 --warm-start interpolate --json
  nlr-vqa qaoa --graph random:6,3 --noise depolarizing:0.01,damping:0.02 --steps 50
  nlr-vqa qaoa --graph G1.txt --rule nlr-guarded --shots 1000
`;

/** Bitstrings that are drawn at the end. */
const SAMPLES = 1000;

/** Most frequent bitstrings that people see. */
const SHOWN = 5;

/** What `qaoa --json` prints. */
interface QaoaResult {
  readonly graph: { readonly name: string; readonly nodes: readonly string[]; readonly edges: number };
  readonly layers: number;
  readonly warmStart: WarmStart;
  readonly rule: string;
  readonly seed: number;
  readonly shotsPerCircuit: number | 'exact';
  /** Of all stages. */
  readonly steps: number;
  readonly evaluations: number;
  /** Of training; the bitstrings at the end take `samples` more. */
  readonly shots: number;
  readonly gamma: readonly number[];
  readonly beta: readonly number[];
  /** The exact mean cut, without noise, and its share of the largest. */
  readonly expectedCut: number;
  readonly ratio: number;
  /** The largest cut that there is, by trying all. */
  readonly largestCut: number;
  readonly samples: number;
  readonly sampledMean: number;
  /** The best of the bitstrings, and the nodes on its two sides. */
  readonly best: { readonly cut: number; readonly bits: string; readonly sides: readonly string[][] };
  readonly counts: Readonly<Record<string, number>>;
}

async function resultOf(stage: QaoaStage, given: Graph, flags: QaoaFlags): Promise<QaoaResult> {
  const { trainer, before, layers } = stage;
  const { rule, seed, shots: shotsPerCircuit } = trainer.training;
  const chances = flags.noise === undefined ? undefined : await noisyProbabilities(stage);
  const { best, counts, mean } = sampleCuts(stage, flags.samples, seed, chances);
  const expectedCut = -(await stage.energy());
  const largest = largestCut(given).cut;
  const sides = ['0', '1'].map((side) => given.nodes.filter((_, node) => best.bits[node] === side));
  return {
    graph: { name: given.name, nodes: given.nodes, edges: given.edges.length },
    ...{ layers, warmStart: flags.warmStart ?? WARM_STARTS[0], rule, seed, shotsPerCircuit },
    steps: before.steps + trainer.steps,
    evaluations: before.evaluations + (trainer.report?.evaluations ?? 0),
    shots: before.shots + (trainer.report?.shots ?? 0),
    ...stage.angles(),
    ...{ expectedCut, ratio: expectedCut / largest, largestCut: largest },
    ...{ samples: flags.samples, sampledMean: mean, best: { ...best, sides } },
    counts: Object.fromEntries(counts),
  };
}

async function qaoaCommand(flags: QaoaFlags): Promise<void> {
  const { json = false, quiet = false, layers, warmStart } = flags;
  if (flags.graph === undefined)
    throw new UsageError('--graph says what to cut: random:N,d or a file of edges');
  const { noise } = flags;
  const training = { ...trainingOf(flags), ...(noise && { noise }) };
  refuseUnread(flags, training.rule ?? 'adam');
  const given = await graphOf(flags.graph);
  if (noise !== undefined && given.nodes.length > MAX_NOISY)
    throw new UsageError(
      `--noise is of graphs of ${MAX_NOISY} nodes at most, whose bitstrings it draws; ${given.name} has ${given.nodes.length}`,
    );
  let last: QaoaStage | undefined;
  for await (const stage of qaoa({ graph: given, layers, warmStart, training })) {
    await runTraining(stage.trainer, { title: `${given.name}, ${plural(stage.layers, 'layer')}`, quiet });
    last = stage;
  }
  // There is a stage for every number of layers.
  const result = await resultOf(last as QaoaStage, given, flags);
  if (json) printJson(result);
  else print(...describe(result));
}

function describe(result: QaoaResult): string[] {
  const { graph, best, counts } = result;
  const angles = (values: readonly number[]) => values.map((value) => fixed(value, 4)).join(', ');
  const rows: [string, string][] = [
    ['graph', `${graph.name}: ${plural(graph.nodes.length, 'node')}, ${plural(graph.edges, 'edge')}`],
    ['circuit', `${plural(result.layers, 'layer')}, warm start ${result.warmStart}`],
    [
      'training',
      `${result.rule}, ${plural(result.steps, 'step')}, ${plural(result.evaluations, 'circuit')}, ${plural(result.shots, 'shot')}`,
    ],
    ['gamma', angles(result.gamma)],
    ['beta', angles(result.beta)],
    ['expected cut', `${fixed(result.expectedCut, 4)}, ${percent(result.ratio)} of the largest`],
    ['largest cut', fixed(result.largestCut, 4)],
    ['best sampled', `${fixed(best.cut, 4)} by ${best.bits}, of ${plural(result.samples, 'shot')}`],
    ['its sides', best.sides.map((side) => `{${side.join(' ')}}`).join(' and ')],
    ...Object.entries(counts)
      .sort(([, one], [, other]) => other - one)
      .slice(0, SHOWN)
      .map(([bits, times], i): [string, string] => [i === 0 ? 'counts' : '', `${bits} ${times}`]),
  ];
  return pairs(rows);
}

/** Adds the command. */
export function addQaoa(program: Command): void {
  const command = program
    .command('qaoa')
    .description('a large cut of a graph by the quantum approximate optimisation algorithm')
    .addHelpText('after', EXAMPLES);
  command.optionsGroup('Problem:');
  command.option('--graph <g>', 'random:N,d, or a file of edges', path('--graph'));
  command.optionsGroup('Circuit:');
  command
    .option('--layers <p>', 'layers (default: 1)', whole('--layers', 1))
    .option(
      '--warm-start <how>',
      `${WARM_STARTS.join(', ')} (default: ${WARM_STARTS[0]})`,
      oneOf('--warm-start', WARM_STARTS),
    )
    .option('--samples <m>', 'bitstrings drawn at the end', whole('--samples', 1), SAMPLES);
  trainingFlags(command, CUTTING, ['batch', 'headRate']);
  noiseFlag(command);
  commonFlags(command, 'of initial angles, shots and samples (default: 1)');
  command.action(qaoaCommand);
}
