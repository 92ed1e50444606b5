/** What each option of a training and of a model may be, what it is when nobody says, and which of them contradict one another. */
import { describe, test } from 'node:test';
import { RULES } from '../../../host/api/choices.ts';
import { checkRefit, refitShots } from '../../../host/api/head-share.ts';
import { checkMethod } from '../../../host/api/method-checks.ts';
import {
  isObservableName,
  type ModelOptions,
  resolveModel,
  type ResolvedTraining,
  resolveTraining,
  type RuleName,
  type TrainingOptions,
} from '../../../host/api/options.ts';
import { familyTraining } from '../../../host/api/paper-family.ts';
import { checkNumeric, checkWithoutClasses, taskModel } from '../../../host/api/task.ts';
import { TRAINING, type TrainingRange } from '../../../host/api/training-options.ts';
import { assertGolden } from '../../support/golden.ts';
import { settled } from '../../support/settled.ts';

const golden = (name: string) => new URL(`option-values-${name}.txt`, import.meta.url);

/** Options from JavaScript, of any type. */
type Loose = Readonly<Record<string, unknown>>;
const trained = (options: Loose) => resolveTraining(options as TrainingOptions);
const modelled = (options: Loose) => resolveModel({ qubits: 3, features: 4, ...options } as ModelOptions);

/** A number as engines agree on it. */
const rounded = (value: unknown) =>
  typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value;

/** What takes a value for granted, so that the value alone is what is refused. */
const BESIDE: Readonly<Record<string, Loose>> = {
  displacedShots: { shots: 10 },
  shotsBudget: { shots: 10 },
  negativeRate: { rate: 1 },
};

/** One value of each kind that an option may be given, by what it is. */
function valuesOf({ choices, flag, whole, least = 0, most = 0, open, word }: TrainingRange): Loose {
  const none = { null: null };
  if (choices !== undefined)
    return { ...choices, ...none, 'no such': 'no such', 'of every object': 'toString', number: 0 };
  if (flag) return { true: true, false: false, ...none, text: 'true', number: 1 };
  const below = whole ? least - 1 : least === 0 ? -1e-9 : least / 2;
  const above = whole ? most + 1 : most * (1 + 1e-9);
  return {
    ...{ least, below, most: open ? most * (1 - 1e-9) : most, above: open ? most : above, ...none },
    ...{
      text: '1',
      NaN: Number.NaN,
      infinite: Infinity,
      between: whole ? least + 0.5 : least + 0.25,
    },
    ...(word !== undefined && { word }),
  };
}

describe('an option of training', () => {
  test('takes its range and its words, and refuses all else in a sentence', async () => {
    const calls: Record<string, () => unknown> = {};
    for (const [name, range] of Object.entries(TRAINING)) {
      for (const [what, given] of Object.entries(valuesOf(range))) {
        const value = range.choices !== undefined && what in range.choices ? what : given;
        calls[`${name}: ${what}`] = () =>
          trained({ ...BESIDE[name], [name]: value })[name as keyof ResolvedTraining];
      }
    }
    for (const refitHead of ['none', 0, -1e-9, 0.5, 1 - 1e-9, 1, '0.5', true])
      calls[`refitHead: ${refitHead}`] = () => trained({ refitHead }).refitHead;
    assertGolden(golden('training'), await settled(calls));
  });

  test('has a default by the rule, by shots and by their budget', async () => {
    const calls: Record<string, () => unknown> = {};
    const unlike = (options: Loose, plain: Loose) => () => {
      const [one, other] = [trained(options), trained(plain)] as unknown as [Loose, Loose];
      const names = Object.keys(one).filter((name) => one[name] !== other[name]);
      return Object.fromEntries(names.map((name) => [name, rounded(one[name])]));
    };
    calls['no option'] = () => resolveTraining();
    for (const rule of Object.keys(RULES)) {
      calls[rule] = unlike({ rule }, {});
      calls[`${rule}, 100 shots`] = unlike({ rule, shots: 100 }, { rule });
      calls[`${rule}, exact`] = unlike({ rule, shots: 'exact' }, { rule });
    }
    calls['a budget'] = unlike({ shots: 5, shotsBudget: 1e6 }, { shots: 5 });
    calls['a budget of none'] = unlike({ shots: 5, shotsBudget: 'none' }, { shots: 5 });
    calls['a budget, and steps'] = unlike({ shots: 5, shotsBudget: 1e6, steps: 9 }, { shots: 5 });
    const frugal = { rule: 'frugal' };
    for (const shotsBudget of [1, 299999, 3e5, 6e5, 999999, 1e6, 2999999, 3e6, 1e7, 3e7, 30000001, 1e9])
      calls[`frugal, a budget of ${shotsBudget}`] = unlike({ ...frugal, shotsBudget }, frugal);
    calls['frugal, no budget'] = unlike({ ...frugal, shotsBudget: 'none' }, frugal);
    calls['adam, a large budget'] = unlike({ shots: 7, shotsBudget: 1e8 }, { shots: 7 });
    for (const rate of [1e-6, 0.01, 499, 500, 501, 1000]) calls[`a rate of ${rate}`] = unlike({ rate }, {});
    calls['the reversal kappa'] = unlike({ rule: 'nlr', reversal: 'kappa' }, { rule: 'nlr' });
    calls['the gradient of rotosolve'] = () => trained({ rule: 'rotosolve' }).gradient;
    assertGolden(golden('defaults'), await settled(calls));
  });
});

/** The least that is left out of what the sentences are about. */
const BARE = { head: 'none', observable: 'z0' };
const ENERGY = { ...BARE, loss: 'energy' };
const HINGE = { ...BARE, loss: 'hinge' };

/** A circuit of many trained gates. */
const turns = (count: number) =>
  Array.from({ length: count }, (_, parameter) => ({ gate: 'rx', qubits: [0], angle: { parameter } }));

describe('a model', () => {
  test('has its defaults, its bounds, and sentences for what contradicts it', async () => {
    const summary = (options: Loose) => () => {
      const { circuit, observables, ...rest } = modelled(options);
      const sums = observables.map((sum) =>
        sum.map(({ coefficient, pauli }) => `${rounded(coefficient)} ${pauli}`).join(' + '),
      );
      return { ...rest, initialScale: rounded(rest.initialScale), operations: circuit.length, sums };
    };
    const given: Readonly<Record<string, Loose>> = {
      'no option but two': {},
      ...Object.fromEntries(
        [0, 1, 20, 21, 1.5].map((qubits) => [`${qubits} qubits`, { qubits, features: 1, layers: 1 }]),
      ),
      ...Object.fromEntries([0, 1, 8, 9, 0.5].map((features) => [`${features} features`, { features }])),
      'features of one qubit too many': { qubits: 2, features: 1025 },
      'angles of many features': { encoding: 'angle', features: 9 },
      'features beyond all': { encoding: 'angle', features: 65537 },
      'zz of three angles': { encoding: 'zz', features: 6 },
      'zz of one angle': { encoding: 'zz', features: 1 },
      'zz of four angles on three qubits': { encoding: 'zz', features: 10 },
      'zz of no angles': { encoding: 'zz', features: 4 },
      'no such encoding': { encoding: 'basis' },
      'no head': { head: 'none' },
      'no such head': { head: 'square' },
      ...Object.fromEntries([1, 2, 3, 64, 65, 2.5].map((classes) => [`${classes} classes`, { classes }])),
      'three classes, no head': { classes: 3, head: 'none' },
      'three classes, no head, energy': { classes: 3, ...ENERGY },
      'three classes, no head, three energies': { ...ENERGY, classes: 3, observable: 'all-z' },
      'two classes, no head, three energies': { ...ENERGY, observable: 'all-z' },
      'two classes, no head, three outputs': { ...BARE, observable: 'all-z' },
      'three classes, no head, three outputs of bce': { ...BARE, classes: 3, observable: 'all-z' },
      'three classes, mse': { classes: 3, loss: 'mse' },
      'three classes, energy, a head': { classes: 3, loss: 'energy' },
      'two classes, hinge': { loss: 'hinge' },
      'no such loss': { loss: 'l1' },
      parity: { observable: 'parity' },
      'mean-z': { observable: 'mean-z' },
      z0: { observable: 'z0' },
      'no such observable': { observable: 'x0' },
      'an empty observable': { observable: [] },
      'an observable of three qubits': { observable: [[{ pauli: 'X0 Y1 Z2', coefficient: -0.5 }]] },
      'an observable of a fourth qubit': { observable: [[{ pauli: 'X3', coefficient: 1 }]] },
      ...Object.fromEntries([0, 1, 9, 4096].map((layers) => [`${layers} layers`, { layers }])),
      'too many operations': { layers: 373 },
      'operations that fit': { layers: 372 },
      'a circuit': { circuit: turns(2) },
      'a circuit of 4096': { circuit: turns(4096) },
      'a circuit of 4097': { circuit: [...turns(4096), ...turns(1)] },
      'a circuit, and layers': { circuit: turns(2), layers: 2 },
      'a circuit, and an entangler': { circuit: turns(2), entangler: 'ring' },
      'a circuit, and zz': { circuit: turns(2), encoding: 'zz', features: 3 },
      'a circuit, and angles': { circuit: turns(2), encoding: 'angle' },
      'a circuit without parameters': { circuit: [{ gate: 'h', qubits: [0] }] },
      mirrored: { layout: 'mirrored' },
      'mirrored by four': { layout: 'mirrored', mirrorDepth: 2 },
      'mirrored, odd layers': { layout: 'mirrored', layers: 3 },
      'a QCNN': { layout: 'qcnn' },
      'a QCNN, all correlated': { layout: 'qcnn', correlated: true },
      reuploads: { encoding: 'angle', reuploads: 2 },
      'reuploads of amplitudes': { reuploads: 2 },
      'a strange option': { depth: 3 },
    };
    const starts: Readonly<Record<string, Loose>> = {
      gaussian: { initialisation: 'gaussian' },
      'gaussian of a circuit': { initialisation: 'gaussian', circuit: turns(1) },
      'gaussian of a circuit, with a scale': {
        initialisation: 'gaussian',
        circuit: turns(1),
        initialScale: 1,
      },
      'gaussian of a QCNN': { initialisation: 'gaussian', layout: 'qcnn' },
      'small angles': { initialisation: 'small-angles' },
      'identity blocks': { initialisation: 'identity-blocks' },
      'identity blocks, mirrored': { initialisation: 'identity-blocks', layout: 'mirrored' },
      'identity blocks, a scale': { initialisation: 'identity-blocks', layout: 'mirrored', initialScale: 1 },
      zero: { initialisation: 'zero' },
      'zero, a scale': { initialisation: 'zero', initialScale: 1 },
      'a scale alone': { initialScale: 0.5 },
      'no such start': { initialisation: 'random' },
      ...Object.fromEntries(
        [0, -0.1, Math.PI, 3.15, '1'].map((initialScale) => [
          `a scale of ${rounded(initialScale)}`,
          { initialisation: 'small-angles', initialScale },
        ]),
      ),
    };
    const calls: Record<string, () => unknown> = Object.fromEntries(
      Object.entries({ ...given, ...starts }).map(([what, options]) => [what, summary(options)]),
    );
    for (const nothing of [null, 7, 'model'])
      calls[`the model is ${nothing}`] = () => resolveModel(nothing as unknown as ModelOptions);
    for (const name of ['z0', 'all-z', 'mean-z', 'parity', 'Z0', ''])
      calls[`an observable named '${name}'`] = () => isObservableName(name);
    assertGolden(golden('models'), await settled(calls));
  });
});

describe('options that go together, or not', () => {
  test('are told of, with what to do', async () => {
    const shots = 10;
    const budget = { shots, shotsBudget: 1e6 };
    const noise = { rule: 'nlr', reversal: 'eq-10', noiseRate: 0.01 };
    const single = {
      observable: [
        [
          { pauli: 'Z0', coefficient: 2 },
          { pauli: '', coefficient: 1 },
        ],
      ],
    };
    const sum = {
      observable: [
        [
          { pauli: 'Z0', coefficient: 1 },
          { pauli: 'X1', coefficient: 1 },
        ],
      ],
    };
    /** By what it is about: a model, and its training. */
    const cases: Readonly<Record<string, readonly [model: Loose, training: Loose]>> = {
      'the adjoint gradient, shots': [{}, { shots, gradient: 'adjoint' }],
      'two-point, shots': [{}, { shots, gradient: 'two-point' }],
      ...Object.fromEntries(
        (Object.keys(RULES) as RuleName[]).flatMap((rule) =>
          [1, 2].map((few) => [
            `${rule}, shots of ${few}`,
            [ENERGY, { rule, shots: few, rate: 0.1 }] as const,
          ]),
        ),
      ),
      'frugal, two-point': [{}, { rule: 'frugal', gradient: 'two-point' }],
      'frugal, adjoint': [{}, { rule: 'frugal', gradient: 'adjoint', shots: 'exact' }],
      'displaced shots, exact': [{}, { displacedShots: 1 }],
      'displaced shots, two-point': [{}, { shots, displacedShots: 1, gradient: 'two-point' }],
      'displaced shots': [{}, { shots, displacedShots: 1 }],
      'a budget, exact': [{}, { shotsBudget: 100 }],
      'a budget of none, exact': [{}, { shotsBudget: 'none' }],
      'a reversal too large': [{}, { rate: 1e-4, negativeRate: 0.2 }],
      'a reversal as large as can be': [{}, { rate: 1e-4, negativeRate: 0.1 }],
      'a large rate, a large reversal': [{}, { rate: 5, negativeRate: 1000 }],
      'a displacement of the parameter shift': [{}, { displacement: 0.2, gradient: 'parameter-shift' }],
      'a displacement of two points': [{}, { displacement: 0.2, gradient: 'two-point' }],
      'rotosolve, adjoint': [HINGE, { rule: 'rotosolve', gradient: 'adjoint' }],
      'rotosolve, two-point': [HINGE, { rule: 'rotosolve', gradient: 'two-point' }],
      'rotosolve, a head': [{}, { rule: 'rotosolve' }],
      'rotosolve, a head and a hinge': [{ loss: 'hinge' }, { rule: 'rotosolve' }],
      'rotosolve, bce': [BARE, { rule: 'rotosolve' }],
      'rotosolve, mse': [{ ...BARE, loss: 'mse' }, { rule: 'rotosolve' }],
      'rotosolve, hinge': [HINGE, { rule: 'rotosolve' }],
      'rotosolve, energy': [ENERGY, { rule: 'rotosolve' }],
      'rotosolve, blocks': [HINGE, { rule: 'rotosolve', blocks: 1 }],
      'rotosolve, extrapolation': [ENERGY, { rule: 'rotosolve', extrapolation: 'linear' }],
      'rotosolve, hinge, calibration': [HINGE, { rule: 'rotosolve', shots, calibrationShots: 5 }],
      'rotosolve, energy, calibration': [ENERGY, { rule: 'rotosolve', shots, calibrationShots: 5 }],
      'gcans, exact': [{}, { rule: 'gcans', shots: 'exact' }],
      'gcans, one displaced shot': [{}, { rule: 'gcans', displacedShots: 1 }],
      'gcans, two displaced shots': [{}, { rule: 'gcans', displacedShots: 2 }],
      'gcans, as many displaced shots': [{}, { rule: 'gcans', displacedShots: 'same' }],
      'gcans, a rate of 2': [{}, { rule: 'gcans', rate: 2 }],
      'gcans, a rate below 2': [{}, { rule: 'gcans', rate: 1.99 }],
      'gcans, an energy at a rate of 2': [ENERGY, { rule: 'gcans', rate: 2 }],
      'gcans, a rate beyond its constant': [{}, { rule: 'gcans', rate: 0.5, lipschitz: 4 }],
      'gcans, a rate within its constant': [{}, { rule: 'gcans', rate: 0.5, lipschitz: 3.99 }],
      sfgn: [{}, { rule: 'sfgn' }],
      'sfgn, three classes': [{ classes: 3 }, { rule: 'sfgn' }],
      'sfgn, 1024 parameters': [{ ...BARE, circuit: turns(1024) }, { rule: 'sfgn' }],
      'sfgn, 1025 parameters': [{ ...BARE, circuit: turns(1025) }, { rule: 'sfgn' }],
      'sfgn, 1020 parameters and a head': [{ circuit: turns(1020) }, { rule: 'sfgn' }],
      'sfgn, 1021 parameters and a head': [{ circuit: turns(1021) }, { rule: 'sfgn' }],
      'sfgn, one block': [{}, { rule: 'sfgn', blocks: 1 }],
      'sfgn, two blocks': [{}, { rule: 'sfgn', blocks: 2 }],
      'sfgn, no damping': [{}, { rule: 'sfgn', damping: 0 }],
      'sfgn, one displaced shot': [{}, { rule: 'sfgn', shots, displacedShots: 1 }],
      'sfgn, extrapolation': [{}, { rule: 'sfgn', extrapolation: 'linear' }],
      'sfgn, calibration': [{}, { rule: 'sfgn', shots, calibrationShots: 5 }],
      'sfgn, adjoint': [{}, { rule: 'sfgn', gradient: 'adjoint' }],
      'the head, no budget': [{}, { refitHead: 0.1 }],
      'the head': [{}, { ...budget, refitHead: 0.1 }],
      'the head of none': [BARE, { ...budget, refitHead: 0.1 }],
      'the head, mse': [{ loss: 'mse' }, { ...budget, refitHead: 0.1 }],
      'the head, hinge': [{ loss: 'hinge' }, { ...budget, refitHead: 0.1 }],
      'the head, the caller': [{}, { ...budget, refitHead: 0.1, answerer: 'caller' }],
      'the head, extrapolation': [{}, { ...budget, refitHead: 0.1, extrapolation: 'linear' }],
      'the head, calibration': [{}, { ...budget, refitHead: 0.1, calibrationShots: 4 }],
      'the head, an average': [{}, { ...budget, refitHead: 0.1, averagedShare: 0.1 }],
      'adam, threshold': [{}, { threshold: 0.5 }],
      'adam, draws': [{}, { draws: 'all' }],
      'adam, kappa': [{}, { kappa: 2 }],
      'adam, the reversal kappa': [{}, { reversal: 'kappa' }],
      'armijo, kappa': [{}, { rule: 'armijo', kappa: 2 }],
      'nlr, kappa alone': [{}, { rule: 'nlr', kappa: 2 }],
      'nlr, kappa of 1.49': [{}, { rule: 'nlr', reversal: 'kappa', kappa: 1.49 }],
      'nlr, kappa of 1.5': [{}, { rule: 'nlr', reversal: 'kappa', kappa: 1.5 }],
      'nlr, kappa and a negative rate': [{}, { rule: 'nlr', reversal: 'kappa', negativeRate: 0.5 }],
      'nlr, an effective rate alone': [{}, { rule: 'nlr', effectiveRate: true }],
      'nlr, an effective rate': [{}, { rule: 'nlr', effectiveRate: true, noiseRate: 0.1 }],
      'nlr, noise that nothing reads': [{}, { rule: 'nlr', noiseRate: 0.1 }],
      'nlr, eq-10': [{}, noise],
      'nlr, eq-10 of a circuit': [{ circuit: turns(1) }, noise],
      'nlr, eq-10 of a circuit with a depth': [{ circuit: turns(1) }, { ...noise, depth: 7 }],
      'nlr, eq-10-state of a string': [single, { ...noise, reversal: 'eq-10-state' }],
      'nlr, eq-10-state of a sum': [sum, { ...noise, reversal: 'eq-10-state' }],
      'nlr, eq-10-state, a shot': [single, { ...noise, reversal: 'eq-10-state', shots: 1 }],
      'nlr, eq-10-state, two shots': [single, { ...noise, reversal: 'eq-10-state', shots: 2 }],
      'adam-reversal, two-point': [{}, { rule: 'adam-reversal', gradient: 'two-point' }],
      'adam-reversal, one sample': [{}, { rule: 'adam-reversal', batch: 1 }],
      'adam-reversal, two samples': [{}, { rule: 'adam-reversal', batch: 2 }],
      'adam-reversal, columns': [{}, { rule: 'adam-reversal', engine: 'columns' }],
      'adam-reversal, heisenberg': [{}, { rule: 'adam-reversal', engine: 'heisenberg' }],
      'adam-reversal, samples': [{}, { rule: 'adam-reversal', engine: 'samples' }],
      'adam-reversal, columns, shifted': [
        {},
        { rule: 'adam-reversal', engine: 'columns', gradient: 'parameter-shift' },
      ],
    };
    const calls: Record<string, () => unknown> = {};
    for (const [what, [model, training]] of Object.entries(cases)) {
      calls[what] = () => {
        const resolved = modelled(model);
        const found = familyTraining(resolved, trained(training));
        checkMethod(resolved, found);
        checkRefit(resolved, found);
        return { depth: found.depth, gradient: found.gradient, displacedShots: found.displacedShots };
      };
    }
    assertGolden(golden('together'), await settled(calls));
  });

  test('of a task that predicts numbers are told of, too', async () => {
    const asked = (options: unknown, classes = 2, numeric = true) =>
      taskModel(options as ModelOptions, classes, numeric);
    const numeric = (model: Loose, training: Loose = {}) =>
      checkNumeric(modelled({ loss: 'mse', ...model }), trained(training)) ?? 'goes';
    const shares = (refitHead: unknown, shotsBudget: unknown, models: number) =>
      refitShots(trained({ refitHead, shotsBudget, shots: 5 }), models);
    assertGolden(
      golden('task'),
      await settled({
        nothing: () => asked(null),
        'a text': () => asked('model'),
        classes: () => asked({ qubits: 1 }, 3, false),
        'a loss of classes': () => asked({ qubits: 1, loss: 'hinge' }, 3, false),
        numbers: () => asked({ qubits: 1 }),
        'numbers of two classes': () => asked({ qubits: 1, classes: 2 }),
        'numbers of three classes': () => asked({ qubits: 1, classes: 3 }),
        'classes that are no number': () => asked({ qubits: 1, classes: 'two' }),
        'three classes': () => asked({ qubits: 1, classes: 3 }, 3, false),
        'numbers with a loss': () => asked({ qubits: 1, loss: 'bce' }),
        'a head and mse': () => numeric({}),
        bce: () => numeric({ loss: 'bce' }),
        'no head': () => numeric(BARE),
        'the caller': () => numeric({}, { answerer: 'caller', shots: 5 }),
        'no classes asked for': () =>
          checkWithoutClasses({ oneVsRest: false, classWeights: undefined }) ?? 'goes',
        'class weights': () => checkWithoutClasses({ oneVsRest: undefined, classWeights: 'balanced' }),
        'one against the rest': () => checkWithoutClasses({ oneVsRest: true, classWeights: 'balanced' }),
        'a share of no budget': () => shares(0.1, 'none', 1),
        'no share of a budget': () => shares('none', 1000, 1),
        'a share of one model': () => shares(0.1, 1009, 1),
        'a share of three models': () => shares(0.5, 1000, 3),
      }),
    );
  });
});
