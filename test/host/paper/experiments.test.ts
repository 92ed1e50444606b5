/** The paper's experiments: every table has all its rows, with the paper's figures beside them, in every scope. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { hashOfPaperCell, type PaperCell, type Results, type Scope } from '../../../host/paper/experiment.ts';
import { EXPERIMENTS, EXPERIMENT_WORDS, experimentsOf } from '../../../host/paper/index.ts';
import * as printed from '../../../host/paper/printed.ts';
import type { Measured, Section } from '../../../host/paper/section.ts';
import type { Json } from '../../../host/study/cell.ts';
import type { CellResult } from '../../../host/study/result.ts';

const images = { mnist: 'sample', 'fashion-mnist': 'sample' } as const;
const SCOPES: Readonly<Record<string, Scope>> = {
  quick: { seeds: [1, 2], quick: true, images },
  full: { seeds: [1, 2], quick: false, images: { mnist: 'whole', 'fashion-mnist': 'whole' } },
  'no epochs with shots': { seeds: [1, 2], quick: false, epochShots: false, images },
};

/** What every training comes to here: only which ones there are is of interest. */
const RESULT: CellResult = {
  ...{ initialLoss: 1, loss: 0.5, best: 0.5, auc: 0.7, toHalf: 3, lossTest: 0.5 },
  accuracy: { train: 0.9, test: 0.8 },
  ...{ steps: 10, evaluations: 100, shots: 1000, reversals: 2, violationRate: 0.2, meanRate: 0.01 },
  gradientNorm: { loss: 0.1, observable: 0.2 },
  trace: '0',
  curve: {
    ...{ step: [0, 10], evaluations: [0, 100], shots: [0, 1000], loss: [1, 0.5] },
    ...{ batchLoss: [null, 0.7], gradientNorm: [null, 0.3], observableNorm: [null, 0.4] },
    ...{ violationRate: [0, 0.2], reversals: [0, 2], meanRate: [0, 0.01] },
  },
};
const GROWN = { ...RESULT, circuits: 64, gates: 879 } as unknown as Json;

/** Everything is known. */
const ALL: Results = { training: () => RESULT, value: () => GROWN, has: () => true };
/** Nothing is. */
const NONE: Results = { training: () => undefined, value: () => undefined, has: () => false };

const tables = EXPERIMENTS.filter(({ id }) => id.startsWith('table-'));
const isMeasured = (cell: unknown): cell is Measured => typeof cell === 'object' && cell !== null;

function section(id: string, scope: Scope): Section {
  const found = EXPERIMENTS.find((each) => each.id === id);
  assert.ok(found, id);
  return found.summarise(scope, ALL);
}

/** The figures of the paper in a section, by reading and row. */
function printedIn({ tables: found }: Section) {
  return found.map(({ name, rows }) => ({
    name,
    rows: rows.map((row) => ({
      name: row.name,
      printed: [
        ...new Set(
          row.cells.flatMap((cell) => (isMeasured(cell) && cell.printed !== undefined ? cell.printed : [])),
        ),
      ],
    })),
  }));
}

/** Figures of a row of the paper, as columns have them: accuracies as shares. */
const figures = ({ accuracy, loss, gradient }: printed.PrintedRow) =>
  [accuracy === undefined ? undefined : accuracy / 100, loss, gradient].filter((each) => each !== undefined);

const inOrder = (list: readonly number[]) => [...list].sort((a, b) => a - b);

describe('the tables', () => {
  test('are all there', () => {
    assert.deepEqual(
      tables.map(({ id }) => id),
      Array.from({ length: 11 }, (_, i) => `table-${i + 1}`),
    );
  });

  for (const [name, scope] of Object.entries(SCOPES)) {
    test(`have cells that can be run: ${name}`, () => {
      const hashes = new Set<string>();
      const cells = new Map<string, PaperCell>();
      for (const experiment of tables)
        for (const cell of [...experiment.cells(scope, NONE), ...experiment.cells(scope, ALL)])
          cells.set(JSON.stringify(cell), cell);
      for (const cell of cells.values()) hashes.add(hashOfPaperCell(cell));
      assert.ok(hashes.size > 300, `${hashes.size}`);
      for (const hash of hashes) assert.match(hash, /^[0-9a-f]{64}$/);
    });
  }

  const ONE_BY_ONE: Readonly<Record<string, Readonly<Record<string, printed.PrintedRow>>>> = {
    'table-1': printed.TABLE_1,
    'table-2': printed.TABLE_2,
    'table-3': printed.TABLE_3,
    'table-4': printed.TABLE_4,
    'table-5': printed.TABLE_5,
    'table-6': printed.TABLE_6,
    'table-7': printed.TABLE_7,
    'table-9': printed.TABLE_9,
  };
  for (const [id, rows] of Object.entries(ONE_BY_ONE)) {
    test(`${id} has every row of the paper, with its figures, in every reading`, () => {
      for (const scope of Object.values(SCOPES)) {
        const found = printedIn(section(id, scope)).filter(({ rows: list }) =>
          list.some((row) => row.printed.length > 0),
        );
        assert.ok(found.length >= 3, `${found.length} readings`);
        for (const table of found) {
          const shown = table.rows.filter((row) => row.printed.length > 0).map((row) => row.printed);
          assert.deepEqual(
            shown.map(inOrder),
            Object.values(rows).map((row) => inOrder([...new Set(figures(row))])),
            table.name,
          );
        }
      }
    });
  }

  test('of several data sets have every set, row and figure', () => {
    for (const [id, rows] of [
      ['table-8', printed.TABLE_8],
      ['table-10', printed.TABLE_10],
    ] as const) {
      for (const scope of Object.values(SCOPES)) {
        const found = printedIn(section(id, scope));
        for (const [row, bySet] of Object.entries(rows))
          for (const [set, figure] of Object.entries(bySet))
            assert.ok(
              found.some(
                (table) =>
                  table.name.startsWith(`${set}-`) &&
                  table.rows.some(
                    (each) =>
                      each.name === row && figures(figure).every((value) => each.printed.includes(value)),
                  ),
              ),
              `${id} ${row} ${set}`,
            );
      }
    }
    const [gaussians] = section('table-8', SCOPES.full).tables;
    for (const row of ['Gaussian perturbation', 'Uniform perturbation', 'Random Re-Init', 'nlr-guarded *'])
      assert.ok(
        gaussians.rows.some(({ name }) => name === row),
        row,
      );
  });

  test('table-11 has the four strategies, and what each costs', () => {
    const { tables: found } = section('table-11', SCOPES.full);
    const summary = found.find(({ name }) => name === 'step-shots');
    assert.deepEqual(
      summary?.rows.slice(0, 4).map(({ name }) => name),
      Object.keys(printed.TABLE_11),
    );
    for (const [row, { loss, deviation, gradient }] of Object.entries(printed.TABLE_11)) {
      const cells = summary?.rows.find(({ name }) => name === row)?.cells.filter(isMeasured) ?? [];
      const values = cells.flatMap((cell) => cell.printed ?? []);
      for (const figure of [loss, deviation, gradient])
        assert.ok(values.includes(figure), `${row} ${figure}`);
    }
    const cost = found.find(({ name }) => name === 'cost-step-shots');
    assert.deepEqual(
      cost?.rows.map(({ name }) => name),
      summary?.rows.map(({ name }) => name),
    );
  });

  test('train epochs with shots where the paper compares optimisers, from five seeds, and not when quick', () => {
    const seeds = Array.from({ length: 20 }, (_, i) => i + 1);
    for (const quick of [false, true]) {
      const scope = { ...SCOPES.full, seeds, quick };
      for (const id of ['table-6', 'table-8', 'table-10', 'table-1']) {
        const { tables: found } = section(id, scope);
        const epochs = found.filter(({ name }) => name.endsWith('epoch-shots'));
        assert.equal(epochs.length > 0, !quick && id !== 'table-1', id);
        for (const { rows } of epochs)
          for (const { cells } of rows) assert.equal(cells.filter(isMeasured)[0].count, 5);
        const steps = found.filter(({ name }) => name.endsWith('step-shots'));
        for (const { rows } of steps)
          for (const { cells } of rows) assert.equal(cells.filter(isMeasured)[0].count, 20);
      }
    }
  });

  test('say where a quick report is cut', () => {
    for (const { id } of tables) {
      for (const { name, about } of section(id, SCOPES.quick).tables)
        if (name.endsWith('epoch-exact')) assert.match(about, /Cut: a tenth/, `${id} ${name}`);
      for (const { about } of section(id, SCOPES.full).tables) assert.doesNotMatch(about, /Cut/);
    }
  });

  test('are plain data, and judge claims in the same words', () => {
    for (const experiment of EXPERIMENTS.filter(({ id }) => !/^(figure|theory)-/.test(id))) {
      const found = experiment.summarise(SCOPES.quick, ALL);
      assert.deepEqual(JSON.parse(JSON.stringify(found)), found, experiment.id);
      for (const { verdict, condition, command } of found.verdicts) {
        assert.equal(condition !== undefined, verdict === 'holds only if');
        assert.match(command, new RegExp(`^nlr-vqa reproduce ${experiment.id} --quick`));
      }
    }
  });
});

describe('words for experiments', () => {
  test('name one, several or all, in the order of the report', () => {
    assert.deepEqual(
      experimentsOf(['table-9', 'table-2'])?.map(({ id }) => id),
      ['table-2', 'table-9'],
    );
    assert.equal(experimentsOf([])?.length, EXPERIMENTS.length);
    assert.equal(experimentsOf(['all'])?.length, EXPERIMENTS.length);
    assert.equal(experimentsOf(['table-12']), undefined);
    for (const word of EXPERIMENT_WORDS) assert.ok(experimentsOf([word]) !== undefined, word);
  });
});
