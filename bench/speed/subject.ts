/** A model in one build with a fixed mini-batch: what the suite times. */
import assert from 'node:assert/strict';
import { REPORT_COUNT, Report, Status } from '../../assembly/abi/codes.ts';
import { type Core, loadCore } from '../../host/core/core.ts';
import {
  type ModelOptions,
  PAPER,
  resolveModel,
  resolveTraining,
  type TrainingOptions,
} from '../../host/api/options.ts';
import { prepareCore } from '../../host/api/program.ts';
import type { Build } from './builds.ts';

/** The engines in the order of the tables. */
export const ENGINE_NAMES = ['samples', 'columns', 'heisenberg'] as const;

/** What two subjects of the same model must agree in. */
export interface Answer {
  readonly loss: number;
  readonly gradient: readonly number[];
  readonly trace: string;
}

/** Largest difference of two answers, relative to the largest number in each part. */
const TOLERANCE = 1e-12;

/** The paper's model; without its layers where there is a circuit. */
function paperModel({ circuit }: Partial<ModelOptions>): ModelOptions {
  const { layers, ...rest } = PAPER.model;
  return circuit === undefined ? { ...rest, layers } : rest;
}

/** A compiled model, its parameters drawn and its mini-batch filled. Two made alike are in the same state. */
export class Subject {
  private constructor(
    readonly core: Core,
    readonly batch: number,
    readonly features: number,
  ) {}

  /**
   * The paper's model and training, exact and by the adjoint gradient, with what is to be different.
   * @param samples of a training set that mini-batches are drawn from; 0: they are streamed
   */
  static async create(
    build: Pick<Build, 'wasm'>,
    model: Partial<ModelOptions>,
    training: TrainingOptions,
    samples = 0,
  ): Promise<Subject> {
    const core = await loadCore({ wasm: build.wasm });
    const resolvedModel = resolveModel({ ...paperModel(model), ...model });
    const resolvedTraining = resolveTraining({ ...PAPER.training, shots: 'exact', ...training });
    prepareCore(core, resolvedModel, resolvedTraining, samples);
    core.check(core.abi.parameters_initialise(), 'drawing the parameters');
    const subject = new Subject(core, resolvedTraining.batch, resolvedModel.features);
    subject.fill();
    return subject;
  }

  /** Fills the mini-batch: numbers without pattern, both labels in turn. */
  fill(): void {
    const { abi } = this.core;
    const features = this.core.reals(abi.features_ptr(), this.batch * this.features);
    const labels = this.core.integers(abi.labels_ptr(), this.batch);
    for (let i = 0; i < features.length; i++) features[i] = ((i * 7919 + 13) % 1009) / 1009 - 0.3;
    for (let i = 0; i < labels.length; i++) labels[i] = i % 2;
  }

  /** One training step. */
  readonly step = (): void => {
    const { abi } = this.core;
    this.core.check(abi.step_begin(this.batch), 'beginning a step');
    while (this.core.check(abi.step_advance(0x7fffffff), 'stepping') === Status.More);
  };

  /** Exact predictions of the first `count` samples. */
  predict(count: number): void {
    this.core.check(this.core.abi.predict(count, 0), 'predicting');
  }

  /** Mean loss of the latest predictions. */
  get evaluatedLoss(): number {
    return this.core.doubles(this.core.abi.report_ptr(), REPORT_COUNT)[Report.EvaluatedLoss];
  }

  /** Takes one step and says what came out. */
  answer(): Answer {
    const { abi } = this.core;
    this.step();
    return {
      loss: this.core.doubles(abi.report_ptr(), REPORT_COUNT)[Report.Loss],
      gradient: [...this.core.reals(abi.gradient_ptr(), abi.parameter_count())],
      trace: this.core.trace(),
    };
  }
}

/** Asserts that lists agree to 1e-12 of their largest number. */
export function assertClose(found: readonly number[], wanted: readonly number[], what: string): void {
  const size = Math.max(...wanted.map(Math.abs));
  const worst = Math.max(...wanted.map((value, i) => Math.abs(value - found[i])));
  assert.ok(
    found.length === wanted.length && worst <= TOLERANCE * size,
    `${what}: they differ by ${worst} of ${size}`,
  );
}

/** Takes a step with all subjects of one model and asserts that they agree. */
export function assertAgreement(subjects: readonly Subject[], what: string): void {
  const [first, ...others] = subjects.map((subject) => subject.answer());
  for (const other of others) {
    assertClose([other.loss], [first.loss], `${what}: loss`);
    assertClose(other.gradient, first.gradient, `${what}: gradient`);
  }
}
