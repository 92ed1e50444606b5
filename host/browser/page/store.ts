/** A value that parts of the page look at, and that tells them when it changes. */
import { useEffect, useState } from 'preact/hooks';

/** A value with those who look at it. */
export interface Store<T> {
  get(): T;
  set(next: T): void;
  /** @returns what ends it */
  watch(look: (value: T) => void): () => void;
}

/** Makes a store. */
export function store<T>(first: T): Store<T> {
  let value = first;
  const looking = new Set<(value: T) => void>();
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const look of looking) look(next);
    },
    watch(look) {
      looking.add(look);
      return () => looking.delete(look);
    },
  };
}

/** The value of a store, for a component that is drawn again with it. */
export function useStore<T>(of: Store<T>): T {
  const [value, set] = useState(of.get());
  useEffect(() => {
    set(() => of.get());
    return of.watch((next) => set(() => next));
  }, [of]);
  return value;
}
