/**
 * Errors from another thread. A structured clone of an error keeps its message, but neither its class nor its
 * fields, so those of this package travel as plain data and are made again on the other side.
 */
import { messageOf } from '../core/checks.ts';
import { CoreError, DataError, FormatError, NlrError, OptionError } from '../index.ts';

/** An `NlrError` as plain data. */
export interface Refusal {
  readonly message: string;
  readonly stack: string | undefined;
  /** Everything else it owns: name, code, place, option or status. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** The plain data of an error; undefined for one of another family. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (!(error instanceof NlrError)) return undefined;
  return { message: error.message, stack: error.stack, fields: { ...error } };
}

const CLASSES = { NlrError, CoreError, DataError, FormatError, OptionError };

/** The error that a refusal was made of: its class, its fields, its stack, but not its cause. */
export function errorOf({ message, stack, fields }: Refusal): Error {
  // Each class takes other arguments, and some put the place before the message, which has it already.
  const { prototype } = CLASSES[fields.name as keyof typeof CLASSES] ?? NlrError;
  const error = Object.setPrototypeOf(new Error(message), prototype);
  return Object.assign(error, fields, { stack });
}

/** Puts the name of a training before an error's message, whatever was thrown. */
export function named(name: string, thrown: unknown): Error {
  const before = messageOf(thrown);
  const message = `${name}: ${before}`;
  if (thrown instanceof Error) {
    try {
      const stack = thrown.stack?.replace(before, () => message);
      // Some errors have messages that cannot be assigned to.
      const own = { configurable: true, enumerable: false, writable: true };
      Object.defineProperty(thrown, 'message', { ...own, value: message });
      Object.defineProperty(thrown, 'stack', { ...own, value: stack });
      return thrown;
    } catch {
      // It cannot be changed at all, and is then the cause of one that can.
    }
  }
  return new Error(message, { cause: thrown });
}
