/** This project's core, through its ABI. The caller streams its samples; nothing is prepared outside the core. */
import { version } from '../../../package.json';
import { Report } from '../../../assembly/abi/codes.ts';
import { type Core, loadCore } from '../../../host/core/core.ts';
import { type ModelOptions, PAPER, resolveModel, resolveTraining } from '../../../host/api/options.ts';
import { prepareCore } from '../../../host/api/program.ts';
import type { Workload } from '../workload.ts';
import { type Call, serve } from './serve.ts';

/** One call of `stepAdvance` runs a step to its end. */
const NO_LIMIT = 0x7fffffff;
/** Bytes for states at work: the core is free to choose its engine. */
const DESKTOP_WORKSPACE = 2 ** 24;

function paperModel({ qubits, layers, measured, width }: Workload): ModelOptions {
  const observable = [[{ pauli: `Z${measured}`, coefficient: 1 }]];
  return { ...PAPER.model, qubits, layers, observable, features: width };
}

function gateModel({ qubits, width }: Workload): ModelOptions {
  return {
    qubits,
    features: width,
    circuit: Array.from({ length: qubits }, (_, q) => ({ gate: 'rx', qubits: [q], angle: { parameter: q } })),
    observable: [[{ pauli: Array.from({ length: qubits }, (_, q) => `Z${q}`).join(' '), coefficient: 1 }]],
    head: 'none',
    loss: 'mse',
  };
}

/** A compiled core with the batch in its buffers, and a function that puts a set of parameters in. */
async function prepared(workload: Workload): Promise<{ core: Core; put: (which: number) => void }> {
  const { task, count, shots, rate, seed, theta, other, features, labels } = workload;
  const core = await loadCore();
  const training = resolveTraining({
    ...PAPER.training,
    // Plain descent makes no tentative step: it ends with the gradient.
    rule: task === 'gradient' ? 'sgd' : 'nlr',
    batch: count,
    // The reference and the peers report no |grad <O>|. A desktop has more memory for states than a page.
    observableNorm: false,
    workspace: DESKTOP_WORKSPACE,
    rate,
    seed,
    shots: task === 'shots-step' ? shots : 'exact',
    gradient: task === 'shots-step' ? 'parameter-shift' : 'adjoint',
  });
  prepareCore(core, resolveModel(task === 'gate' ? gateModel(workload) : paperModel(workload)), training, 0);
  core.reals(core.abi.features_ptr(), features.length).set(features);
  core.integers(core.abi.labels_ptr(), count).set(labels);
  const parameters = core.reals(core.abi.parameters_ptr(), theta.length);
  const sets = [Float64Array.from(theta), Float64Array.from(other)];
  return { core, put: (which) => parameters.set(sets[which]) };
}

/** <Z0> of one sample, exact or from shots. */
async function evaluate(workload: Workload): Promise<Call> {
  const { core, put } = await prepared(workload);
  const outputs = core.reals(core.abi.outputs_ptr(), 1);
  return (which) => {
    put(which);
    core.check(core.abi.predict(1, workload.shots), 'evaluating');
    return outputs[0];
  };
}

/** The same at parameters that stay. */
async function predict(workload: Workload): Promise<Call> {
  const { core, put } = await prepared(workload);
  const outputs = core.reals(core.abi.outputs_ptr(), 1);
  put(0);
  return () => {
    core.check(core.abi.predict(1, 0), 'predicting');
    return outputs[0];
  };
}

async function loss(workload: Workload): Promise<Call> {
  const { core, put } = await prepared(workload);
  const report = core.doubles(core.abi.report_ptr() + 8 * Report.EvaluatedLoss, 1);
  return (which) => {
    put(which);
    core.check(core.abi.predict(workload.count, 0), 'evaluating the loss');
    return report[0];
  };
}

/** Loss, with `tentative` the tentative loss, and the gradient; from exact expectations or from shots. */
async function step(workload: Workload): Promise<Call> {
  const { core, put } = await prepared(workload);
  const { abi } = core;
  const report = core.doubles(abi.report_ptr(), Report.TentativeLoss + 1);
  const gradient = core.reals(abi.gradient_ptr(), workload.theta.length);
  const results = new Float64Array(workload.theta.length + 2);
  const losses = workload.task === 'gradient' ? 1 : 2;
  return (which) => {
    put(which);
    core.check(abi.step_begin(workload.count), 'beginning a step');
    core.check(abi.step_advance(NO_LIMIT), 'making a step');
    results[0] = report[Report.Loss];
    if (losses === 2) results[1] = report[Report.TentativeLoss];
    results.set(gradient, losses);
    return results.subarray(0, losses + gradient.length);
  };
}

await serve(
  { 'nlr-vqa': version, node: process.version },
  { evaluate, predict, loss, gradient: step, step, 'shots-step': step, sample: evaluate, gate: predict },
);
