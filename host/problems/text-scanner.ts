/** Going through a text from its beginning, and saying where something in it is wrong. */
import { DataError, type DataErrorCode } from '../core/errors.ts';

/** Characters of a text that messages show. */
const SHOWN = 24;

/** A place in a text, which moves on as its parts are taken. */
export class TextScanner {
  at = 0;

  /** @param name what messages call the text */
  constructor(
    readonly text: string,
    readonly name: string,
  ) {}

  get ended(): boolean {
    return this.at >= this.text.length;
  }

  /** What is still to come, or a piece of it that is long enough to look at. */
  rest(): string {
    return this.text.slice(this.at, this.at + 256);
  }

  /** Takes what a sticky pattern finds here; undefined where it finds nothing, or no characters. */
  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const [found = ''] = pattern.exec(this.text) ?? [];
    this.at += found.length;
    return found === '' ? undefined : found;
  }

  /** The next characters as a message quotes them. */
  shown(): string {
    if (this.ended) return 'the end of the text';
    const line = this.rest().split('\n')[0] ?? '';
    return JSON.stringify(line.length > SHOWN ? `${line.slice(0, SHOWN)}...` : line);
  }

  /** Refuses what is at a place. @throws DataError with its line and column */
  fail(code: DataErrorCode, message: string, at = this.at): never {
    const lines = this.text.slice(0, at).split('\n');
    const column = [...(lines.at(-1) ?? '')].length + 1;
    throw new DataError(code, message, { file: this.name, line: lines.length, column });
  }
}
