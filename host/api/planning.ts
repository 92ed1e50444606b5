/** The chunk's half of plan.ts: what a configuration costs, before anything is trained, and what to reduce when it does not fit. */
import { DISPLACING_GRADIENTS, PASSING_GRADIENTS, Status } from '../../assembly/abi/codes.ts';
import { LOADING, type LoadOptions, loadCore } from '../core/core.ts';
import { oneOf, optional, real, record, snapshot, type Table, that, whole } from '../core/checks.ts';
import { CoreError } from '../core/errors.ts';
import {
  MAX_MODELS,
  type ModelOptions,
  type ResolvedModel,
  type ResolvedTraining,
  resolveModel,
  resolveTraining,
  type TrainingOptions,
} from './options.ts';
import { ENGINES, GRADIENTS } from './choices.ts';
import { checkRefit } from './head-share.ts';
import { lightCone } from './light-cone.ts';
import { checkMethod } from './method-checks.ts';
import { familyTraining } from './paper-family.ts';
import { configureCore, coreOptions, prepareCore } from './program.ts';
import { DEVICE_BYTES, type Plan, type PlanOptions } from './plan-options.ts';
import { calibrationOf, shotsForSteps, stepsPaid, tooSmall } from './shots-budget.ts';
import { checkNumeric, checkWithoutClasses, taskModel } from './task.ts';
import { wordOf } from './words.ts';

/** Fewer shots let 1/p of the bare cross-entropy run away: at 100 its gradient is 1.07 times too large. */
const FEWEST_BARE_SHOTS = 100;

const OPTIONS: Table<PlanOptions> = {
  build: (build = {}, at) => record(at, build as LoadOptions, LOADING),
  models: optional(whole(1, MAX_MODELS)),
  classWeights: optional(
    that(
      "'balanced', or numbers for the classes",
      (weights) => weights === 'balanced' || (typeof weights === 'object' && weights !== null),
    ),
  ),
  task: optional(oneOf('classification', 'regression')),
  budgetBytes: optional(real(0)),
  budgetMilliseconds: optional(real(0)),
  nanosecondsPerGate: optional(real(0)),
};

interface Cost {
  readonly arenaBytes: number;
  readonly pages: number;
  readonly evaluations: number;
  readonly shots: number;
  readonly gates: number;
}

/** Qubits that amplitude encoding of `features` numbers touches: the last ones. */
function dataQubits(qubits: number, features: number): number[] {
  const used = Math.ceil(Math.log2(features));
  return Array.from({ length: used }, (_, i) => qubits - used + i);
}

/** Prepares the target build, or where its memory does not reach, counts its bytes and prepares the release build. */
async function prepare(options: PlanOptions, model: ResolvedModel, training: ResolvedTraining) {
  const target = await loadCore(options.build);
  // The builds with one engine leave it to the release build to count their work.
  const counts = 'step_work' in target.abi;
  const extras = { weighted: options.classWeights !== undefined, numeric: options.task === 'regression' };
  let bytes: number;
  try {
    bytes = prepareCore(target, model, training, 0, extras);
    if (counts) return { core: target, bytes };
  } catch (error) {
    if (!(error instanceof CoreError) || error.status !== Status.OutOfMemory) throw error;
    bytes = configureCore(target, coreOptions(model, training, 0, undefined, extras));
  }
  const core = await loadCore();
  prepareCore(core, model, counts ? training : { ...training, engine: 'samples' }, 0, extras);
  return { core, bytes };
}

async function cost(model: ModelOptions, training: TrainingOptions, options: PlanOptions) {
  const resolvedModel = resolveModel(model);
  const resolvedTraining = familyTraining(resolvedModel, resolveTraining(training));
  if (options.task === 'regression') checkNumeric(resolvedModel, resolvedTraining);
  checkMethod(resolvedModel, resolvedTraining);
  checkRefit(resolvedModel, resolvedTraining);
  const { core, bytes } = await prepare(options, resolvedModel, resolvedTraining);
  const { models = 1 } = options;
  const found: Cost = {
    arenaBytes: models * bytes,
    pages: models * Math.ceil(bytes / 65536),
    evaluations: models * core.abi.step_evaluations(),
    shots: models * core.abi.step_shots(),
    gates: models * core.abi.step_work(),
  };
  return { found, core, resolvedModel, resolvedTraining };
}

function milliseconds(gates: number, options: PlanOptions): number | null {
  return options.nanosecondsPerGate === undefined ? null : (gates * options.nanosecondsPerGate) / 1e6;
}

function within(found: Cost, options: PlanOptions): boolean {
  const time = milliseconds(found.gates, options);
  const inTime =
    options.budgetMilliseconds === undefined || time === null || time <= options.budgetMilliseconds;
  return found.arenaBytes <= (options.budgetBytes ?? DEVICE_BYTES) && inTime;
}

/** Largest smaller value of one option with which everything fits, by bisection. */
async function largestFitting(
  most: number,
  attempt: (value: number) => Promise<Cost>,
  options: PlanOptions,
): Promise<number | undefined> {
  let good = 0;
  let bad = most;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (within(await attempt(middle), options)) good = middle;
    else bad = middle;
  }
  return good > 0 ? good : undefined;
}

async function advise(
  model: ModelOptions,
  training: TrainingOptions,
  options: PlanOptions,
): Promise<string[]> {
  const { qubits, features, layers, encoding, layout, mirrorDepth = 1, reuploads = 1 } = resolveModel(model);
  const { batch } = resolveTraining(training);
  const find = (most: number, change: (value: number) => [ModelOptions, TrainingOptions]) =>
    largestFitting(most, async (value) => (await cost(...change(value), options)).found, options);
  const advice: string[] = [];
  const fewer = await find(batch, (value) => [model, { ...training, batch: value }]);
  if (fewer !== undefined) advice.push(`reduce the batch from ${batch} to ${fewer}`);
  if (layers !== undefined) {
    // Layers come in blocks, and at least one before each time that the features are encoded.
    const block = layout === 'mirrored' ? 2 * mirrorDepth : 1;
    const shallower = await find(layers / block, (value) => [
      { ...model, layers: value * block, ...(reuploads > value && { reuploads: value }) },
      training,
    ]);
    if (shallower !== undefined) advice.push(`reduce the layers from ${layers} to ${shallower * block}`);
    // A QCNN has rounds by its qubits, and at least two of those.
    const isBuilt = model.observable === undefined || typeof model.observable === 'string';
    if (isBuilt && layout !== 'qcnn') {
      const most = (value: number) => (encoding === 'amplitude' ? 2 ** value : (value * (value + 1)) / 2);
      const held = (value: number) => (encoding === 'angle' ? features : Math.min(features, most(value)));
      const narrower = await find(qubits, (value) => [
        { ...model, qubits: value, features: held(value) },
        training,
      ]);
      if (narrower !== undefined) {
        const fewer =
          held(narrower) < features ? ` and the features from ${features} to ${held(narrower)}` : '';
        advice.push(`reduce the qubits from ${qubits} to ${narrower}${fewer}`);
      }
    }
  }
  const { shots, gradient } = resolveTraining(training);
  if ((DISPLACING_GRADIENTS >> GRADIENTS[gradient]) & 1 && shots === 'exact') {
    const adjoint = await cost(model, { ...training, gradient: 'adjoint' }, options);
    if (within(adjoint.found, options)) advice.push('use the adjoint gradient');
  }
  if (advice.length === 0) advice.push('no single change is enough; change several');
  return advice;
}

/** See `plan` of plan.ts. */
export async function plan(
  asked: ModelOptions,
  training: TrainingOptions = {},
  budget: PlanOptions = {},
): Promise<Plan> {
  const options = record('plan', budget, OPTIONS);
  const { task, models = 1, classWeights } = options;
  if (task === 'regression') checkWithoutClasses({ models: models > 1, classWeights });
  const model = task === 'regression' ? taskModel(snapshot('the model', asked), 2, true) : asked;
  const { found, core, resolvedModel, resolvedTraining } = await cost(model, training, options);
  const { qubits, features, encoding, circuitParameters } = resolvedModel;
  const warnings: string[] = [];
  const notes: string[] = [];
  const visible = core.abi.visible_qubits();
  if (
    encoding === 'amplitude' &&
    dataQubits(qubits, features).every((qubit) => ((visible >> qubit) & 1) === 0)
  ) {
    warnings.push('the observable cannot see the data: none of its qubits is in the light cone');
  }
  if (encoding !== 'amplitude') {
    const { all, unseen } = lightCone(resolvedModel).features;
    if (unseen.length > 0 && unseen.length === all.length)
      warnings.push('the observable cannot see the data: no gate that a feature drives is in the light cone');
    else if (unseen.length > 0)
      notes.push(
        `${unseen.length} of ${all.length} features are outside the observable's light cone, the first of them ${unseen[0]}`,
      );
  }
  const activeParameters = core.abi.active_parameters();
  if (activeParameters < circuitParameters) {
    const isMadeOfPasses = ((PASSING_GRADIENTS >> GRADIENTS[resolvedTraining.gradient]) & 1) !== 0;
    const moved = isMadeOfPasses ? 'move without effect' : 'stay as drawn';
    notes.push(
      `${circuitParameters - activeParameters} of ${circuitParameters} parameters are outside the observable's light cone and ${moved}`,
    );
  }
  const shots = resolvedTraining.shots === 'exact' ? 0 : resolvedTraining.shots;
  if (resolvedModel.loss === 'bce' && resolvedModel.logits === 0 && shots > 0 && shots < FEWEST_BARE_SHOTS) {
    warnings.push(
      `shots is ${shots}, few for the cross-entropy without a head, whose gradient it makes too large (30 times with 1, 3.6 times with 20): take ${FEWEST_BARE_SHOTS} or more, or a head, or the loss mse`,
    );
  }
  const stepShots = shotsForSteps(resolvedTraining, models);
  const budgeted =
    stepShots === 'none'
      ? undefined
      : {
          shots: stepShots,
          step: found.shots / models,
          calibration: calibrationOf(resolvedTraining),
        };
  const complaint = budgeted && tooSmall(budgeted, models);
  if (complaint !== undefined) warnings.push(complaint);
  const fits = within(found, options);
  return {
    engine: wordOf(ENGINES, core.abi.engine_in_use()) as Plan['engine'],
    arenaBytes: found.arenaBytes,
    memoryPages: found.pages,
    fits,
    evaluationsPerStep: found.evaluations,
    shotsPerStep: found.shots,
    stepsPaid: budgeted ? Math.min(stepsPaid(budgeted, models), resolvedTraining.steps) : null,
    gateApplicationsPerStep: found.gates,
    millisecondsPerStep: milliseconds(found.gates, options),
    circuitParameters,
    activeParameters,
    warnings,
    notes,
    advice: fits ? [] : await advise(model, training, options),
  };
}
