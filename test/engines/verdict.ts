/** What transcripts say: whether two are the same, and whether one is worth comparing with. */
import { createHash } from 'node:crypto';
import type { List } from './builds.ts';

/** The start of a SHA-256. */
const digest = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 8);

/**
 * Results that are numbers: what the core computes, whatever the ABI around it looks like. The rest is shape: its
 * version, statuses, how a step falls into slices, how long images are, what work and memory are counted.
 */
const NUMBERS = new Set([
  'active_parameters',
  'ask_angle',
  'ask_operation',
  'ask_ptr',
  'average_ptr',
  'gradient_ptr',
  'indices_ptr',
  'moments_loss',
  'outputs_ptr',
  'parameter_count',
  'parameters_ptr',
  'predict_effective',
  'report_ptr',
  'step_evaluations',
  'trace',
  'visible_qubits',
]);

const isNumber = (line: string) => NUMBERS.has(line.split(' ', 1)[0]);

/** What a cell of the matrix shows of a transcript. */
export interface Hashes {
  /** Losses, parameters, gradients, outputs, traces, counts: these bits are what a seed promises. */
  readonly numbers: string;
  /** Everything else, the names of the cases among it. */
  readonly shape: string;
  /** All of it. */
  readonly all: string;
}

export function hashesOf(transcript: string): Hashes {
  const lines = transcript.split('\n');
  return {
    numbers: digest(lines.filter(isNumber).join('\n')),
    shape: digest(lines.filter((line) => !isNumber(line)).join('\n')),
    all: digest(transcript),
  };
}

/** The lines of each case of a transcript, the first of them its name. */
export function casesOf(transcript: string): string[][] {
  return transcript
    .split(/^(?=case )/m)
    .map((part) => part.trimEnd().split('\n'))
    .filter(([first]) => first.startsWith('case '));
}

const shortened = (line: string | undefined) =>
  line === undefined ? 'nothing' : line.length > 90 ? `${line.slice(0, 90)}...` : line;

/** The words of two lines from the first in which they differ. */
function apart(expected: string | undefined, found: string | undefined): [string, string] {
  const [mine, yours] = [expected?.split(' ') ?? [], found?.split(' ') ?? []];
  const at = mine.findIndex((word, i) => word !== yours[i]);
  if (expected === undefined || found === undefined || at < 1) return [shortened(expected), shortened(found)];
  const from = (words: string[]) => shortened(`${words[0]} [${at - 1}] ${words.slice(at).join(' ')}`);
  return [from(mine), from(yours)];
}

/** Where two transcripts part, in words; undefined when they are the same. */
export function difference(expected: string, found: string): string | undefined {
  if (expected === found) return undefined;
  const [mine, yours] = [casesOf(expected), casesOf(found)];
  for (const [i, lines] of mine.entries()) {
    const others = yours[i] ?? [];
    const length = Math.max(lines.length, others.length);
    for (let at = 0; at < length; at++) {
      if (lines[at] === others[at]) continue;
      const [one, other] = apart(lines[at], others[at]);
      return `${lines[0]}, line ${at + 1}: expected ${one}, found ${other}`;
    }
  }
  return `${yours.length} cases instead of ${mine.length}`;
}

/** Status codes that a transcript shows: all results below zero but of traces, which it shows in hexadecimal, and the two above. */
function statusesOf(cases: readonly string[][]): Set<number> {
  const found = new Set<number>();
  for (const line of cases.flat()) {
    const [, name, result] = /^(\w+) (-?\d+)(?: \d+)?$/.exec(line) ?? [];
    if (result === undefined || name === 'keep') continue;
    if (Number(result) <= 0 || name === 'step_advance' || name === 'advance') found.add(Number(result));
  }
  return found;
}

/** What is wrong with a transcript of a list of cases, whichever engine it comes from; nothing when it is sound. */
export function defects(list: List, transcript: string): string[] {
  const found: string[] = [];
  const cases = casesOf(transcript);
  const ends = new Map(cases.map((lines) => [lines[0].slice('case '.length), lines.at(-1) ?? '']));
  for (const { name, endsAs } of list.cases) {
    const end = ends.get(name);
    if (end === undefined) {
      found.push(`case ${name}: missing`);
      continue;
    }
    const same = list.cases.filter((other) => other.name !== name && ends.get(other.name) === end);
    if (endsAs !== undefined && ends.get(endsAs) !== end)
      found.push(`case ${name}: ends otherwise than ${endsAs}`);
    // Cases may only meet by intention: two that share an end for another reason do not test two things.
    const related = (other: (typeof same)[number]) => (other.endsAs ?? other.name) === (endsAs ?? name);
    for (const other of same)
      if (!related(other)) found.push(`case ${name}: ends as ${other.name}, by accident`);
  }
  for (const [first, ...lines] of cases) {
    for (const line of lines) if (/^(refused|trap|unknown)\b/.test(line)) found.push(`${first}: ${line}`);
  }
  const statuses = statusesOf(cases);
  for (const status of list.statuses)
    if (!statuses.has(status)) found.push(`no case returns status ${status}`);
  return found;
}
