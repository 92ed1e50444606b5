/** The way through a program's tokens. */
import type { QasmErrorCode } from '../core/errors.ts';
import { QasmError, type Source, type Span } from './error.ts';
import type { Name } from './ast.ts';
import { type Token, type TokenKind, tokensOf } from './lexer.ts';

/** Words that cannot name anything, by version. */
export const RESERVED = {
  2: 'OPENQASM include qreg creg gate opaque measure reset barrier if pi U CX'.split(' '),
  3: [
    ...'OPENQASM include qreg creg qubit bit bool int uint float angle complex array duration stretch'.split(
      ' ',
    ),
    ...'gate opaque def extern cal defcal defcalgrammar box let const input output mutable readonly'.split(
      ' ',
    ),
    ...'measure reset barrier delay nop if else for while in switch case default break continue return end'.split(
      ' ',
    ),
    ...'ctrl negctrl inv pow gphase U pi π tau τ euler ℇ true false durationof sizeof void'.split(' '),
  ],
} as const;

/** How deep statements and expressions may be nested. */
export const DEEPEST = 200;

export class Cursor {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;
  version: 2 | 3 = 3;

  /** @throws QasmError */
  constructor(readonly source: Source) {
    this.#tokens = tokensOf(source);
  }

  /** The token that comes next, or one further on. */
  peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)] as Token;
  }

  /** Takes the next token. */
  take(): Token {
    const token = this.peek();
    if (token.kind !== 'end') this.#at++;
    return token;
  }

  /** Where the token before this one ended. */
  get behind(): number {
    return this.#tokens[this.#at - 1]?.to ?? 0;
  }

  /** Whether a symbol or a word comes next, or further on. */
  is(text: string, ahead = 0): boolean {
    const { kind, text: found } = this.peek(ahead);
    return found === text && (kind === 'word' || kind === 'symbol');
  }

  /** Takes a symbol or a word if it comes next. */
  accept(text: string): boolean {
    if (!this.is(text)) return false;
    this.take();
    return true;
  }

  /** Takes a symbol or a word. @throws QasmError */
  expect(text: string, where: string): Token {
    return this.is(text) ? this.take() : this.refuse(`'${text}' ${where}`);
  }

  /** Takes a token of a kind. @throws QasmError */
  kind(kind: TokenKind, expected: string): Token {
    return this.peek().kind === kind ? this.take() : this.refuse(expected);
  }

  /** Takes a name for something new. @throws QasmError */
  name(of: string): Name {
    const token = this.kind('word', `the name of ${of}`);
    const { text } = token;
    if ((RESERVED[this.version] as readonly string[]).includes(text))
      this.fail(
        'ERR_QASM_SYNTAX',
        `'${text}' is a word of the language and cannot be the name of ${of}`,
        token,
      );
    return token;
  }

  /** Refuses the next token. @throws QasmError */
  refuse(expected: string): never {
    const token = this.peek();
    const found = token.kind === 'end' ? token.text : `'${token.text}'`;
    return this.fail('ERR_QASM_SYNTAX', `found ${found}; expected ${expected}`, token);
  }

  /** @throws QasmError */
  fail(code: QasmErrorCode, message: string, place: Span): never {
    throw new QasmError(code, message, this.source, place);
  }

  /** Reads something nested, which is not nested too deep. @throws QasmError */
  nested<T>(read: () => T): T {
    if (this.#depth >= DEEPEST) {
      const message = `this is nested more than ${DEEPEST} deep`;
      this.fail('ERR_QASM_SIZE', message, this.peek());
    }
    this.#depth++;
    try {
      return read();
    } finally {
      this.#depth--;
    }
  }

  /** Reads entries between commas, until a closing symbol, which is taken. @throws QasmError */
  listUntil<T>(closing: string, read: () => T): T[] {
    const entries: T[] = [];
    while (!this.accept(closing)) {
      entries.push(read());
      if (!this.accept(',') && !this.is(closing)) this.refuse(`',' or '${closing}'`);
    }
    return entries;
  }
}
