/** A minimisation that the user stops: what there is by then is a result. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { Interrupted } from '../../../host/cli/output/failure.ts';
import { runMinimisation } from '../../../host/cli/training/minimising.ts';
import { builtIn } from '../../../host/problems/built-in.ts';
import { minimise } from '../../../host/problems/minimise.ts';

test('a signal ends a minimisation with the parameters until then', async () => {
  const hamiltonian = builtIn('tfim:3,1') ?? assert.fail();
  const found = await minimise({ hamiltonian, training: { steps: 10_000_000 } });
  const running = runMinimisation(found.trainer, { title: 'energy', quiet: true });
  while (found.trainer.steps === 0) await turn();
  process.emit('SIGINT', 'SIGINT');
  const { interrupted } = await running;
  assert.ok(interrupted instanceof Interrupted);
  assert.match(
    interrupted.message,
    /^interrupted after step \d+ of 10000000; the result is of the parameters until then$/,
  );
  assert.ok(Number.isFinite(await found.energy()));
});
