/** The race against the version before: its checkout, its comparison of answers, its verdicts. No version is built. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import { assertSameMeans, standardErrors } from '../../bench/before/agreement.ts';
import { checkOut } from '../../bench/before/checkout.ts';
import { between, displacedShots, shotsOfSample } from '../../bench/before/equal-shots.ts';
import {
  combined,
  type Finding,
  findingsTable,
  judged,
  slower,
  within,
} from '../../bench/before/findings.ts';
import { summarise } from '../../bench/speed/timing.ts';
import { HostRandom } from '../../host/data/philox.ts';

describe('the checkout of an earlier commit', () => {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'nlr-vqa-checkout-')));
  const root = join(home, 'repository');
  const folder = join(root, 'build/before/first');
  const git = (cwd: string, ...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test', ...args], {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();
  const commit = (text: string) => {
    writeFileSync(join(root, 'file'), text);
    git(root, 'add', '--all');
    git(root, 'commit', '--quiet', '--message', text);
    return git(root, 'rev-parse', 'HEAD');
  };
  execFileSync('git', ['init', '--quiet', root]);
  writeFileSync(join(root, '.gitignore'), 'build/\n');
  const first = commit('first');
  const second = commit('second');
  const file = join(folder, 'file');
  after(() => rmSync(home, { recursive: true }));

  it('has the files of that commit, and leaves the tree itself alone', async () => {
    assert.equal(await checkOut(root, folder, first), true);
    assert.equal(readFileSync(file, 'utf8'), 'first');
    assert.equal(readFileSync(join(root, 'file'), 'utf8'), 'second');
    assert.equal(git(root, 'status', '--porcelain'), '');
    assert.equal(git(root, 'rev-parse', 'HEAD'), second);
  });

  it('is used again, with what was built in it', async () => {
    writeFileSync(join(folder, 'built'), '');
    assert.equal(await checkOut(root, folder, first.slice(0, 7)), false);
    assert.ok(existsSync(join(folder, 'built')));
  });

  it('is made anew where a file was changed, another commit is out, or something else is in its place', async () => {
    writeFileSync(file, 'changed');
    assert.equal(await checkOut(root, folder, first), true);
    assert.equal(readFileSync(file, 'utf8'), 'first');
    assert.ok(!existsSync(join(folder, 'built')));
    assert.equal(await checkOut(root, folder, second), true);
    assert.equal(readFileSync(file, 'utf8'), 'second');
    rmSync(join(folder, '.git'));
    assert.equal(await checkOut(root, folder, second), true);
    assert.ok(existsSync(join(folder, '.git')));
  });

  it('is made anew after the folder was removed behind the back of git', async () => {
    rmSync(join(root, 'build'), { recursive: true });
    assert.equal(await checkOut(root, folder, first), true);
    assert.equal(readFileSync(file, 'utf8'), 'first');
  });

  it('says that the repository does not have the commit, and what to do', async () => {
    const absent = '0123456789abcdef0123456789abcdef01234567';
    await assert.rejects(
      checkOut(root, folder, absent),
      /commit 0123456.* is not here: .*another repository/,
    );
    const shallow = join(home, 'shallow');
    execFileSync('git', ['clone', '--quiet', '--depth', '1', `file://${root}`, shallow]);
    await assert.rejects(
      checkOut(shallow, join(shallow, 'build/x'), first),
      /shallow; `git fetch --unshallow`/,
    );
    const none = mkdtempSync(join(home, 'none-'));
    await assert.rejects(
      checkOut(none, join(none, 'build/x'), first),
      /is not here: this is no git repository/,
    );
  });
});

describe('the means of drawn answers', () => {
  /** Answers of one number that is drawn about its mean, and one that is not. */
  const answers = (seed: number, mean: number, count = 400, fixed = 0.25) => {
    const random = new HostRandom(seed);
    return Array.from({ length: count }, () => [mean + random.next() / 2 ** 32 - 0.5, fixed]);
  };

  it('agree where they are the same, whatever the draws', () => {
    for (let seed = 0; seed < 20; seed++) {
      const off = standardErrors(answers(2 * seed, 3), answers(2 * seed + 1, 3));
      assert.ok(off > 0 && off < 5, `${off}`);
      assertSameMeans({ before: answers(2 * seed, 3), now: answers(2 * seed + 1, 3) }, 'the same');
    }
  });

  it('differ where they are not, by as many standard errors as they should', () => {
    // Of a mean of 400 uniform numbers the standard error is 1/sqrt(12 * 400).
    const off = standardErrors(answers(1, 3), answers(2, 3.2));
    assert.ok(Math.abs(off - 0.2 * Math.sqrt((12 * 400) / 2)) < 4, `${off}`);
    assert.throws(
      () => assertSameMeans({ before: answers(1, 3), now: answers(2, 3.2) }, 'a step'),
      /a step: the means are \d+\.\d standard errors apart/,
    );
  });

  it('agree to rounding where nothing is drawn, and never with what is no number', () => {
    const [one, other] = [answers(1, 3), answers(2, 3)];
    const off = (fixed: number) =>
      standardErrors(
        one,
        other.map(([drawn]) => [drawn, fixed]),
      );
    assert.ok(off(0.25 * (1 + 1e-14)) < 5);
    assert.ok(off(0.25 * (1 + 1e-9)) > 1e3);
    assert.equal(off(Number.NaN), Number.POSITIVE_INFINITY);
    assert.throws(() => standardErrors([[1]], [[1], [1]]), RangeError);
    assert.throws(() => standardErrors([[1], [1]], [[1], [1, 2]]), RangeError);
  });
});

describe('equal shots', () => {
  it('are those of all circuits of a sample', () => {
    assert.equal(shotsOfSample(120, 1, 32), 152);
    assert.equal(shotsOfSample(120, 20, 20), 2420);
  });

  it('cost what lies in proportion between fewer and more', () => {
    assert.equal(between([121, 242], [100, 340], 121), 100);
    assert.equal(between([121, 242], [100, 340], 242), 340);
    assert.equal(between([100, 200], [10, 30], 125), 15);
    assert.throws(() => between([121, 242], [1, 2], 243), RangeError);
    assert.throws(() => between([121, 121], [1, 2], 121), RangeError);
  });

  it('need the option of displaced circuits, under either of its names', () => {
    assert.equal(displacedShots(['shots', 'rate']), undefined);
    assert.equal(displacedShots(['shots', 'displacedShots']), 'displacedShots');
    assert.equal(displacedShots(['shiftShots', 'shots']), 'shiftShots');
  });
});

describe('a finding', () => {
  const finding = (found: number, more: Partial<Finding> = {}): Finding => ({
    what: 'a step',
    found: summarise([found, found, found]),
    unit: 'x as fast',
    bar: { least: 3 },
    ...more,
  });

  it('meets its bar by the median', () => {
    assert.ok(within(3, { least: 3 }) && !within(2.99, { least: 3 }));
    assert.ok(within(0.4, { most: 0.4 }) && !within(0.41, { most: 0.4 }) && !within(Number.NaN, { most: 1 }));
    assert.equal(judged(finding(3)).met, true);
    assert.equal(judged(finding(2)).met, false);
    assert.equal(judged(finding(2, { bar: undefined })).met, undefined);
  });

  it('does not count where what it is a ratio over has become slower', () => {
    assert.equal(slower('n = 16', summarise([0.9, 1.05, 1.1])), undefined);
    const why = slower('n = 16', summarise([1.02, 1.05, 1.1]));
    assert.equal(why, 'n = 16 is slower than before');
    assert.equal(judged(finding(9, { void: why })).met, false);
    assert.match(
      findingsTable([judged(finding(9, { void: why }))], []),
      /SHORT; n = 16 is slower than before/,
    );
  });

  it('of several runs meets its bar when it does in each, and has the median of all', () => {
    const runs = [3.5, 3.1, 2.9].map((found) => [
      judged(finding(found)),
      judged(finding(1, { what: 'other' })),
    ]);
    const [step] = combined(runs);
    assert.equal(step.met, false);
    assert.equal(step.found.median, 3.1);
    assert.deepEqual(step.runs, [3.5, 3.1, 2.9]);
    assert.equal(combined(runs.slice(0, 2))[0].met, true);
    assert.equal(combined([[finding(3, { bar: undefined })]])[0].met, undefined);
    assert.throws(() => combined([[finding(3)], [finding(3, { what: 'other' })]]), RangeError);
    assert.throws(() => combined([[finding(3)], []]), RangeError);
  });

  it('of several runs lies between the least and the greatest', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.01, max: 100, noNaN: true }), { minLength: 1 }), (figures) => {
        const [all] = combined(figures.map((found) => [judged(finding(found))]));
        assert.ok(all.found.median >= Math.min(...figures) && all.found.median <= Math.max(...figures));
        assert.equal(all.met, Math.min(...figures) >= 3);
      }),
    );
  });

  it('is a line of the table, with the spread of its rounds or of its runs', () => {
    const now = summarise([2e6, 2e6]);
    const one = judged(finding(3.5, { before: summarise([7e6]), now, note: 'of 9' }));
    assert.match(
      findingsTable([one], [{ name: 'one-shot', findings: [], skipped: 'not there' }]),
      /quartiles.*\na step +7 ms +2 ms +3.5 x as fast +3.5 - 3.5 +>= 3 +met; of 9\none-shot: not measured: not there$/,
    );
    const runs = combined([[one], [judged(finding(4.5, { before: one.before, now }))]]);
    assert.match(findingsTable(runs, []), /runs.*\na step .* 4 x as fast +3.5 - 4.5 +>= 3 +met/);
  });
});
