/** The error of an OpenQASM program that cannot be read, with the place and the line that it is in. */
import { NlrError, type QasmErrorCode } from '../core/errors.ts';

/** A stretch of a program's text, as offsets in UTF-16 units; `to` is behind it. */
export interface Span {
  /** Where it begins. */
  readonly from: number;
  /** Where what follows it begins. */
  readonly to: number;
}

/** Characters of a line that an excerpt shows. */
const WIDEST = 120;

/** The program is at fault. The message starts with `file:line:column: `; `excerpt` shows the line. */
export class QasmError extends NlrError {
  /** The name of its class, as in every stack trace. */
  override readonly name = 'QasmError';
  /** The display name of the program. */
  readonly file: string;
  /** Line, from 1. */
  readonly line: number;
  /** Column, from 1, in code points. */
  readonly column: number;
  /** The line at fault, and below it carets under what is meant. */
  readonly excerpt: readonly [line: string, carets: string];

  constructor(code: QasmErrorCode, message: string, { name, text }: Source, { from, to }: Span) {
    const before = text.slice(0, from);
    const line = before.split(/\r\n|\r|\n/).length;
    const start = Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r')) + 1;
    const rest = text.slice(start);
    const end = start + (/[\r\n]/.exec(rest)?.index ?? rest.length);
    const column = Array.from(text.slice(start, from)).length + 1;
    super(code, `${name}:${line}:${column}: ${message}`);
    this.file = name;
    this.line = line;
    this.column = column;
    this.excerpt = excerptOf(
      text.slice(start, end),
      column - 1,
      Array.from(text.slice(from, Math.min(to, end))).length,
    );
  }
}

/** A program and what it is called in messages. */
export interface Source {
  /** What messages call it, usually the name of its file. */
  readonly name: string;
  /** The program. */
  readonly text: string;
}

/** A line with carets under `width` of its characters from `at` on; of a long line the part around them. */
function excerptOf(line: string, at: number, width: number): readonly [string, string] {
  const letters = Array.from(line.replaceAll('\t', ' '));
  const first = at < WIDEST - 20 ? 0 : at - Math.floor(WIDEST / 2);
  const shown = letters.slice(first, first + WIDEST).join('');
  const carets = Math.max(1, Math.min(width, WIDEST - (at - first)));
  return [shown, ' '.repeat(at - first) + '^'.repeat(carets)];
}
