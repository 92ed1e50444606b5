/**
 * Whether molecules come within chemical accuracy from random starts: H2 and LiH as `vqe` has them by default, exact and
 * with shots, from 20 seeds each. Settings were chosen on seeds 1 to 20; these are others. The error is that of the exact
 * energy of the parameters found, against diagonalisation; all shots of the training are counted. Prints a row for each and
 * records them in bench/results/problems.json; fails when one misses its bar.
 *
 *   npm run bench:problems                     everything
 *   npm run bench:problems -- --only lih-exact one row, or several, separated by commas, without recording
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';

const dist = new URL('../../dist/', import.meta.url);
const { builtIn, lowestEnergy, minimise } = (await import(
  new URL('problems.js', dist).href
)) as typeof import('../../host/problems/index.ts');

const { values: options } = parseArgs({ options: { only: { type: 'string' } } });

/** Seeds of every row. */
const SEEDS = Array.from({ length: 20 }, (_, i) => 1001 + i);
/** How many have to come within the bar. */
const LEAST = 18;

/** What is measured: chemical accuracy of LiH is 1.6 millihartree. */
const ROWS = [
  { id: 'h2-exact', hamiltonian: 'h2', shots: 'exact', bar: 1 },
  { id: 'h2-shots', hamiltonian: 'h2', shots: 30, bar: 1 },
  { id: 'lih-exact', hamiltonian: 'lih', shots: 'exact', bar: 1.6 },
  { id: 'lih-shots', hamiltonian: 'lih', shots: 30, bar: 1.6 },
] as const;

/** One row from all seeds. */
async function measure({ id, hamiltonian: name, shots, bar }: (typeof ROWS)[number]) {
  const hamiltonian = builtIn(name);
  if (hamiltonian === undefined) throw new RangeError(`no Hamiltonian ${name}`);
  const exact = lowestEnergy(hamiltonian);
  const errors: number[] = [];
  let facts = { circuit: '', bases: 0, circuits: 0, steps: 0, evaluations: 0, shots: 0 };
  for (const seed of SEEDS) {
    const found = await minimise({ hamiltonian, training: { shots, seed } });
    const { trainer, ansatz, layers, bases, circuits } = found;
    for await (const _ of trainer.fit());
    errors.push(1000 * ((await found.energy()) - exact));
    const { evaluations = 0, shots: spent = 0 } = trainer.report ?? {};
    const circuit = `${ansatz}, ${layers} layers, ${trainer.model.circuitParameters} parameters`;
    facts = { circuit, bases, circuits, steps: trainer.steps, evaluations, shots: spent };
    process.stderr.write(`${id} seed ${seed}: ${errors.at(-1)?.toFixed(4)} mHa\n`);
  }
  const sorted = [...errors].sort((a, b) => a - b);
  const within = errors.filter((error) => error <= bar).length;
  const median = (sorted[SEEDS.length / 2 - 1] + sorted[SEEDS.length / 2]) / 2;
  return {
    ...{ id, hamiltonian: name, shotsPerCircuit: shots, bar, ...facts },
    ...{ seeds: SEEDS.length, within, least: LEAST, met: within >= LEAST },
    ...{ median, worst: sorted.at(-1) ?? Number.NaN, errors },
    command: `nlr-vqa vqe --hamiltonian ${name}${shots === 'exact' ? '' : ` --shots ${shots}`} --seed N`,
  };
}

const names = options.only?.split(',');
const unknown = names?.find((name) => !ROWS.some(({ id }) => id === name));
if (unknown !== undefined)
  throw new RangeError(`--only ${unknown}; there are ${ROWS.map(({ id }) => id).join(', ')}`);
const rows: Awaited<ReturnType<typeof measure>>[] = [];
for (const row of ROWS) if (names?.includes(row.id) ?? true) rows.push(await measure(row));
for (const { id, within, seeds, bar, median, worst, shots, met } of rows) {
  const errors = `median ${median.toFixed(4)}, worst ${worst.toFixed(4)} mHa`;
  process.stdout.write(
    `${id}: ${within} of ${seeds} within ${bar} mHa, ${errors}, ${shots} shots a seed: ${met ? 'met' : 'short'}\n`,
  );
}
if (names === undefined)
  await writeFile(
    new URL('../results/problems.json', import.meta.url),
    `${JSON.stringify({ rows }, undefined, 2)}\n`,
  );
if (rows.some(({ met }) => !met)) process.exitCode = 1;
