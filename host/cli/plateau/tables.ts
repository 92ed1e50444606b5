/** What is said of a plateau in rows, for the terminal and for the page. */
import type { PlateauReport } from '../../plateau/report.ts';
import { count, fixed, percent, plural } from '../output/format.ts';
import type { Table } from '../output/page.ts';

const power = (value: number | undefined) => (value === undefined ? '-' : value.toExponential(2));

/** The findings in two columns. */
export function findingRows(report: PlateauReport): [name: string, value: string][] {
  const { variance, floor, shots, visibility, biased, moment, stepTest, decay, scan, model, nu } = report;
  const { active, parameters, mean, standardError, draws } = variance;
  const size = model.layers === undefined ? 'a circuit of its own' : plural(model.layers, 'layer');
  const rows: [string, string][] = [
    ['circuit', `${plural(model.qubits, 'qubit')}, ${size}, ${plural(parameters, 'parameter')}`],
    ['Var(df)', `${power(mean)} ± ${power(standardError)}, mean over parameters, ${draws} starts`],
    [
      'shot floor',
      `${power(floor)} = 1/(2M) with ${plural(shots, 'shot')}; Var(df) is ${fixed(mean / floor, 1)} times that`,
    ],
    ['light cone', `${active} of ${plural(parameters, 'parameter')}`],
    [
      'data seen',
      `${visibility.seen} of ${visibility.all} ${visibility.of}; outputs vary over rows by ${power(visibility.spread)}`,
    ],
    [
      'mean of df',
      `beyond 2 standard errors for ${percent(biased.share)} of the parameters (5 % by chance), |t| up to ${fixed(biased.largest, 1)}`,
    ],
  ];
  if (moment !== undefined)
    rows.push([
      'first moment',
      `${percent(moment.before === 0 ? 0 : moment.after / moment.before, 4)} of the observable's weight is left on the average over the start`,
    ]);
  if (scan?.slope !== null && scan !== undefined)
    rows.push([
      'by qubits',
      `Var(df) times ${fixed(2 ** scan.slope, 2)} with each${scan.crossing === null ? '' : `; below the floor from ${scan.crossing} on`}`,
    ]);
  if (stepTest !== undefined) {
    const {
      change,
      error,
      shotsNeeded,
      violations,
      exactViolations,
      turning,
      moment: found,
      diffusion,
      exit,
    } = stepTest;
    rows.push(
      [
        'test of a step',
        `|dC| ${power(change)}, to be told from ${power(error)}; ${count(shotsNeeded)} shots make it two standard errors`,
      ],
      [
        'p_t',
        `${percent(violations)} with shots, ${percent(exactViolations)} of the same steps without; the mean rate turns at ${percent(turning)}`,
      ],
      [
        'Theorem 1',
        `E|step|^2 ${power(found.measured)}, predicted ${power(found.predicted)}; D ${power(diffusion.stated)} (Eq. 16), ${power(diffusion.proven)} (its proof), ${power(diffusion.descent)} by descent alone`,
      ],
      [
        'Remark 1',
        `out of a ball of radius ${exit.radius} after ${count(exit.steps)} independent steps; R^2/(2D) says ${count(exit.remarked)}`,
      ],
    );
  }
  if (decay !== undefined)
    rows.push([
      'noise',
      `Var(df) times exp(-${fixed(decay.rate, 3)} L) at nu = ${nu}${decay.layersToFloor === null ? '' : `; below the floor at about ${plural(decay.layersToFloor, 'layer')}`}`,
    ]);
  return rows;
}

/** Sizes that were looked at. */
export function sizesTable({ scan, floor }: PlateauReport): Table | undefined {
  if (scan === undefined) return undefined;
  const titles = [
    'qubits',
    'layers',
    'parameters',
    'in the light cone',
    'Var(df)',
    'standard error',
    'times the floor',
  ];
  const rows = [...scan.byQubits, ...scan.byLayers].map((size) => [
    ...[size.qubits, size.layers, size.parameters, size.active].map(String),
    ...[power(size.mean), power(size.standardError), fixed(size.mean / floor, 1)],
  ]);
  return { titles, rows };
}

/** Pairs of classes. */
export function pairsTable({ pairs }: PlateauReport): Table | undefined {
  if (pairs.length === 0) return undefined;
  const titles = ['classes', 'cosine of means', 'overlap between', 'overlap within', ''];
  const rows = pairs.map(({ classes, cosine, between, within, antipodal }) => [
    ...[classes.join(', '), fixed(cosine, 3), fixed(between, 3), fixed(within, 3)],
    antipodal ? 'antipodal' : '',
  ]);
  return { titles, rows };
}
