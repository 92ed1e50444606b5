/** What is iterated over in turn behaves as an async generator does, but that it makes nobody wait. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { inTurn } from '../../../host/api/in-turn.ts';

interface Value {
  readonly value: number;
}

/** What the work does one after the other: gives a value, waits, waits in vain, or fails. */
type Deed = 'value' | 'wait' | 'vain' | 'fail';

const soon = () => new Promise<void>((resolve) => setImmediate(resolve));

async function inVain(): Promise<never> {
  await soon();
  throw new Error('in vain');
}

function* work(deeds: readonly Deed[], log: string[]): Generator<Value | Promise<unknown>, void, undefined> {
  try {
    for (const [i, deed] of deeds.entries()) {
      if (deed === 'fail') throw new Error(`failed at ${i}`);
      try {
        if (deed === 'wait') yield soon();
        if (deed === 'vain') yield inVain();
      } catch (error) {
        log.push((error as Error).message);
      }
      if (deed === 'value') yield { value: i };
    }
  } finally {
    log.push('end');
  }
}

/** The same as an async generator. */
async function* model(deeds: readonly Deed[], log: string[]): AsyncGenerator<Value, void, undefined> {
  try {
    for (const [i, deed] of deeds.entries()) {
      if (deed === 'fail') throw new Error(`failed at ${i}`);
      try {
        if (deed === 'wait') await soon();
        if (deed === 'vain') await inVain();
      } catch (error) {
        log.push((error as Error).message);
      }
      if (deed === 'value') yield { value: i };
    }
  } finally {
    log.push('end');
  }
}

/** What a caller asks for, and whether it waits for the answer before it asks again. */
type Call = readonly [ask: 'next' | 'return' | 'throw', waits: boolean];

/** What comes of calls, in the order of its coming. */
async function transcript(
  make: (deeds: readonly Deed[], log: string[]) => AsyncGenerator<Value, void, undefined>,
  deeds: readonly Deed[],
  calls: readonly Call[],
): Promise<string[]> {
  const log: string[] = [];
  const iterator = make(deeds, log);
  const answers: Promise<unknown>[] = [];
  for (const [i, [ask, waits]] of calls.entries()) {
    const called =
      ask === 'next'
        ? iterator.next()
        : ask === 'return'
          ? iterator.return()
          : iterator.throw(new Error(`thrown ${i}`));
    const answer = called.then(
      ({ value, done }) => log.push(`${i}: ${done ? 'done' : (value as Value).value}`),
      (error: Error) => log.push(`${i}: ${error.message}`),
    );
    if (waits) await answer;
    answers.push(answer);
  }
  await Promise.all(answers);
  return log;
}

describe('work in turn', () => {
  test('answers as an async generator does, in the same order', async () => {
    const deed = fc.constantFrom<Deed>('value', 'value', 'wait', 'vain', 'fail');
    const call = fc.tuple(fc.constantFrom('next', 'next', 'next', 'return', 'throw'), fc.boolean());
    const plans = fc.tuple(fc.array(deed, { maxLength: 6 }), fc.array(call, { maxLength: 7 }));
    await fc.assert(
      fc.asyncProperty(plans, async ([deeds, calls]) => {
        const found = await transcript((...given) => inTurn(work(...given)), deeds, calls as Call[]);
        assert.deepEqual(
          found.filter(isAnswer),
          (await transcript(model, deeds, calls as Call[])).filter(isAnswer),
        );
      }),
      { numRuns: 500, seed: 11 },
    );
  });

  test('is an async iterator by its prototype, and iterates over itself', () => {
    const iterator = inTurn(work([], []));
    const { prototype } = async function* () {};
    assert.ok(
      Object.prototype.isPrototypeOf.call(Object.getPrototypeOf(Object.getPrototypeOf(prototype)), iterator),
    );
    assert.equal(iterator[Symbol.asyncIterator](), iterator);
  });

  test('ends the work when the loop is left', async () => {
    const log: string[] = [];
    for await (const { value } of inTurn(work(['wait', 'value', 'value'], log))) if (value === 1) break;
    assert.deepEqual(log, ['end']);
  });
});

const isAnswer = (line: string) => /^\d/.test(line);
