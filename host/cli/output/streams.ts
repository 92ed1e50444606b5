/** What people and programs read: results on stdout, messages on stderr. */
import { EXIT } from './failure.ts';
import { reasonOf } from '../../files/disk.ts';
import { plain } from './plain.ts';

/** Whether stdout has failed: what has to be done is done all the same. */
let lost = false;

/** Whether a terminal has gone, as far as it was written to. */
let hungUp = false;

/** A reader that has seen enough, such as `head`, is no failure; a disk that is full is one. */
function lose(error: NodeJS.ErrnoException): void {
  if (lost) return;
  lost = true;
  if (error.code === 'EPIPE') return;
  process.exitCode = EXIT.failure;
  tell(`the result cannot be written to stdout: ${reasonOf(error)}`);
}

/** Text to stdout. A pipe reports its failure later, a file at once. */
export function write(text: string): void {
  if (lost) return;
  try {
    process.stdout.write(text);
  } catch (error) {
    lose(error as NodeJS.ErrnoException);
  }
}

/** Text to stderr, whose loss is nobody's: there is nowhere left to say so. */
export function note(text: string): void {
  try {
    process.stderr.write(text);
  } catch {}
}

/** Goes on when a stream goes away. Call once, first. */
export function surviveLostStreams(): void {
  process.stdout.on('error', lose);
  process.stderr.on('error', (error: NodeJS.ErrnoException) => {
    hungUp ||= error.code === 'EIO';
  });
}

/**
 * Lets the signal of a closed terminal end the process, after all else: Node would abort when it finds no terminal
 * to set right, and leave a core file behind.
 */
export function endByHangUp(): void {
  process.on('exit', () => {
    if (!hungUp) return;
    process.removeAllListeners('SIGHUP');
    process.kill(process.pid, 'SIGHUP');
  });
}

/** A program's result: one JSON object on one line. Not-a-number becomes null. */
export function printJson(value: object): void {
  write(`${JSON.stringify(value)}\n`);
}

/** Characters that are written at once. */
const CHUNK = 65536;

/** Lines put together to pieces that are worth a call each, line ends included. */
export function* inPieces(lines: Iterable<string>): Generator<string> {
  let piece = '';
  for (const line of lines) {
    piece += `${line}\n`;
    if (piece.length < CHUNK) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

/** Any number of lines to stdout, no faster than its reader takes them. */
export async function writeLines(lines: Iterable<string>): Promise<void> {
  for (const piece of inPieces(lines)) {
    write(piece);
    if (lost) return;
    if (!process.stdout.writableNeedDrain) continue;
    await new Promise<void>((resolve) => {
      const done = () => {
        process.stdout.off('drain', done).off('error', done).off('close', done);
        resolve();
      };
      process.stdout.on('drain', done).on('error', done).on('close', done);
    });
  }
}

/** Lines for people. */
export function print(...lines: readonly string[]): void {
  write(lines.map((line) => `${line}\n`).join(''));
}

/** A message beside the result. */
export function tell(message: string): void {
  note(`nlr-vqa: ${plain(message)}\n`);
}
