/**
 * What becomes of options, one by one and together: every value at, below and above what is allowed, of the wrong type, and
 * what no two options may be at once. Kept as people read it: what it is taken as, or the sentence that refuses it.
 */
import { describe, test } from 'node:test';
import { checkMethod } from '../../../host/api/method-checks.ts';
import { GRADIENTS, type GradientName, RULES, type RuleName } from '../../../host/api/choices.ts';
import { lossOf } from '../../../host/api/losses.ts';
import {
  type ModelOptions,
  resolveModel,
  resolveTraining,
  type TrainingOptions,
} from '../../../host/api/options.ts';
import { assertGolden } from '../../support/golden.ts';

const shown = (value: unknown) =>
  JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'number' && !Number.isFinite(each) ? String(each) : each,
  ) ?? 'undefined';

/** What a call comes to. */
function outcomeOf(call: () => unknown): string {
  try {
    return shown(call());
  } catch (error) {
    const { name, code, option, message } = error as Error & { code?: string; option?: string };
    return `${name} ${code} of ${option}: ${message}`;
  }
}

const lineOf = (what: string, call: () => unknown): string => `${what}: ${outcomeOf(call)}\n`;

/** A line for each thing that values come to, with those that do. A value that is named in it, or that is it, is a dash. */
function groupedLines(title: string, values: readonly unknown[], call: (value: unknown) => unknown): string {
  const groups = new Map<string, string[]>();
  for (const value of values) {
    const text = outcomeOf(() => call(value));
    const key = text === shown(value) ? '-' : text.replace(` is ${shown(value)};`, ' is -;');
    groups.set(key, [...(groups.get(key) ?? []), shown(value)]);
  }
  return [`${title}:\n`, ...[...groups].map(([key, all]) => `  ${key}  <= ${all.join(' ')}\n`)].join('');
}

const file = (name: string) => new URL(`sentences/${name}.txt`, import.meta.url);

/** Of any option, whatever it takes. */
const VALUES: readonly unknown[] = [
  ...[null, 'x', '', '3', true, false, [], {}, Number.NaN, Number.POSITIVE_INFINITY, -1, 0, 0.5, 1, 1.5],
  ...[2, 3, 4, 10, 20, 21, 64, 65, 100, 256, 257, 1e3, 1e4, 1e5, 1e6, 2 ** 20, 2 ** 20 + 1, 2 ** 31, 2 ** 53],
  ...['none', 'exact', 'same', 'usual', 'constant', 'adam', 'adjoint', 'linear', 'all-z', 'bce', 'uniform'],
];

describe('options of a model', () => {
  const base = { qubits: 3, features: 4 } as const;

  test('one by one', () => {
    const names = [
      ...['qubits', 'features', 'encoding', 'layers', 'head', 'classes', 'loss', 'observable'],
      ...[
        'initialisation',
        'initialScale',
        'layout',
        'entangler',
        'entanglerGate',
        'mirrorDepth',
        'reuploads',
        'correlated',
        'circuit',
      ],
    ];
    const lines = names.map((name) =>
      groupedLines(name, VALUES, (value) => {
        const model = resolveModel({ ...base, [name]: value } as ModelOptions);
        return model[name as 'qubits'] === value ? value : [model.circuitParameters, model.logits];
      }),
    );
    assertGolden(file('model'), lines.join(''));
  });

  test('together', () => {
    const lines: string[] = [];
    for (const head of ['linear', 'none'] as const)
      for (const loss of ['bce', 'mse', 'hinge', 'energy'] as const)
        for (const classes of [2, 3])
          for (const observable of ['z0', 'all-z', 'mean-z', 'parity'] as const) {
            const options = { ...base, head, loss, classes, observable };
            lines.push(
              lineOf(`${head}, ${loss}, ${classes} classes, ${observable}`, () => {
                const { observables, logits } = resolveModel(options);
                return [observables.map((sum) => sum.map(({ pauli }) => pauli).join('+')), logits];
              }),
            );
          }
    for (const initialisation of ['uniform', 'gaussian', 'small-angles', 'identity-blocks', 'zero'] as const)
      for (const initialScale of [undefined, -0.1, 0, 0.2, Math.PI, 3.2])
        for (const others of [{}, { layout: 'mirrored' }, { layout: 'qcnn', qubits: 4 }] as const)
          lines.push(
            lineOf(`${initialisation}, scale ${initialScale}, ${shown(others)}`, () => {
              const model = resolveModel({
                ...base,
                initialisation,
                initialScale,
                ...others,
              } as ModelOptions);
              return [model.initialisation, model.initialScale];
            }),
          );
    const circuit = [{ gate: 'ry', qubits: [0], angle: { parameter: 0 } }] as const;
    for (const others of [
      ...[{ layers: 2 }, { layout: 'mirrored' }, { reuploads: 1 }, { encoding: 'zz' }, { encoding: 'angle' }],
      ...[{ initialisation: 'gaussian' }, { initialisation: 'gaussian', initialScale: 1 }],
    ])
      lines.push(
        lineOf(`a circuit and ${shown(others)}`, () =>
          resolveModel({ ...base, circuit, ...others } as never),
        ),
      );
    for (const encoding of ['amplitude', 'angle', 'zz'] as const)
      for (const features of [1, 3, 6, 8, 9, 10])
        lines.push(
          lineOf(
            `${features} features, ${encoding}`,
            () => resolveModel({ ...base, encoding, features }).circuit.length,
          ),
        );
    for (const others of [{ layers: 100 }, { layers: 1000 }, { qubits: 20, layers: 60 }, { circuit: [] }])
      lines.push(lineOf(shown(others), () => resolveModel({ ...base, ...others }).circuitParameters));
    assertGolden(file('models'), lines.join(''));
  });
});

describe('options of training', () => {
  const names = Object.keys(resolveTraining());

  test('one by one', () => {
    const lines = names.map((name) =>
      groupedLines(name, VALUES, (value) => resolveTraining({ shots: 100, [name]: value })[name as 'rule']),
    );
    assertGolden(file('training'), lines.join(''));
  });

  test('have defaults that go by the rule, the shots and their budget', () => {
    const lines = (Object.keys(RULES) as RuleName[]).flatMap((rule) =>
      [{}, { shots: 100 }, { shotsBudget: 1e5 }, { shotsBudget: 3e6, shots: 20 }].map((others) =>
        lineOf(`${rule} ${shown(others)}`, () => {
          const all = Object.entries(resolveTraining({ rule, ...others } as TrainingOptions));
          const usual = resolveTraining();
          return Object.fromEntries(all.filter(([name, value]) => value !== usual[name as 'rule']));
        }),
      ),
    );
    const budgets = [1, 1e5, 3e5, 3.1e5, 999_999, 1e6, 3e6, 1e7, 3e7, 3.1e7, 1e9].map((shotsBudget) =>
      lineOf(`frugal of ${shotsBudget}`, () => {
        const { batch, rate, shots, steps } = resolveTraining({ rule: 'frugal', shotsBudget });
        return [batch, Number(rate.toPrecision(6)), shots, steps];
      }),
    );
    assertGolden(file('defaults'), [...lines, ...budgets].join(''));
  });

  test('together, with every model', () => {
    const models = {
      head: resolveModel({ qubits: 3, features: 4, layers: 1 }),
      softmax: resolveModel({ qubits: 3, features: 4, layers: 1, classes: 3 }),
      hinge: resolveModel({ qubits: 3, features: 4, layers: 1, head: 'none', loss: 'hinge' }),
      energy: resolveModel({ qubits: 3, features: 4, layers: 1, head: 'none', loss: 'energy' }),
      bare: resolveModel({ qubits: 3, features: 4, layers: 1, head: 'none', loss: 'mse' }),
      large: resolveModel({ qubits: 6, features: 4, layers: 20 }),
    };
    const settings: readonly TrainingOptions[] = [
      ...[{}, { shots: 100 }, { shots: 1 }, { shots: 100, displacedShots: 1 }, { displacedShots: 2 }],
      ...[
        { shots: 100, blocks: 1 },
        { shots: 100, blocks: 2 },
        { shots: 100, calibrationShots: 10 },
      ],
      ...[
        { shots: 100, extrapolation: 'linear' },
        { shots: 100, damping: 0 },
        { shots: 100, damping: 0.1 },
      ],
      ...[
        { shots: 100, rate: 1.99 },
        { shots: 100, rate: 2 },
        { shots: 100, rate: 2, lipschitz: 0.5 },
      ],
      ...[
        { shots: 100, displacement: 0.1 },
        { shots: 100, gradient: 'two-point', displacement: 0.1 },
      ],
      ...[{ shotsBudget: 1000 }, { shots: 'exact', shotsBudget: 1000 }],
    ] as readonly TrainingOptions[];
    const lines = (Object.keys(RULES) as RuleName[]).flatMap((rule) => {
      const judged = (model: keyof typeof models) => (setting: unknown) => {
        checkMethod(models[model], resolveTraining({ rule, ...(setting as TrainingOptions) }));
        return 'good';
      };
      const gradients = (Object.keys(GRADIENTS) as GradientName[]).flatMap((gradient) =>
        (['exact', 1, 2, 100] as const).map((shots) => ({ gradient, shots })),
      );
      return [
        groupedLines(`${rule}, gradients`, gradients, judged('head')),
        ...(Object.keys(models) as (keyof typeof models)[]).map((model) =>
          groupedLines(`${rule}, ${model}`, settings, judged(model)),
        ),
      ];
    });
    // What is good everywhere is not listed.
    const text = lines
      .join('')
      .replaceAll(/^ {2}"good" .*\n/gm, '')
      .replaceAll(/^[^ ].*:\n(?! )/gm, '');
    assertGolden(file('together'), text);
  });
});

describe('losses of a sample', () => {
  test('are as worked out by hand', () => {
    const lines: string[] = [];
    for (const loss of ['bce', 'mse', 'hinge', 'energy'] as const)
      for (const logits of [0, 1])
        for (const label of [0, 1])
          for (const z of [-1, -0.25, 0, 0.5, 1, 3])
            lines.push(
              `${loss}, ${logits} logits, label ${label}, z ${z}: ${lossOf([z], label, { loss, logits }).toPrecision(6)}\n`,
            );
    for (const scores of [
      [0, 0, 0],
      [1, 2, 3],
      [1000, 0, -1000],
    ])
      for (const label of [0, 1, 2])
        lines.push(
          `${scores} of label ${label}: ${lossOf(scores, label, { loss: 'bce', logits: 3 }).toPrecision(6)}\n`,
        );
    assertGolden(file('losses'), lines.join(''));
  });
});
