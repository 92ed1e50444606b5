/** The conformance runner notices what it is there to notice: it is run here on engines that lie, fail and are missing. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Report, Status } from '../../assembly/abi/codes.ts';
import { DECISIONS } from '../../host/api/choices.ts';
import { BUILDS, LISTS, OF_NONE, runs } from './builds.ts';
import { type Engine, ROOT, type Task } from './engine.ts';
import { NODE } from './engines-scripted.ts';
import { defectsOf, expectedOf, isGood, recordOf, rowOf, writeTasks } from './matrix.ts';
import { bitsOf } from './script.ts';
import { heading, line, notes } from './table.ts';
import { casesOf, defects, difference, hashesOf } from './verdict.ts';

const tasks = writeTasks();
const expected = expectedOf(tasks);
const [common] = LISTS;
const sound = expected[0];

/** An engine that answers with these transcripts. */
function pretending(
  answer: (tasks: readonly Task[]) => readonly string[],
  refuses?: Engine['refuses'],
): Engine {
  const present = { version: 'pretended 1.0', run: async (given: readonly Task[]) => answer(given) };
  return { name: 'pretended', needs: 'nothing', refuses, find: async () => present };
}

/** What an honest engine answers. */
const honest = (given: readonly Task[]) => given.map((task) => expected[tasks.indexOf(task)]);

/** A transcript with one bit of the last digit of one line changed. */
function flipped(transcript: string, at: number): string {
  const lines = transcript.split('\n');
  const bits = Number.parseInt(lines[at].slice(-1), 16) ^ 1;
  assert.ok(Number.isInteger(bits), lines[at]);
  lines[at] = lines[at].slice(0, -1) + bits.toString(16);
  return lines.join('\n');
}

/** The first line of a transcript that shows the bits of parameters. */
const BITS_AT = sound.split('\n').findIndex((text) => text.startsWith('parameters_ptr'));

describe('conformance: the cases', () => {
  it('are sound, and the builds agree by their reals', () => {
    assert.deepEqual(defectsOf(tasks, expected), []);
    const hashes = (list: string) =>
      new Set(tasks.flatMap((task, i) => (task.list.name === list ? [hashesOf(expected[i]).all] : [])));
    for (const list of LISTS) {
      const reals = new Set(BUILDS.filter((build) => runs(build, list)).map((build) => build.reals));
      assert.equal(hashes(list.name).size, reals.size, list.name);
    }
  });

  it('have the hashes on record: a change of numbers breaks the promise of a seed, a change of shape a caller', () => {
    const found = recordOf(tasks, expected);
    assert.deepEqual(found, JSON.parse(readFileSync(new URL('./hashes.json', import.meta.url), 'utf8')));
  });

  it('provoke every status code', () => {
    const wanted = [...LISTS.flatMap(({ statuses }) => statuses), ...OF_NONE];
    const all = Object.values(Status).filter((value) => typeof value === 'number');
    assert.deepEqual(wanted.sort(), all.sort());
  });

  it('take every decision about a step', () => {
    for (const [i, { list }] of tasks.entries()) {
      // The rivals and noisy circuits take those that they have.
      if (list.name === 'rivals' || list.name === 'noise') continue;
      const reports = expected[i].split('\n').filter((text) => text.startsWith('report_ptr '));
      const decisions = new Set(reports.map((text) => text.split(' ')[1 + Report.Decision]));
      const wanted = list.name === 'family' ? Object.values(DECISIONS) : [0, 1, 2];
      assert.deepEqual([...decisions].sort(), wanted.map(bitsOf).sort(), list.name);
    }
  });

  it('are missed when one is not there', () => {
    const cases = casesOf(sound);
    const without = cases.filter((_, i) => i !== 3).map((lines) => lines.join('\n'));
    assert.match(defects(common, without.join('\n')).join('; '), new RegExp(`${cases[3][0]}: missing`));
  });

  it('are told apart: a status that nothing returns, a trap, a refusal, an end that should be another', () => {
    const found = (from: RegExp, to: string) => defects(common, sound.replace(from, to)).join('; ');
    assert.match(found(/ -11( \d+)?$/gm, ' -10$1'), /no case returns status -11/);
    assert.match(found(/^gradient_ptr .*$/m, 'trap'), /case nlr, exact: trap/);
    assert.match(found(/^plan -2$/m, 'refused plan -2'), /refused plan -2/);
    const [first] = /^trace (.*)$/m.exec(sound)?.slice(1) ?? [];
    assert.match(found(/^trace .*$/gm, `trace ${first}`), /by accident/);
    assert.match(
      defects(
        common,
        flipped(
          sound,
          sound.split('\n').findIndex((text) => text.startsWith('trace')),
        ),
      ).join('; '),
      /ends otherwise than/,
    );
  });
});

describe('conformance: transcripts', () => {
  it('differ by one bit, with the case, the line and the number', () => {
    assert.equal(difference(sound, sound), undefined);
    const found = difference(sound, flipped(sound, BITS_AT));
    assert.match(
      found ?? '',
      /^case nlr, exact, line \d+: expected parameters_ptr \[17\] \w{16}, found parameters_ptr \[17\] \w{16}$/,
    );
  });

  it('have a hash of numbers that statuses, slices and lengths leave alone, and one of shape that numbers do', () => {
    const own = hashesOf(sound);
    const sliced = hashesOf(sound.replace(/^advance 0 \d+$/m, 'advance 0 12345'));
    assert.equal(sliced.numbers, own.numbers);
    assert.notEqual(sliced.shape, own.shape);
    const turned = hashesOf(flipped(sound, BITS_AT));
    assert.notEqual(turned.numbers, own.numbers);
    assert.equal(turned.shape, own.shape);
  });

  it('differ where one ends early, is empty or goes on', () => {
    assert.match(difference(sound, sound.slice(0, -20)) ?? '', /^case /);
    assert.match(difference(sound, '') ?? '', /found nothing/);
    assert.match(difference(sound, `${sound}\ncase more`) ?? '', /cases instead of/);
  });
});

describe('conformance: engines', () => {
  it('an honest one passes', async () => {
    const row = await rowOf(pretending(honest), tasks, expected);
    assert.equal(row.verdict, 'same');
    assert.ok(isGood([row], [], true));
    assert.ok(!isGood([row], ['a case that is not sound'], false));
    assert.match(line(row), new RegExp(hashesOf(sound).numbers));
    assert.equal(heading().split('\n').length, 2);
  });

  it('one that gets a single bit wrong on a single build does not', async () => {
    for (const wrong of tasks.keys()) {
      const lying = pretending((given) =>
        honest(given).map((text, i) =>
          i === wrong
            ? flipped(
                text,
                text.split('\n').findIndex((at) => at.startsWith('gradient_ptr')),
              )
            : text,
        ),
      );
      const row = await rowOf(lying, tasks, expected);
      assert.equal(row.verdict, 'different');
      assert.ok(!isGood([row], [], false));
      assert.deepEqual(
        row.cells.flatMap(({ fault }, i) => (fault === undefined ? [] : [i])),
        [wrong],
      );
      assert.match(line(row), new RegExp(`${hashesOf(sound).numbers}|!`));
      assert.match(notes([row]).join(), /pretended, .* cases: case .* line \d+: expected gradient_ptr/);
    }
  });

  it('one that answers too little, nothing, or with an error does not', async () => {
    const short = await rowOf(
      pretending((given) => honest(given).slice(1)),
      tasks,
      expected,
    );
    assert.equal(short.verdict, 'different');
    const silent = await rowOf(
      pretending(() => []),
      tasks,
      expected,
    );
    assert.equal(silent.verdict, 'different');
    const failing = pretending(() => {
      throw new Error('no more');
    });
    const failed = await rowOf(failing, tasks, expected);
    assert.equal(failed.verdict, 'failed');
    assert.match(line(failed), /FAILED no more/);
    for (const row of [short, silent, failed]) assert.ok(!isGood([row], [], false));
  });

  it('one that is missing is skipped, but fails where all are wanted', async () => {
    const row = await rowOf(
      { name: 'absent', needs: 'a download', find: async () => undefined },
      tasks,
      expected,
    );
    assert.match(line(row), /skipped, not installed: a download/);
    assert.ok(isGood([row], [], false));
    assert.ok(!isGood([row], [], true));
    assert.ok(!isGood([], [], false), 'no engine at all proves nothing');
  });

  it('one that refuses a build says why', async () => {
    const plain = pretending(honest, ({ simd }) => (simd ? 'it has no SIMD' : undefined));
    const row = await rowOf(plain, tasks, expected);
    assert.equal(row.verdict, 'same');
    assert.deepEqual(notes([row]), ['pretended, release: not run, it has no SIMD']);
  });

  it('a script with one bit changed gives other transcripts, in another process too', async () => {
    const changed = tasks.map((task) => ({
      ...task,
      text: task.text.replace(/(configure \d+ x3f)a/, '$1b'),
    }));
    assert.notEqual(changed[0].text, tasks[0].text);
    const others = expectedOf(changed);
    for (const [i, text] of others.entries()) assert.notEqual(text, expected[i]);
    const row = await rowOf(NODE, tasks, others);
    assert.equal(row.verdict, 'different');
    assert.ok(row.cells.every(({ fault }) => fault !== undefined));
  });
});

describe('conformance: the command', () => {
  /** Runs it where programs are looked for in one folder alone. */
  const command = (path: string, args: readonly string[], env: Record<string, string> = {}) =>
    spawnSync(process.execPath, ['--import', 'tsx', 'test/engines/run.ts', ...args], {
      cwd: ROOT,
      encoding: 'utf8',
      env: { PATH: path, HOME: path, ...env },
    });

  it('ends with 0 or 1, by what it finds', () => {
    const folder = mkdtempSync(join(tmpdir(), 'nlr-vqa-engines-'));
    try {
      const sound = command(folder, ['--only', 'node']);
      assert.equal(sound.status, 0, sound.stderr);
      assert.match(sound.stdout, /^1 of 1 engines have the same bits, 0 not installed$/m);
      const missing = command(folder, ['--only', 'node,chromium']);
      assert.equal(missing.status, 0, missing.stderr);
      assert.match(missing.stdout, /^Chromium +skipped, not installed: apt-get install chromium$/m);
      const strict = command(folder, ['--only', 'node,chromium'], { NLR_ALL_ENGINES: '1' });
      assert.equal(strict.status, 1, strict.stderr);
      writeFileSync(join(folder, 'chromium'), '#!/bin/sh\necho pretended 1.0\n', { mode: 0o755 });
      const failed = command(folder, ['--only', 'node,chromium']);
      assert.equal(failed.status, 1, failed.stderr);
      assert.match(failed.stdout, /^Chromium +FAILED .*chromium ended with 0/m);
      const unknown = command(folder, ['--only', 'nodes']);
      assert.equal(unknown.status, 1);
      assert.match(unknown.stderr, /^unknown: nodes; engines are node,/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
