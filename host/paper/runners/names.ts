/** Names of who works out cells: what cells say, without what it takes to work them out. */

/** One of them. */
export type RunnerName =
  'clients' | 'cost' | 'descent' | 'exit' | 'growth' | 'tentative' | 'trace' | 'variance';
