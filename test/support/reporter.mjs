/**
 * Reports node:test runs: a line per file, every failure with its cause, and at the end a line
 * `#counts {"passed":..,"failed":..,"skipped":..}` for the test command. A file that ran no test fails, unless
 * NLR_BUILDS has left out the builds that it is about.
 */
import { relative } from 'node:path';
import { inspect } from 'node:util';

/** The runner reports a file without tests as one test named after the file. */
const isFile = ({ name, file }) => file !== undefined && (name === file || file.endsWith(name));
const isSuite = ({ details }) => details?.type === 'suite';

function cause({ details }) {
  const error = details?.error?.cause ?? details?.error;
  return error instanceof Error ? (error.stack ?? error.message) : inspect(error);
}

export default async function* reporter(events) {
  const files = new Map();
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const entry = (file) => {
    const name = file === undefined ? 'unknown' : relative(process.cwd(), file);
    if (!files.has(name)) files.set(name, { passed: 0, failed: 0, skipped: 0 });
    return files.get(name);
  };
  const line = (file) => {
    const { passed, failed, skipped } = entry(file);
    const name = file === undefined ? 'unknown' : relative(process.cwd(), file);
    if (passed + failed + skipped === 0 && process.env.NLR_BUILDS !== undefined) {
      counts.skipped++;
      return `  skipped: ${name} has no test on ${process.env.NLR_BUILDS}\n`;
    }
    if (passed + failed + skipped === 0) {
      counts.failed++;
      return `FAILED ${name} ran no test\n`;
    }
    const verdict = failed === 0 ? 'ok    ' : 'FAILED';
    return `${verdict} ${name}: ${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`;
  };
  let current;
  for await (const { type, data } of events) {
    if (type === 'test:stdout' || type === 'test:stderr') yield data.message;
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    // The runner goes through the files one after another: a new one means that the last is done.
    if (data.file !== current) {
      if (current !== undefined) yield line(current);
      current = data.file;
    }
    if (type === 'test:pass') {
      // A suite that is skipped as a whole reports no test of its own.
      if ((isSuite(data) || isFile(data)) && data.skip === undefined) {
        entry(data.file);
        continue;
      }
      const kind = data.skip === undefined ? 'passed' : 'skipped';
      entry(data.file)[kind]++;
      counts[kind]++;
      if (kind === 'skipped') yield `  skipped: ${data.name}${data.skip === true ? '' : ` (${data.skip})`}\n`;
      continue;
    }
    const childFailed = data.details?.error?.failureType === 'subtestsFailed';
    if (childFailed) continue;
    entry(data.file).failed++;
    counts.failed++;
    yield `\nFAILED ${data.name}\n${cause(data)}\n\n`;
  }
  if (current !== undefined) yield line(current);
  yield `#counts ${JSON.stringify(counts)}\n`;
}
