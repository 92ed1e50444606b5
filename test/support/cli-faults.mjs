// Preloaded into the command: what may befall its process, at a change to the file system that a test chooses.
// NLR_SIGNAL_AT=n   the signal comes at the n-th change (0 the first). SIGKILL is a power cut: the change is not
//                   made, or where it writes bytes, by half.
// NLR_SIGNAL=name   which signal, default SIGKILL
// NLR_NO_RENAME=1   no file takes another name: there is no such folder any more
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

const { NLR_SIGNAL_AT, NLR_SIGNAL = 'SIGKILL', NLR_NO_RENAME } = process.env;
let countdown = Number(NLR_SIGNAL_AT ?? -1);

/** Counts the calls of a method that changes the file system, or makes a change last. */
function watch(owner, name, half) {
  const original = owner[name];
  owner[name] = async function (...args) {
    if (countdown-- === 0) {
      if (NLR_SIGNAL === 'SIGKILL') await half?.call(this, original, ...args);
      process.kill(process.pid, NLR_SIGNAL);
      // The process has ended before this loop is noticed.
      while (NLR_SIGNAL === 'SIGKILL');
    }
    return original.apply(this, args);
  };
}

if (NLR_NO_RENAME !== undefined) {
  fs.rename = async () => {
    throw Object.assign(new Error('there is no such folder'), { code: 'ENOENT' });
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
countdown = Number(NLR_SIGNAL_AT ?? -1);
syncBuiltinESMExports();
