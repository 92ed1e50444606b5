/** What a program says, statement by statement, each with its place in the text. */
import type { Span } from './error.ts';

/** A name and where it is. */
export interface Name extends Span {
  readonly text: string;
}

/** The depth of an expression is how far it is nested, 1 for a single token. */
interface Node extends Span {
  readonly depth: number;
}

export type Expression =
  | (Node & { readonly kind: 'int' | 'real'; readonly value: number })
  | (Node & { readonly kind: 'bool'; readonly value: boolean })
  | (Node & { readonly kind: 'text'; readonly text: string })
  | (Node & { readonly kind: 'timing'; readonly text: string })
  | (Node & { readonly kind: 'name'; readonly text: string })
  | (Node & { readonly kind: 'unary'; readonly operator: string; readonly operand: Expression })
  | (Node & {
      readonly kind: 'binary';
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    })
  | (Node & { readonly kind: 'call'; readonly name: Name; readonly operands: readonly Expression[] })
  | (Node & { readonly kind: 'cast'; readonly type: Type; readonly operand: Expression })
  | (Node & { readonly kind: 'index'; readonly base: Expression; readonly index: Index })
  | (Node & { readonly kind: 'measure'; readonly operand: Operand })
  | (Node & { readonly kind: 'list'; readonly entries: readonly Expression[] });

/** What stands between brackets: one place, a range or a set. */
export type Index =
  | { readonly kind: 'one'; readonly at: Expression }
  | RangeIndex
  | (Span & { readonly kind: 'set'; readonly entries: readonly Expression[] });

/** first : step : last, the last included. */
export interface RangeIndex extends Span {
  readonly kind: 'range';
  readonly first?: Expression;
  readonly step?: Expression;
  readonly last?: Expression;
}

/** A type of a variable: `bit[4]`, `float[64]`, `array[float[64], 3]`. */
export interface Type extends Span {
  readonly base: string;
  readonly size?: Expression;
  /** Of an array. */
  readonly lengths?: readonly Expression[];
}

/** Qubits or bits by name: a register, some of it, or a qubit of the machine. */
export interface Operand extends Span {
  readonly name: string;
  readonly indices: readonly Index[];
}

/** What is put in front of a gate with an @. */
export interface Modifier extends Span {
  readonly kind: 'ctrl' | 'negctrl' | 'inv' | 'pow';
  readonly argument?: Expression;
}

export type Statement = Span &
  (
    | { readonly kind: 'include'; readonly file: string }
    | { readonly kind: 'qubits'; readonly name: Name; readonly size?: Expression }
    | { readonly kind: 'bits'; readonly name: Name; readonly size?: Expression; readonly value?: Expression }
    | { readonly kind: 'input' | 'output'; readonly name: Name; readonly type: Type }
    | {
        readonly kind: 'const' | 'variable';
        readonly name: Name;
        readonly type: Type;
        readonly value?: Expression;
      }
    | { readonly kind: 'alias'; readonly name: Name; readonly parts: readonly Expression[] }
    | {
        readonly kind: 'assign';
        readonly target: Operand;
        readonly operator: string;
        readonly value: Expression;
      }
    | GateStatement
    | { readonly kind: 'opaque'; readonly name: Name }
    | CallStatement
    | { readonly kind: 'measure'; readonly qubits: Operand; readonly bits?: Operand }
    | { readonly kind: 'reset'; readonly qubits: Operand }
    | { readonly kind: 'nothing'; readonly operands: readonly Operand[] }
    | { readonly kind: 'block'; readonly body: readonly Statement[] }
    | {
        readonly kind: 'if';
        readonly condition: Expression;
        readonly chosen: Statement;
        readonly otherwise?: Statement;
      }
    | {
        readonly kind: 'for';
        readonly name: Name;
        readonly over: Expression | Index;
        readonly body: Statement;
      }
    | { readonly kind: 'while'; readonly condition: Expression; readonly body: Statement }
    | { readonly kind: 'end' }
    | { readonly kind: 'refused'; readonly what: string }
  );

/** A gate's definition. */
export interface GateStatement extends Span {
  readonly kind: 'gate';
  readonly name: Name;
  readonly parameters: readonly Name[];
  readonly qubits: readonly Name[];
  readonly body: readonly Statement[];
}

/** A gate's application. */
export interface CallStatement extends Span {
  readonly kind: 'call';
  readonly modifiers: readonly Modifier[];
  readonly name: Name;
  readonly angles: readonly Expression[];
  readonly operands: readonly Operand[];
}

/** A whole program. */
export interface Program {
  readonly version: 2 | 3;
  readonly statements: readonly Statement[];
}
