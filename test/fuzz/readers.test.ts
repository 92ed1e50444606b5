/** The readers of files under the coverage-guided fuzzer: its corpus, a bounded run, and the fuzzer itself. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { firstInputs, READERS, readCorpus } from './readers/corpus.ts';
import { Driver, Fault } from './readers/drive.ts';
import { Instrumented } from './readers/instrument.ts';

const SEED = 1;
/** Inputs a reader: the first of `npm run fuzz:readers -- --seed 1`. */
const RUNS = 1600;

let code: Instrumented;
let wasm: Uint8Array<ArrayBuffer>;

before(async () => {
  code = await Instrumented.load();
  wasm = new Uint8Array(readFileSync(new URL('../../build/core.device.wasm', import.meta.url)));
});

for (const name of READERS) {
  describe(`readers: ${name}`, () => {
    it('reads its corpus: refused by the errors of the package, or taken and the same when written again', async () => {
      const corpus = readCorpus(name);
      assert.ok(corpus.length > 3, `${corpus.length} inputs`);
      const driver = new Driver(code, name);
      for (const input of corpus) await driver.run(input);
    });

    it(`${RUNS} inputs, seed ${SEED}, each with bounded work and memory`, async () => {
      const corpus = [...(await firstInputs(name, wasm)), ...readCorpus(name)];
      await new Driver(code, name).fuzz(corpus, { runs: RUNS, seed: SEED });
    });
  });
}

describe('readers: the fuzzer', () => {
  const planted = (...bytes: number[]) => Uint8Array.of(0x5b, 0x7b, 0x22, ...bytes);
  const faultOf = async (work: Promise<unknown>): Promise<Fault> => {
    const fault = await work.then(
      () => undefined,
      (error: unknown) => error,
    );
    assert.ok(fault instanceof Fault, `${fault}`);
    return fault;
  };

  it('finds what is behind bytes that are checked one by one, and shrinks what it finds', async () => {
    const driver = new Driver(code, 'planted');
    const fault = await faultOf(driver.fuzz([], { runs: 100_000, seed: SEED }));
    assert.deepEqual(fault.input.slice(0, 3), planted());
    const { input, message } = await driver.shrunk(
      new Fault(planted(0x30, 1, 2, 3), new TypeError('planted')),
    );
    assert.deepEqual(input, planted(0x30));
    assert.match(message, /TypeError: planted/);
  });

  it('notices memory and work beyond the input, whatever the clock says', async () => {
    const driver = new Driver(code, 'planted');
    const memory = await faultOf(driver.run(planted(0x31)));
    assert.match(memory.message, /allocates 134217728 bytes/);
    const work = await faultOf(driver.fuzz([planted(0x32, 0)], { runs: 0, seed: SEED }));
    assert.match(work.message, /a part of it runs 1048576 times/);
  });

  it('does the same from the same seed, and something else from another', async () => {
    const keptBy = async (seed: number) => {
      const { kept } = await new Driver(code, 'idx').fuzz(await firstInputs('idx', wasm), {
        runs: 800,
        seed,
      });
      return kept.map((input) => Buffer.from(input).toString('hex'));
    };
    // What runs once in a process, such as filling a table, is new to the first campaign alone.
    await keptBy(7);
    assert.deepEqual(await keptBy(7), await keptBy(7));
    assert.notDeepEqual(await keptBy(7), await keptBy(8));
  });
});
