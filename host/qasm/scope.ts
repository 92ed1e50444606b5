/** Names and what they are, scope in scope. */
import type { GateStatement, Name } from './ast.ts';
import type { Span } from './error.ts';
import type { Value } from './evaluate.ts';

/** What a name is. */
export interface Variable {
  value: Value | undefined;
  /** Of a variable, what assignments to it are converted to; constants, registers and inputs have none. */
  readonly base?: string;
  /** Where it was declared. */
  readonly at: Span;
  /** What gates see too, though they are not in their scope. */
  readonly isConstant: boolean;
}

/** A gate that a program defines. */
export interface OwnGate {
  readonly definition: GateStatement;
  /** What stood before it, which is all that it can use. */
  readonly order: number;
}

/** The scopes around a statement, the innermost last. */
export class Scopes {
  #stack: Map<string, Variable>[] = [new Map()];

  /** What a name is, in the innermost scope that has it. */
  find(name: string): Variable | undefined {
    return [...this.#stack]
      .reverse()
      .find((scope) => scope.has(name))
      ?.get(name);
  }

  /** Whether the innermost scope has a name. */
  has(name: string): boolean {
    return this.#stack.at(-1)?.has(name) ?? false;
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

  /** Runs something in a scope of its own, which sees nothing of this one but constants. */
  apart<T>(run: () => T): T {
    const before = this.#stack;
    const constants = [...(before[0] ?? [])].filter(([, { isConstant }]) => isConstant);
    this.#stack = [new Map(constants), new Map()];
    try {
      return run();
    } finally {
      this.#stack = before;
    }
  }
}
