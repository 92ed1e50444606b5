/** Work that goes through some threads, one piece after another, until it is done, one fails or a signal comes. */

/** Some threads. */
interface Closable {
  close(): Promise<void>;
}

/** Which threads. */
export interface ThroughPool<Pool extends Closable> {
  /** @param giveUp is to be called when a thread cannot start or ends */
  readonly start: (giveUp: (reason: unknown) => void) => Pool;
  readonly count: number;
  readonly signal?: AbortSignal;
}

/**
 * Does all pieces. One more is under way than there are threads: the next one is prepared while they are all at work.
 * @throws what was given up with, the signal's reason, or what the first piece that failed threw
 */
export async function throughPool<Pool extends Closable, Piece>(
  { start, count, signal }: ThroughPool<Pool>,
  pieces: readonly Piece[],
  one: (pool: Pool, piece: Piece) => Promise<void>,
): Promise<void> {
  let giveUp: (reason: unknown) => void = () => {};
  const givenUp = new Promise<never>((_, reject) => {
    giveUp = reject;
  });
  const abort = () => giveUp(signal?.reason);
  signal?.addEventListener('abort', abort);
  const pool = start(giveUp);
  let next = 0;
  const work = async () => {
    while (next < pieces.length) await one(pool, pieces[next++]);
  };
  try {
    await Promise.race([givenUp, Promise.all(Array.from({ length: count + 1 }, work))]);
  } finally {
    next = pieces.length;
    signal?.removeEventListener('abort', abort);
    await pool.close();
  }
}
