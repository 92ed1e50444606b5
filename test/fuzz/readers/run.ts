/**
 * Fuzzes the readers of files, guided by coverage. The same seed, runs and corpus do the same on every machine.
 *
 *   npm run fuzz:readers -- --runs 100000 --seed 7           every reader, so many runs each
 *   npm run fuzz:readers -- --only model,csv                 some of them
 *   npm run fuzz:readers -- --runs 100000 --keep             keeps what reaches further in the corpus
 *   npm run fuzz:readers -- --only csv --input '"a,b\n1"'     runs one input: a JSON string, or base64:...
 *
 * A fault prints its input in the form that --input takes, shrunk, and what it broke; exit 1. The inputs being run are
 * in build/fuzz/NAME.next, one a line: where a reader never comes back, one of them is to blame.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { firstInputs, READERS, readCorpus, type ReaderName, writeCorpus } from './corpus.ts';
import { Driver, Fault } from './drive.ts';
import { Instrumented } from './instrument.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    keep: { type: 'boolean', default: false },
    input: { type: 'string' },
  },
});

function whole(text: string, option: string): number {
  if (!/^\d{1,12}$/.test(text)) throw new Error(`--${option} ${text}: expected a whole number`);
  return Number(text);
}

function chosen(): readonly ReaderName[] {
  const names = values.only?.split(',') ?? READERS;
  const unknown = names.find((name) => !(READERS as readonly string[]).includes(name));
  if (unknown !== undefined) throw new Error(`--only ${unknown}: there are ${READERS.join(', ')}`);
  return names as readonly ReaderName[];
}

/** An input as --input takes it. */
function shown(input: Uint8Array): string {
  const text = Buffer.from(input).toString('utf8');
  return Buffer.from(text).equals(input)
    ? JSON.stringify(text)
    : `base64:${Buffer.from(input).toString('base64')}`;
}

function inputOf(text: string): Uint8Array {
  const [, base64] = /^base64:(.*)$/.exec(text) ?? [];
  return new Uint8Array(
    Buffer.from(base64 ?? (JSON.parse(text) as string), base64 === undefined ? 'utf8' : 'base64'),
  );
}

function tell({ input, message }: Fault, name: string): void {
  process.stderr.write(
    `fuzz: ${name}: ${message}\nnpm run fuzz:readers -- --only ${name} --input '${shown(input)}'\n`,
  );
  process.exitCode = 1;
}

/** Fuzzes one reader. */
async function fuzz(code: Instrumented, name: ReaderName): Promise<void> {
  const driver = new Driver(code, name);
  const wasm = readFileSync(new URL('../../../build/core.device.wasm', import.meta.url));
  try {
    if (values.input !== undefined) return await driver.run(inputOf(values.input));
    const corpus = [...(await firstInputs(name, wasm)), ...readCorpus(name)];
    const runs = whole(values.runs, 'runs');
    const told = (input: Uint8Array, run: number) =>
      process.stderr.write(`${name}, run ${run}: ${input.length} bytes reach further\n`);
    const file = new URL(`../../../build/fuzz/${name}.next`, import.meta.url);
    const next = (batch: readonly Uint8Array[]) => writeFileSync(file, `${batch.map(shown).join('\n')}\n`);
    const { kept } = await driver.fuzz(corpus, { runs, seed: whole(values.seed, 'seed') }, told, next);
    process.stdout.write(`${name}: ${runs} runs, ${kept.length} inputs in the corpus: no fault\n`);
    if (values.keep) writeCorpus(name, kept);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    tell(await driver.shrunk(error), name);
  }
}

const names = chosen();
if (values.input !== undefined && names.length !== 1)
  throw new Error('--input goes with --only and one reader');
const code = await Instrumented.load();
for (const name of names) await fuzz(code, name);
