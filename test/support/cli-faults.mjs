// Preloaded into the command: what may befall its process, at a call to the file system that a test chooses. What
// happens is said on stderr, on a line of its own: `fault: ` and the name of the call.
// NLR_SIGNAL_AT=n   the signal comes at the n-th change (0 the first). SIGKILL is a power cut: the change is not
//                   made, or where it writes bytes, by half.
// NLR_SIGNAL=name   which signal, default SIGKILL
// NLR_PAUSE_AT=n    the n-th change waits until a named pipe is opened by somebody who writes
// NLR_BARRIER=path  that pipe
// NLR_FAIL_AT=n     the n-th change fails, where reading the bytes of a file counts as one
// NLR_FAIL_CODE=c   how, default EIO
// NLR_FAIL=name     every call of that name fails with that code
// NLR_DEAF=1        stderr and stdout are a terminal that is gone
import fs from 'node:fs';
import { failCall, systemError, watchFiles } from './fs-calls.mjs';

const { NLR_SIGNAL_AT, NLR_SIGNAL = 'SIGKILL', NLR_PAUSE_AT, NLR_BARRIER } = process.env;
const { NLR_FAIL_AT, NLR_FAIL_CODE = 'EIO', NLR_FAIL, NLR_DEAF } = process.env;
let changes = Number(NLR_SIGNAL_AT ?? NLR_PAUSE_AT ?? -1);
let calls = Number(NLR_FAIL_AT ?? -1);

const say = (call) => fs.writeSync(2, `fault: ${call.name}\n`);

function atChange(call) {
  if (NLR_BARRIER !== undefined) {
    say(call);
    fs.closeSync(fs.openSync(NLR_BARRIER, 'r'));
    return undefined;
  }
  if (NLR_SIGNAL !== 'SIGKILL') {
    process.kill(process.pid, NLR_SIGNAL);
    return undefined;
  }
  const end = () => {
    process.kill(process.pid, 'SIGKILL');
    // The process has ended before this loop is noticed.
    for (;;);
  };
  return call.name.endsWith('Sync') ? end() : Promise.resolve(call.half()).then(end);
}

watchFiles((call) => {
  // The program itself, which Node reads by the same calls.
  if (/\.(?:m?js|json)$/.test(String(call.args[0]))) return undefined;
  if (call.changes && changes-- === 0) return atChange(call);
  const counts = call.changes || call.name === 'read';
  if (!(counts && calls-- === 0) && call.name !== NLR_FAIL) return undefined;
  if (NLR_FAIL === undefined) say(call);
  return failCall(call, NLR_FAIL_CODE);
});

if (NLR_DEAF !== undefined) {
  for (const stream of [process.stdout, process.stderr]) {
    Object.defineProperty(stream, 'isTTY', { value: true });
    stream._write = (_chunk, _encoding, done) => done(systemError('EIO'));
    stream._writev = null;
  }
}
