/** Iterating over work that waits only where it has to. */

/** What async generators inherit from: whatever the engine gives to every async iterator. */
const ASYNC_ITERATOR = Object.getPrototypeOf(Object.getPrototypeOf(async function* () {}.prototype));

/** What work yields: a value for its caller, or a promise that it waits for. */
type Work<T> = Generator<T | Promise<unknown>, void, undefined>;

/** What comes of asking for a value. */
type Result<T> = IteratorResult<T, void>;

/** See `inTurn`. */
class InTurn<T extends object> {
  readonly #work: Work<T>;
  /** The last that was asked for and is not there yet: who asks meanwhile comes after it. */
  #last: Promise<Result<T>> | undefined;

  constructor(work: Work<T>) {
    this.#work = work;
  }

  next(): Promise<Result<T>> {
    if (this.#last !== undefined) return this.#after(() => this.#work.next());
    try {
      const result = this.#work.next();
      // What is there at once makes nobody wait.
      if (!(result.value instanceof Promise)) return Promise.resolve(result as Result<T>);
      return this.#remember(this.#wait(result.value));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  async return(value?: void | PromiseLike<void>): Promise<Result<T>> {
    await this.#after(() => this.#work.return());
    return { value: await value, done: true };
  }

  throw(error: unknown): Promise<Result<T>> {
    return this.#after(() => this.#work.throw(error));
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Goes on when what was asked for before is there. */
  #after(go: () => Result<T | Promise<unknown>>): Promise<Result<T>> {
    const take = () => this.#take(go);
    return this.#remember(this.#last === undefined ? take() : this.#last.then(take, take));
  }

  #remember(asked: Promise<Result<T>>): Promise<Result<T>> {
    const forget = () => {
      if (this.#last === asked) this.#last = undefined;
    };
    this.#last = asked;
    asked.then(forget, forget);
    return asked;
  }

  /** Goes on until there is a value. */
  async #take(go: () => Result<T | Promise<unknown>>): Promise<Result<T>> {
    const result = go();
    return result.value instanceof Promise ? this.#wait(result.value) : (result as Result<T>);
  }

  /** Goes on when a promise is settled, which the work is told of. */
  #wait(promise: Promise<unknown>): Promise<Result<T>> {
    return promise.then(
      () => this.#take(() => this.#work.next()),
      (error: unknown) => this.#take(() => this.#work.throw(error)),
    );
  }
}
Object.setPrototypeOf(InTurn.prototype, ASYNC_ITERATOR);

/**
 * Iterates over what a generator yields, as an async generator would that has `await` where this one yields a promise: one
 * value after another, however often `next` is called. An async generator waits at every value for nothing, for longer than
 * all else around a short step takes.
 */
export function inTurn<T extends object>(work: Work<T>): AsyncGenerator<T, void, undefined> {
  return new InTurn(work) as AsyncGenerator<T, void, undefined>;
}
