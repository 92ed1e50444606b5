/** The peers benchmark's own arithmetic: medians, tables, verdicts. It needs no peer. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { BARS, FASTEST, type Measured, verdicts } from '../../bench/peers/bars.ts';
import { pairOf } from '../../bench/peers/measure.ts';
import { PEERS, REFERENCE } from '../../bench/peers/peers.ts';
import { movements, REPEATED, repeatOf, repeatsTable } from '../../bench/peers/repeats.ts';
import { ROWS, rowsOf } from '../../bench/peers/rows.ts';
import { quantile, spread } from '../../bench/peers/statistics.ts';
import { aligned, duration, significant } from '../../bench/peers/table.ts';
import { expectedAnswer } from '../../bench/peers/truth.ts';
import { makeWorkload } from '../../bench/peers/workload.ts';

/** A row of the exact step, the peer `ratio` times slower. */
function step(peer: string, ratio: number): Measured {
  const pair = pairOf([{ ours: 1000, peer: 1000 * ratio }]);
  return { row: 'step-32-d8', title: 'step', peer, unit: 'ns', pair };
}

describe('bench/peers', () => {
  it('quantiles interpolate between sorted values', () => {
    assert.equal(quantile([3, 1, 2], 0.5), 2);
    assert.equal(quantile([4, 1, 3, 2], 0.5), 2.5);
    assert.deepEqual(spread([5, 1, 3, 2, 4]), { low: 2, median: 3, high: 4 });
    assert.ok(Number.isNaN(quantile([], 0.5)));
  });

  it('ratios are taken round by round', () => {
    const { ratio, rounds } = pairOf([
      { ours: 1, peer: 10 },
      { ours: 2, peer: 20 },
      { ours: 4, peer: 40 },
    ]);
    assert.equal(rounds, 3);
    assert.deepEqual(ratio, { low: 10, median: 10, high: 10 });
  });

  it('times and tables read well', () => {
    assert.equal(significant(1234.5), '1230');
    assert.equal(duration(1.5e6), '1.5 ms');
    assert.equal(duration(0.25), '0.25 ns');
    assert.equal(
      aligned(
        ['name', 'value '],
        [
          ['a', '10'],
          ['long', '5'],
        ],
      ),
      'name  value\na        10\nlong      5',
    );
  });

  it('a bar is met by the ratio alone, and the fastest peer is a framework', () => {
    const found = verdicts([step(REFERENCE, 26), step('Qulacs', 40), step('Qiskit Aer', 3000)]);
    const of = (against: string) => found.find((each) => each.against === against);
    assert.equal(of(REFERENCE)?.met, true);
    assert.equal(of(FASTEST)?.peer, 'Qulacs');
    assert.equal(of(FASTEST)?.met, false);
    assert.equal(of(FASTEST)?.needed, 200);
  });

  it('what was not measured meets no bar', () => {
    const { pair: _, ...missing } = step(REFERENCE, 1);
    assert.deepEqual(
      verdicts([{ ...missing, reason: 'no compiler' }]).map(({ against, met }) => [against, met]),
      [[REFERENCE, false]],
    );
  });

  it('every peer has rows, and every row a peer', () => {
    for (const peer of PEERS) assert.ok(rowsOf(peer).length > 0, peer.name);
    for (const { id } of ROWS)
      assert.ok(
        PEERS.some((peer) => rowsOf(peer).some((row) => row.id === id)),
        id,
      );
  });

  it("the slow model's gradient agrees with central differences of its loss", () => {
    const workload = makeWorkload('gradient', { qubits: 3, count: 2, width: 4 });
    const lossAt = (theta: readonly number[]) =>
      expectedAnswer({ ...workload, task: 'loss', theta }, [0, 0])[0].mean;
    const size = workload.theta.length + 1;
    const gradient = expectedAnswer(workload, new Array<number>(2 * size).fill(0)).slice(1, size);
    const h = 1e-5;
    gradient.forEach(({ mean }, p) => {
      const moved = (by: number) => workload.theta.map((angle, i) => (i === p ? angle + by : angle));
      assert.ok(Math.abs((lossAt(moved(h)) - lossAt(moved(-h))) / (2 * h) - mean) < 1e-9, `parameter ${p}`);
    });
  });

  it('several runs meet a bar when each of them does, and tell from where to where the ratio moves', () => {
    const runs = [26, 25, 31].map((ratio) => repeatOf([step(REFERENCE, ratio)]));
    assert.deepEqual(runs[0], { 'step-32-d8': { ours: 1000, C: 26000, ratio: 26, quartiles: [26, 26] } });
    const [moved] = movements(runs, REFERENCE);
    assert.deepEqual(moved, {
      ...{ row: 'step-32-d8', ratios: [26, 25, 31], least: 25, greatest: 31 },
      ...{ factor: 25, met: true },
    });
    assert.match(
      repeatsTable(runs, REFERENCE),
      /step-32-d8 +1 us - 1 us +26, 25, 31 +25 - 31 +>= 25 +met in each/,
    );
    const short = [...runs, repeatOf([step(REFERENCE, 24.9)])];
    assert.equal(movements(short, REFERENCE)[0].met, false);
    assert.match(repeatsTable(short, REFERENCE), /SHORT/);
    assert.throws(() => movements([], REFERENCE), RangeError);
    assert.throws(() => movements(runs, 'nobody'), RangeError);
    const failed = { ...step(REFERENCE, 1), pair: undefined, reason: 'no compiler' };
    assert.throws(() => repeatOf([failed]), /step: no compiler/);
  });

  it('the rows that are repeated have a bar against C', () => {
    for (const row of REPEATED)
      assert.ok(
        BARS.some((bar) => bar.row === row && bar.against === REFERENCE),
        row,
      );
  });

  it('every package of a lock is pinned, and what has come with hashes has them all', async () => {
    const read = (name: string) => readFile(new URL(`../../bench/peers/${name}`, import.meta.url), 'utf8');
    const lock = await read('requirements-mindquantum.lock');
    for (const line of lock.trimEnd().split('\n'))
      assert.match(line, /^[\w.-]+==[\w.]+ --hash=sha256:[\da-f]{64}$/);
    const manifest = await read('wai/Cargo.toml');
    const [, version] = /wai-quantum = \{ version = "=([\d.]+)"/.exec(manifest) ?? [];
    const crates = (await read('wai/Cargo.lock')).split('[[package]]').slice(1);
    const strange = crates.filter((crate) => !crate.includes('name = "nlr-vqa-bench-wai"'));
    for (const crate of strange) assert.match(crate, /\nchecksum = "[\da-f]{64}"\n/);
    assert.ok(strange.some((crate) => crate.includes(`name = "wai-quantum"\nversion = "${version}"`)));
    assert.ok((await read('wai/src/main.rs')).includes(`"wai-quantum": "${version}"`));
    const { packages } = JSON.parse(await read('package-lock.json')) as {
      packages: Record<string, { readonly integrity?: string }>;
    };
    const { '': _, ...installed } = packages;
    for (const [name, { integrity }] of Object.entries(installed))
      assert.match(integrity ?? '', /^sha512-/, name);
  });
});
