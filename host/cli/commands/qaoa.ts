/** `nlr-vqa qaoa` */
import type { Command } from 'commander';
import type { Noise } from '../../api/noise.ts';
import type { RuleName } from '../../api/options.ts';
import { MAX_NOISY, noisyProbabilities, sampleCuts } from '../../problems/cuts.ts';
import { type Graph, largestCut } from '../../problems/graph.ts';
import { GRAPH_FORMATS, type GraphFormat, type ReadGraph } from '../../problems/read-graph.ts';
import { OF_SAMPLES } from '../../problems/minimise.ts';
import { CUTTING, qaoa, type QaoaStage, WARM_STARTS, type WarmStart } from '../../problems/qaoa.ts';
import {
  type CommonFlags,
  commonFlags,
  noiseFlag,
  type TrainingFlags,
  trainingFlags,
} from '../input/flags.ts';
import { graphOf } from '../input/graph.ts';
import { refuseIdleMitigation } from '../input/noise.ts';
import { refuseUnread, trainingOf } from '../input/preset.ts';
import { oneOf, path, whole } from '../input/values.ts';
import { UsageError } from '../output/failure.ts';
import { fixed, pairs, percent, plural, warningLines } from '../output/format.ts';
import { plain } from '../output/plain.ts';
import { type NoiseFacts, noiseFacts, noiseRows } from '../output/noise.ts';
import { print, printJson, tell } from '../output/streams.ts';
import {
  type Minimised,
  minimisingWarnings,
  reversalRows,
  runMinimisation,
  trainingWords,
} from '../training/minimising.ts';

interface QaoaFlags extends CommonFlags, TrainingFlags {
  readonly graph?: string;
  readonly graphFormat?: GraphFormat;
  readonly layers?: number;
  readonly warmStart?: WarmStart;
  readonly samples: number;
  readonly noise?: Noise;
}

const EXAMPLES = `
A file has an edge a line, 'a b' or 'a b weight', below a row of titles or not, or is in the format of DIMACS or of rudy
(Gset). random:N,d is a random d-regular graph, random:N,d,seed another one. Bitstrings have the first node first. Warm
starts: ramp, angles as a slow change would have them; interpolate, 1, 2, ... p layers one after the other; relaxed, a
rounded relaxation in place of the superposition; none, random angles.

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
interface QaoaResult extends NoiseFacts {
  readonly graph: {
    readonly name: string;
    /** How a file was read. */
    readonly format?: GraphFormat;
    readonly nodes: readonly string[];
    readonly edges: number;
  };
  readonly layers: number;
  readonly warmStart: WarmStart;
  readonly rule: RuleName;
  readonly seed: number;
  readonly shotsPerCircuit: number | 'exact';
  /** Of all stages. */
  readonly steps: number;
  readonly evaluations: number;
  /** Of the last stage. */
  readonly reversals: number;
  /** Of training; the bitstrings at the end take `samples` more. */
  readonly shots: number;
  readonly gamma: readonly number[];
  readonly beta: readonly number[];
  /** The exact mean cut, without noise, and its share of the largest: null where that is 0. */
  readonly expectedCut: number;
  readonly ratio: number | null;
  /** The largest cut that there is, by trying all. */
  readonly largestCut: number;
  readonly samples: number;
  readonly sampledMean: number;
  /** The best of the bitstrings, and the nodes on its two sides. */
  readonly best: { readonly cut: number; readonly bits: string; readonly sides: readonly string[][] };
  readonly counts: Readonly<Record<string, number>>;
  readonly warnings: readonly string[];
}

async function resultOf(
  stage: QaoaStage,
  run: Minimised,
  given: Graph | ReadGraph,
  flags: QaoaFlags,
): Promise<QaoaResult> {
  const { trainer, before, layers } = stage;
  const { rule, seed, shots: shotsPerCircuit } = trainer.training;
  const chances = flags.noise === undefined ? undefined : await noisyProbabilities(stage);
  const { best, counts, mean } = sampleCuts(stage, flags.samples, seed, chances);
  const expectedCut = -(await stage.energy());
  const largest = largestCut(given).cut;
  const sides = ['0', '1'].map((side) => given.nodes.filter((_, node) => best.bits[node] === side));
  return {
    graph: {
      name: given.name,
      ...('format' in given && { format: given.format }),
      ...{ nodes: given.nodes, edges: given.edges.length },
    },
    ...{ layers, warmStart: flags.warmStart ?? WARM_STARTS[0], rule, seed, shotsPerCircuit },
    ...noiseFacts(trainer.training),
    steps: before.steps + trainer.steps,
    evaluations: before.evaluations + (trainer.report?.evaluations ?? 0),
    reversals: trainer.report?.reversals ?? 0,
    shots: before.shots + (trainer.report?.shots ?? 0),
    ...stage.angles(),
    ...{ expectedCut, ratio: largest === 0 ? null : expectedCut / largest, largestCut: largest },
    ...{ samples: flags.samples, sampledMean: mean, best: { ...best, sides } },
    counts: Object.fromEntries(counts),
    warnings: minimisingWarnings(trainer, run),
  };
}

async function qaoaCommand(flags: QaoaFlags): Promise<void> {
  const { json = false, quiet = false, layers, warmStart } = flags;
  if (flags.graph === undefined)
    throw new UsageError('--graph says what to cut: random:N,d or a file of edges');
  const { noise } = flags;
  refuseIdleMitigation(flags);
  const training = { ...trainingOf(flags), ...(noise && { noise }) };
  refuseUnread(flags, training.rule ?? 'adam');
  const given = await graphOf(flags.graph, flags.graphFormat);
  if ('titles' in given && given.titles && !quiet)
    tell(
      `${plain(given.name)}: the first line, ${plain(given.titles.join(' '))}, is read as the titles of the columns`,
    );
  if (noise !== undefined && given.nodes.length > MAX_NOISY)
    throw new UsageError(
      `--noise is of graphs of ${MAX_NOISY} nodes at most, whose bitstrings it draws; ${given.name} has ${given.nodes.length}`,
    );
  let last: { readonly stage: QaoaStage; readonly run: Minimised } | undefined;
  for await (const stage of qaoa({ graph: given, layers, warmStart, training })) {
    const title = `${given.name}, ${plural(stage.layers, 'layer')}`;
    last = {
      stage,
      run: await runMinimisation(stage.trainer, { title, quiet, goal: { name: 'cut', sign: -1 } }),
    };
    if (last.run.interrupted !== undefined) break;
  }
  // There is a stage for every number of layers.
  const { stage, run } = last as NonNullable<typeof last>;
  const result = await resultOf(stage, run, given, flags);
  if (json) printJson(result);
  else print(...describe(result));
  if (run.interrupted !== undefined) throw run.interrupted;
}

/** How a file was read, behind what is in it. */
function readAs(format: GraphFormat | undefined): string {
  if (format === undefined) return '';
  return `, read as ${{ edges: 'a list of edges', dimacs: 'DIMACS', rudy: 'rudy' }[format]}`;
}

/** The weight of a cut, whole where the weights of its edges are. */
const weight = (cut: number) => (Number.isInteger(cut) ? String(cut) : fixed(cut, 4));

function describe(result: QaoaResult): string[] {
  const { graph, best, counts } = result;
  const angles = (values: readonly number[]) => values.map((value) => fixed(value, 4)).join(', ');
  const rows: [string, string][] = [
    [
      'graph',
      `${graph.name}: ${plural(graph.nodes.length, 'node')}, ${plural(graph.edges, 'edge')}${readAs(graph.format)}`,
    ],
    ['circuit', `${plural(result.layers, 'layer')}, warm start ${result.warmStart}`],
    ['training', trainingWords(result)],
    ...noiseRows(result),
    ...reversalRows(result.rule, result),
    ['gamma', angles(result.gamma)],
    ['beta', angles(result.beta)],
    [
      'expected cut',
      `${fixed(result.expectedCut, 4)}${result.ratio === null ? '' : `, ${percent(result.ratio)} of the largest`}`,
    ],
    ['largest cut', weight(result.largestCut)],
    ['best sampled', `${weight(best.cut)} by ${best.bits}, of ${plural(result.samples, 'shot')}`],
    ['its sides', best.sides.map((side) => `{${side.join(' ')}}`).join(' and ')],
    ...Object.entries(counts)
      .sort(([, one], [, other]) => other - one)
      .slice(0, SHOWN)
      .map(([bits, times], i): [string, string] => [i === 0 ? 'counts' : '', `${bits} ${times}`]),
  ];
  return [...pairs(rows), ...warningLines(result.warnings)];
}

/** Adds the command. */
export function addQaoa(program: Command): void {
  const command = program
    .command('qaoa')
    .description('a large cut of a graph by the quantum approximate optimisation algorithm')
    .addHelpText('after', EXAMPLES);
  command.optionsGroup('Problem:');
  command
    .option('--graph <g>', 'random:N,d, or a file of edges', path('--graph'))
    .option(
      '--graph-format <name>',
      `${GRAPH_FORMATS.join(', ')}: how a file has them (default: what it looks like)`,
      oneOf('--graph-format', GRAPH_FORMATS),
    );
  command.optionsGroup('Circuit:');
  command
    .option('--layers <p>', 'layers (default: 1)', whole('--layers', 1))
    .option(
      '--warm-start <how>',
      `${WARM_STARTS.join(', ')} (default: ${WARM_STARTS[0]})`,
      oneOf('--warm-start', WARM_STARTS),
    )
    .option('--samples <m>', 'bitstrings drawn at the end', whole('--samples', 1), SAMPLES);
  trainingFlags(command, { own: CUTTING, without: ['batch', 'headRate'], unfit: OF_SAMPLES });
  noiseFlag(command);
  commonFlags(command, 'of initial angles, shots and samples (default: 1)');
  command.action(qaoaCommand);
}
