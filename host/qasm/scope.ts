/** Names and what they are, scope in scope. */
import type { GateStatement, Name } from './ast.ts';
import type { Span } from './error.ts';
import type { Value } from './evaluate.ts';

/** What a name is. */
export interface Variable {
  value: Value | undefined;
  /** Of a variable, what assignments to it are converted to; constants, registers and inputs have none. */
  readonly base?: string;
  /** Lengths of an array; none of what is no array. */
  readonly lengths?: readonly number[];
  /** Where it was declared. */
  readonly at: Span;
  /** What gates see too, though they are not in their scope. */
  readonly isConstant: boolean;
}

/** A gate that a program defines. */
export interface OwnGate {
  readonly definition: GateStatement;
}

/** The scopes around a statement, the innermost last. */
export class Scopes {
  readonly #outermost = new Map<string, Variable>();
  #stack: Map<string, Variable>[] = [this.#outermost];
  /** Whether a gate's body is run, which sees constants alone of what is around it. */
  #isApart = false;

  /** What a name is, in the innermost scope that has it. */
  find(name: string): Variable | undefined {
    for (let i = this.#stack.length - 1; i >= 0; i--) {
      const found = this.#stack[i]?.get(name);
      if (found !== undefined) return found;
    }
    const outside = this.#isApart ? this.#outermost.get(name) : undefined;
    return outside?.isConstant ? outside : undefined;
  }

  /** What a name is in the innermost scope. */
  own(name: string): Variable | undefined {
    return this.#stack.at(-1)?.get(name);
  }

  define({ text }: Pick<Name, 'text'>, variable: Variable): void {
    this.#stack.at(-1)?.set(text, variable);
  }

  /** Runs something in a scope within this one. */
  inside<T>(run: () => T): T {
    this.#stack.push(new Map());
    try {
      return run();
    } finally {
      this.#stack.pop();
    }
  }

  /** Runs something in a scope of its own. */
  apart<T>(run: () => T): T {
    const [stack, isApart] = [this.#stack, this.#isApart];
    [this.#stack, this.#isApart] = [[new Map()], true];
    try {
      return run();
    } finally {
      [this.#stack, this.#isApart] = [stack, isApart];
    }
  }
}
