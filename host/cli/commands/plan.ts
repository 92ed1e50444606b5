/** `nlr-vqa plan` */
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { Status } from '../../../assembly/abi/codes.ts';
import { loadCore } from '../../core/core.ts';
import { checkClassNames } from '../../data/dataset.ts';
import { HostRandom } from '../../data/philox.ts';
import { OneModel } from '../../api/one-model.ts';
import { type ModelOptions, resolveModel, resolveTraining, type TrainingOptions } from '../../api/options.ts';
import { DEVICE_BYTES, type Plan, plan } from '../../api/plan.ts';
import { UsageError } from '../output/failure.ts';
import {
  type CommonFlags,
  commonFlags,
  type ModelFlags,
  modelFlags,
  type TrainingFlags,
  noiseFlag,
  refitFlag,
  trainingFlags,
} from '../input/flags.ts';
import { count, fixed, pairs, plural, warningLines } from '../output/format.ts';
import { print, printJson, tell } from '../output/streams.ts';
import { type CircuitFlags, circuitFlags, withCircuit } from '../input/circuit-flags.ts';
import { configure, outputsFor, plannedFeatures } from '../input/preset.ts';
import { list, number, oneOf, whole } from '../input/values.ts';

const TARGETS = ['release', 'device', 'device-f32', 'device-fast', 'device-fast-f32'] as const;

interface PlanFlags extends CommonFlags, ModelFlags, CircuitFlags, TrainingFlags {
  readonly features?: number;
  readonly target: (typeof TARGETS)[number];
  readonly samples?: number;
  readonly budgetBytes?: number;
  readonly budgetMs?: number;
  readonly gateNs?: number;
}

const EXAMPLES = `
Examples:
  nlr-vqa plan                                       the recommended configuration in one 64 KiB page
  nlr-vqa plan --target device-f32 --preset paper
  nlr-vqa plan --qubits 10 --budget-ms 50            the rate is measured on this machine
  nlr-vqa plan --budget-ms 50 --gate-ns 9000         the rate of your board
`;

/** Time to spend on measuring, milliseconds. */
const MEASURING = 250;

/** Gate applications between two looks at the clock. */
const SLICE = 5000;

/** Nanoseconds of a gate application of this configuration here, from steps on random samples. */
async function measureGate(
  options: ModelOptions,
  training: TrainingOptions,
  gatesPerStep: number,
): Promise<number> {
  const model = resolveModel(options);
  const resolved = resolveTraining(training);
  const random = new HostRandom(0);
  const one = OneModel.fresh(await loadCore(), model, resolved, resolved.batch, undefined);
  const dataset = {
    features: Float64Array.from({ length: resolved.batch * model.features }, () => random.below(1000) + 1),
    rows: resolved.batch,
    columns: model.features,
    labels: Int32Array.from({ length: resolved.batch }, (_, i) => i % model.classes),
    classes: [],
    name: 'random samples',
  };
  let gates = 0;
  const started = performance.now();
  while (performance.now() - started < MEASURING) {
    one.begin(dataset);
    for (let slices = 1; ; slices++) {
      const done = one.advance(SLICE) === Status.Ok;
      const late = performance.now() - started >= MEASURING;
      if (done) gates += gatesPerStep;
      else if (late) gates += slices * SLICE;
      if (done || late) break;
    }
  }
  return ((performance.now() - started) * 1e6) / gates;
}

function moduleOf(target: PlanFlags['target']): Promise<Uint8Array<ArrayBuffer>> | undefined {
  if (target === 'release') return undefined;
  return readFile(new URL(`./core.${target}.wasm`, import.meta.url));
}

function describePlan(found: Plan, target: string, models: number, gateNs: number | undefined): string[] {
  const rows: [string, string][] = [
    ['target', target],
    ['engine', found.engine],
    ['arena', `${count(found.arenaBytes)} bytes, ${plural(found.memoryPages, 'page')} of 64 KiB`],
    ['fits', found.fits ? 'yes' : 'no'],
    ['evaluations a step', count(found.evaluationsPerStep)],
    ['shots a step', count(found.shotsPerStep)],
    ...(found.stepsPaid === null
      ? []
      : [['steps within the budget', count(found.stepsPaid)] as [string, string]]),
    ['gate applications a step', count(found.gateApplicationsPerStep)],
    ['circuit parameters', `${found.circuitParameters}, ${found.activeParameters} of them in the light cone`],
  ];
  if (models > 1) rows.splice(1, 0, ['models', `${models}, one a class; the numbers are of all of them`]);
  if (gateNs !== undefined) {
    rows.push([
      'milliseconds a step',
      `${fixed(found.millisecondsPerStep, 3)} at ${fixed(gateNs, 1)} ns a gate`,
    ]);
  }
  return [
    ...pairs(rows),
    ...warningLines(found.warnings),
    ...found.notes.map((note) => `note: ${note}`),
    ...found.advice.map((advice) => `advice: ${advice}`),
  ];
}

async function planCommand(flags: PlanFlags): Promise<void> {
  if (flags.classes !== undefined && flags.classes.length < 2)
    throw new UsageError('--classes names fewer than two');
  const named = flags.classes === undefined ? 2 : checkClassNames(flags.classes).length;
  const { configuration, sentence } = outputsFor(await withCircuit(configure(flags), flags), named);
  if (sentence !== undefined && !flags.quiet) tell(sentence);
  const { training, oneVsRest } = configuration;
  const [classes, models] = oneVsRest ? [2, named] : [named, 1];
  const features = flags.features ?? plannedFeatures(configuration);
  const model = { ...configuration.model, features, classes };
  const { budgetBytes = DEVICE_BYTES, budgetMs, target } = flags;
  if (budgetMs !== undefined && !(budgetMs > 0))
    throw new UsageError(`--budget-ms is ${budgetMs}; expected a number above 0`);
  if (flags.gateNs !== undefined && !(flags.gateNs > 0))
    throw new UsageError(`--gate-ns is ${flags.gateNs}; expected a number above 0`);
  const build = { wasm: await moduleOf(target) };
  let gateNs = flags.gateNs;
  if (budgetMs !== undefined && gateNs === undefined) {
    const { gateApplicationsPerStep } = await plan(model, training, { budgetBytes: Number.MAX_SAFE_INTEGER });
    gateNs = await measureGate(model, training, gateApplicationsPerStep);
    if (!flags.quiet) {
      tell(
        `measured ${fixed(gateNs, 1)} ns a gate application with the release build on this machine; --gate-ns gives the rate of another one`,
      );
    }
  }
  const found = await plan(model, training, {
    build,
    models,
    samples: flags.samples,
    budgetBytes,
    budgetMilliseconds: budgetMs,
    nanosecondsPerGate: gateNs,
  });
  if (flags.json)
    printJson({
      ...found,
      target,
      budgetBytes,
      features,
      models,
      ...(gateNs !== undefined && { nanosecondsPerGate: gateNs }),
    });
  else print(...describePlan(found, target, models, gateNs));
}

/** Adds the command. */
export function addPlan(program: Command): void {
  const command = program
    .command('plan')
    .description('what a configuration costs in memory and work, before anything is trained')
    .addHelpText('after', EXAMPLES);
  command.optionsGroup('Target:');
  command
    .option('--target <build>', TARGETS.join(', '), oneOf('--target', TARGETS), 'release')
    .option(
      '--budget-bytes <n>',
      `memory at hand (default: ${DEVICE_BYTES}, one page)`,
      whole('--budget-bytes', 1),
    )
    .option(
      '--samples <n>',
      'rows of the training set, each of which --draws residual keeps a number of',
      whole('--samples', 1),
    )
    .option('--budget-ms <x>', 'time at hand for a step', number('--budget-ms'))
    .option('--gate-ns <x>', 'time of one gate application on the target', number('--gate-ns'));
  modelFlags(command);
  command.optionsGroup('Model:');
  command
    .option(
      '--features <n>',
      'features after preprocessing (default: as many as the preset makes)',
      number('--features'),
    )
    .option('--classes <names>', 'classes: 0,1,2 (default: two)', list('--classes'));
  circuitFlags(command);
  trainingFlags(command);
  noiseFlag(command);
  refitFlag(command);
  commonFlags(command, 'accepted as in train; nothing is drawn');
  command.action(planCommand);
}
