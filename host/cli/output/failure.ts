/** What the command line makes of whatever was thrown: one sentence and an exit code. */
import { constants } from 'node:os';
import { type Command, CommanderError } from 'commander';
import { NlrError, OptionError } from '../../core/errors.ts';
import { QasmError } from '../../qasm/error.ts';

/** What a promise was rejected with, for work that has to go on first; undefined when it was not. */
export function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** Exit codes. An interrupted run adds the number of its signal to 128, as shells do. */
export const EXIT = { ok: 0, failure: 1, usage: 2, signal: 128 } as const;

/** The command line itself is at fault: exit 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Signals that stop a run in good order. */
export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** The user stopped a run. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';

  constructor(
    readonly signal: StopSignal,
    message: string,
  ) {
    super(message);
  }
}

/** One sentence for stderr, none when everything was said already, and the exit code. */
export interface Failure {
  readonly message: string | undefined;
  readonly code: number;
  /** Lines that show what is meant, below the sentence. */
  readonly excerpt?: readonly string[];
}

/** `readoutError` as `--readout-error`. */
export function flagName(option: string): string {
  return `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Calls the options in a message by the flags that set them, as far as the command has such flags. */
function withFlags({ message, option }: OptionError, command: Command | undefined): string {
  const names = new Set(command?.options.map((flag) => flag.attributeName()));
  const known = (name: string) => names.has(name);
  // Only a name of several words is one for certain: `rate` is English too.
  const flagged = (text: string) =>
    text.replace(/\b[a-z]+[A-Z]\w*\b/g, (name) => (known(name) ? flagName(name) : name));
  if (option === undefined || !known(option)) return flagged(message);
  const rest = message.startsWith(option) ? message.slice(option.length) : undefined;
  if (rest !== undefined && /^\W/.test(rest)) return `${flagName(option)}${flagged(rest)}`;
  const said = flagged(message);
  return said.includes(flagName(option)) ? said : `${flagName(option)}: ${said}`;
}

function ofCommander({ code, message, exitCode }: CommanderError): Failure {
  if (code === 'commander.helpDisplayed' || code === 'commander.version') {
    return { message: undefined, code: EXIT.ok };
  }
  if (code === 'commander.help') return { message: undefined, code: exitCode === 0 ? EXIT.ok : EXIT.usage };
  const said = message
    .replace(/^error: /, '')
    .replace(
      /^command-argument value '(.*)' is invalid for argument '(.*)'\. Allowed choices are (.*)\.$/,
      "<$2> is '$1'; expected one of $3",
    );
  return { message: said, code: EXIT.usage };
}

function classify(error: unknown, command: Command | undefined): Failure {
  if (error instanceof CommanderError) return ofCommander(error);
  if (error instanceof UsageError) return { message: error.message, code: EXIT.usage };
  if (error instanceof NlrError && error.code === 'ERR_CORE_NOISY_CIRCUIT')
    return { message: error.message, code: EXIT.usage };
  if (error instanceof OptionError) return { message: withFlags(error, command), code: EXIT.usage };
  if (error instanceof Interrupted) {
    return { message: error.message, code: EXIT.signal + constants.signals[error.signal] };
  }
  if (error instanceof NlrError) return { message: error.message, code: EXIT.failure };
  return { message: `unexpected: ${error instanceof Error ? error.message : error}`, code: EXIT.failure };
}

/**
 * Explains an error.
 * @param command the command that ran, for the names of its flags
 */
export function explain(error: unknown, command: Command | undefined): Failure {
  const { message, code } = classify(error, command);
  const excerpt = error instanceof QasmError ? error.excerpt : undefined;
  return { message: message?.replace(/\s*\n\s*/g, ' ').trim(), code, excerpt };
}
