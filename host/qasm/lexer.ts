/** From the text of a program to its tokens. */
import { QasmError, type Source, type Span } from './error.ts';

/** What a token is: `hardware` is a qubit by its number, `$0`; `timing` a number with a unit, such as `100ns`. */
export type TokenKind = 'word' | 'int' | 'real' | 'string' | 'symbol' | 'hardware' | 'timing' | 'end';

export interface Token extends Span {
  readonly kind: TokenKind;
  /** As written; of a string without its quotes, of a number without underscores. */
  readonly text: string;
}

/** A word starts with a letter of any script or with _. */
const WORD = /[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Nd}_]*/uy;
const RADIX = /0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+/y;
const NUMBER = /(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?/y;
const HARDWARE = /\$\d+/y;
const STRING = /"[^"\r\n]*"|'[^'\r\n]*'/y;
const SPACE = /\s+/y;
const LINE_COMMENT = /\/\/[^\r\n]*/y;
const SYMBOL =
  /\*\*=|<<=|>>=|->|==|!=|<=|>=|<<|>>|&&|\|\||\*\*|\+\+|\+=|-=|\*=|\/=|%=|&=|\|=|\^=|[{}[\]();,:@+\-*/%^~!<>=&|.]/y;
/** Lines that speak to a compiler: they say nothing about the circuit. */
const DIRECTIVE = /(?:#?pragma\b|@[\p{L}_])[^\r\n]*/uy;

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** Where the spaces and comments end that start at an offset. */
function behindBlanks(text: string, from: number): number {
  for (let at = from; ;) {
    let length = (match(SPACE, text, at) ?? match(LINE_COMMENT, text, at) ?? '').length;
    const end = text.startsWith('/*', at) ? text.indexOf('*/', at + 2) : -1;
    if (end >= 0) length = end + 2 - at;
    if (length === 0) return at;
    at += length;
  }
}

/** A string, a comment or whatever else is not a token. @throws QasmError */
function refuse(source: Source, at: number): never {
  const { text } = source;
  const [first = ''] = text.slice(at, at + 2);
  if (first === '"' || first === "'")
    throw new QasmError('ERR_QASM_SYNTAX', 'this text has no closing quote on its line', source, {
      from: at,
      to: at + 1,
    });
  if (text.startsWith('/*', at))
    throw new QasmError('ERR_QASM_SYNTAX', 'this comment has no end: */ is missing', source, {
      from: at,
      to: at + 2,
    });
  const shown = JSON.stringify(first);
  throw new QasmError('ERR_QASM_SYNTAX', `${shown} means nothing in OpenQASM`, source, {
    from: at,
    to: at + first.length,
  });
}

/** What comes at an offset, which is no blank. */
function tokenAt(source: Source, at: number): Token {
  const { text } = source;
  const made = (kind: TokenKind, written: string, value = written): Token => ({
    kind,
    text: value,
    from: at,
    to: at + written.length,
  });
  const word = match(WORD, text, at);
  if (word !== undefined) return made('word', word);
  const integer = match(RADIX, text, at);
  const number = integer ?? match(NUMBER, text, at);
  if (number !== undefined) {
    const unit = match(WORD, text, at + number.length);
    if (unit !== undefined) {
      if (/^(ns|us|µs|μs|ms|s|dt|im)$/.test(unit)) return made('timing', number + unit);
      const place = { from: at, to: at + number.length + unit.length };
      throw new QasmError(
        'ERR_QASM_SYNTAX',
        `'${number}${unit}' is neither a number nor a name`,
        source,
        place,
      );
    }
    const isWhole = integer !== undefined || /^[\d_]+$/.test(number);
    return made(isWhole ? 'int' : 'real', number, number.replaceAll('_', ''));
  }
  const string = match(STRING, text, at);
  if (string !== undefined) return made('string', string, string.slice(1, -1));
  const hardware = match(HARDWARE, text, at);
  if (hardware !== undefined) return made('hardware', hardware);
  const symbol = match(SYMBOL, text, at);
  return symbol === undefined || text.startsWith('/*', at) ? refuse(source, at) : made('symbol', symbol);
}

/** Symbols behind which a statement starts. */
const ENDS = [';', '{', '}'];

/** Characters of a program at most: far more than any that the core has room for. */
const LONGEST = 2 ** 22;

/** The tokens of a program, the last of them its end. @throws QasmError */
export function tokensOf(source: Source): Token[] {
  const { text } = source;
  if (text.length > LONGEST) {
    const message = `the program has ${text.length} characters; at most ${LONGEST} are read`;
    throw new QasmError('ERR_QASM_SIZE', message, source, { from: 0, to: 0 });
  }
  const tokens: Token[] = [];
  // A byte order mark is no part of the program.
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  for (;;) {
    at = behindBlanks(text, at);
    const before = tokens.at(-1);
    const isStart = before === undefined || (before.kind === 'symbol' && ENDS.includes(before.text));
    const directive = isStart ? match(DIRECTIVE, text, at) : undefined;
    if (directive !== undefined) {
      at += directive.length;
      continue;
    }
    if (at >= text.length) break;
    const token = tokenAt(source, at);
    tokens.push(token);
    at = token.to;
  }
  tokens.push({ kind: 'end', text: 'the end of the program', from: at, to: at });
  return tokens;
}
