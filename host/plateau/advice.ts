/** What to do about what was found, each as one sentence with its figure. */
import type { PlateauFindings } from './findings.ts';
import { EXPONENTIAL } from './scan.ts';

const times = (value: number) => (value >= 10 ? value.toFixed(0) : value.toPrecision(2));
const count = (value: number) => Math.round(value).toLocaleString('en-US');
const shotsText = (value: number) => (Math.round(value) === 1 ? '1 shot' : `${count(value)} shots`);

/** Shares of the data that are few. */
const FEW = 0.5;

/** A variance over rows that is rounding. */
const ALIKE = 1e-20;

/** Advice about seeing. */
function aboutSeeing({ visibility, pairs, variance }: PlateauFindings): string[] {
  const said: string[] = [];
  const { seen, all, of, spread } = visibility;
  if (all > 0 && seen === 0)
    said.push(
      `your observable cannot see your data: none of ${all} ${of} that hold them is in its light cone; use --observable all-z or mean-z, more layers, or an observable on the last qubits`,
    );
  else if (all > 0 && spread < ALIKE)
    said.push(
      `your observable answers alike for every row: ${seen} of ${all} ${of} that hold data are in its light cone, and nothing of them comes through; use --observable all-z or mean-z, more layers, or look at whether the rows differ`,
    );
  else if (all > 0 && seen < FEW * all)
    said.push(`the observable sees ${seen} of ${all} ${of} that hold data; more layers or all-z see more`);
  for (const { classes, cosine, antipodal } of pairs)
    if (antipodal)
      said.push(
        `classes are antipodal: the means of ${classes.join(' and ')} have the cosine ${cosine.toFixed(2)}, and x and -x are the same state under amplitude encoding; add a constant (--constant 1), or encode angles`,
      );
  const { parameters, active } = variance;
  if (active < parameters)
    said.push(
      `${parameters - active} of ${parameters} parameters are outside the light cone: they cost nothing by the parameter shift here, and change nothing; fewer layers or a wider observable do without them`,
    );
  return said;
}

/** Advice about size. */
function aboutSize({ variance, floor, shots, scan, model }: PlateauFindings): string[] {
  const ratio = variance.mean / floor;
  const said: string[] = [];
  if (variance.mean > 0 && ratio < 4)
    said.push(
      `a derivative is lost in the noise of ${shotsText(shots)}: Var(df) is ${times(ratio)} times 1/(2M); ${shotsText((4 * shots) / ratio)} would make it 4 times, a local observable (mean-z) or fewer layers make it larger for nothing`,
    );
  else if (variance.mean > 0)
    said.push(
      `this is no plateau at ${shotsText(shots)}: Var(df) is ${times(ratio)} times 1/(2M); ${shotsText(Math.max(1, (4 * shots) / ratio))} would still leave it 4 times`,
    );
  const slope = scan?.slope ?? 0;
  if (scan !== undefined && slope < EXPONENTIAL)
    said.push(
      `Var(df) falls by ${times(2 ** -slope)} with every qubit, as global and deep circuits do${scan.crossing === null ? '' : `, and is below the floor from ${scan.crossing} qubits on`}; a local observable, fewer layers or small angles at the start fall slower`,
    );
  if (model.initialisation === undefined || model.initialisation === 'uniform')
    if (ratio < 4 && variance.mean > 0)
      said.push('--initialisation small-angles or gaussian starts where derivatives are larger');
  return said;
}

/** Advice about Eq. 8's test. */
function aboutTest({ stepTest }: PlateauFindings): string[] {
  if (stepTest === undefined) return [];
  const { change, error, shotsNeeded, violations, exactViolations, turning, shots, exit } = stepTest;
  const said: string[] = [];
  if (change < 2 * error && shotsNeeded !== null)
    said.push(
      `the test of a tentative step, by which nlr decides, sees noise: the loss changes by ${change.toExponential(1)}, and ${count(shots)} shots tell it to ${error.toExponential(1)}; two standard errors take ${count(shotsNeeded)} shots, or a larger rate, or the rule nlr-guarded`,
    );
  if (violations > turning)
    said.push(
      `with nlr the mean signed rate would be below zero: p_t is ${(100 * violations).toFixed(0)} %, above ${(100 * turning).toFixed(0)} %, and ${(100 * exactViolations).toFixed(0)} % of the same steps would rise without shot noise; adam and momentum make no such test, nlr-guarded and a smaller eta' answer it less`,
    );
  const d = (exit.remarked / exit.steps).toFixed(2);
  said.push(
    `independent steps would leave a ball of radius ${exit.radius} after ${count(exit.steps)}; Remark 1's R^2/(2D) with Eq. 16's D says ${d} of that, and steps that drift leave sooner`,
  );
  return said;
}

/** Advice about the start and about noise. */
function aboutRest({ moment, decay, nu, model }: PlateauFindings): string[] {
  const said: string[] = [];
  if (moment !== undefined && moment.concentrated)
    said.push(
      'the start is at the fixed point of a barren plateau: nothing of the observable is left on the average over it; small-angles, gaussian or identity-blocks keep a part',
    );
  else if (moment !== undefined)
    said.push(
      `on the average over the start ${((100 * moment.after) / moment.before).toPrecision(2)} % of the observable's weight is left: the start has a bias of its own, which need not vanish with the number of qubits`,
    );
  if (decay?.rate !== undefined && decay.rate !== null && decay.rate > 0.01)
    said.push(
      `noise takes Var(df) down by exp(-${decay.rate.toFixed(2)} L)${decay.layersToFloor === null ? '' : `, below the shot floor at about ${decay.layersToFloor} layers`}; the paper's scaling of eta' at nu = ${nu.toPrecision(2)} is 1/(1 + nu L) = ${(1 / (1 + nu * (model.layers ?? 0))).toFixed(3)}`,
    );
  return said;
}

/** All advice, the weightiest first. */
export function adviceOn(findings: PlateauFindings): string[] {
  return [...aboutSeeing(findings), ...aboutSize(findings), ...aboutTest(findings), ...aboutRest(findings)];
}
