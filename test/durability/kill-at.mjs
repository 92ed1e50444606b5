// Preloaded into the command: kills its process at a chosen change to the file system, as a power cut would.
// NLR_KILL_AT=n  the n-th change (0 the first) is not made; one that writes bytes is made by half.
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

let countdown = Number(process.env.NLR_KILL_AT);

function die() {
  process.kill(process.pid, 'SIGKILL');
  // The signal has ended the process before this loop is noticed.
  for (;;);
}

/** Counts the calls of a method that changes the file system, or makes a change last. */
function watch(owner, name, half) {
  const original = owner[name];
  owner[name] = async function (...args) {
    if (countdown-- === 0) {
      await half?.call(this, original, ...args);
      die();
    }
    return original.apply(this, args);
  };
}

for (const name of ['open', 'rename', 'unlink']) watch(fs, name);
const handle = await fs.open(process.execPath, 'r');
const prototype = Object.getPrototypeOf(handle);
await handle.close();
for (const name of ['chmod', 'sync', 'close']) watch(prototype, name);
watch(prototype, 'writeFile', function (original, bytes) {
  return original.call(this, bytes.subarray(0, bytes.length >> 1));
});
// Not counted: what this file itself has opened, on any version of Node.
countdown = Number(process.env.NLR_KILL_AT);
syncBuiltinESMExports();
