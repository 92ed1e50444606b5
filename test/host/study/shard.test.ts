/** A study divided: every cell is in one shard, and each shard has as many as the others. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { hashOf } from '../../../host/study/cell.ts';
import { placesOfShard } from '../../../host/study/shard.ts';
import fc from '../../support/property.ts';

const hashesOf = (count: number) => Array.from({ length: count }, (_, i) => hashOf(i));
const shardsOf = (hashes: readonly string[], of: number) =>
  Array.from({ length: of }, (_, i) => placesOfShard(hashes, { index: i + 1, of }));

describe('the shards of a study', () => {
  test('have every cell once, in its order, and as many as any other', () => {
    const sizes = [fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 20 })] as const;
    fc.assert(
      fc.property(...sizes, (count, of) => {
        const shards = shardsOf(hashesOf(count), of);
        const all = shards.flat().sort((a, b) => a - b);
        assert.deepEqual(
          all,
          Array.from({ length: count }, (_, i) => i),
        );
        const lengths = shards.map(({ length }) => length);
        assert.ok(Math.max(...lengths) - Math.min(...lengths) <= 1);
        for (const shard of shards)
          assert.deepEqual(
            shard,
            [...shard].sort((a, b) => a - b),
          );
      }),
    );
  });

  test('have cells that are the same once', () => {
    const [one, two] = hashesOf(2);
    assert.deepEqual(shardsOf([two, one, two, one], 2).flat().sort(), [0, 1]);
  });

  test('do not go by the order of the list', () => {
    const hashes = hashesOf(12);
    const turned = [...hashes].reverse();
    const of = (list: readonly string[], index: number) =>
      placesOfShard(list, { index, of: 5 })
        .map((place) => list[place])
        .sort();
    for (let index = 1; index <= 5; index++) assert.deepEqual(of(turned, index), of(hashes, index));
  });

  for (const shard of [
    { index: 0, of: 3 },
    { index: 4, of: 3 },
    { index: 1.5, of: 3 },
    { index: 1, of: 0 },
    { index: 1, of: 2e6 },
  ])
    test(`are not ${JSON.stringify(shard)}`, () => {
      assert.throws(() => placesOfShard([], shard), { code: 'ERR_OPTION_VALUE' });
    });
});
