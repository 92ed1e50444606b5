/** Section IV and what the text claims of plateaus, minima and clients. */
import type { Experiment } from '../experiment.ts';
import { AT_MINIMUM } from './at-minimum.ts';
import { CLAIM } from './claim.ts';
import { CLIENTS } from './global-clients.ts';
import { LEMMA_1, LEMMA_2 } from './lemmas.ts';
import { NOISE } from './noise.ts';
import { REMARK_1 } from './remark-1.ts';
import { THEOREM_1 } from './theorem-1.ts';
import { THEOREM_2 } from './theorem-2.ts';
import { VARIANCE } from './variance.ts';

/** In the order of the paper, the claim last. */
export const THEORY: readonly Experiment[] = [
  LEMMA_1,
  LEMMA_2,
  THEOREM_1,
  REMARK_1,
  THEOREM_2,
  AT_MINIMUM,
  VARIANCE,
  NOISE,
  CLIENTS,
  CLAIM,
];
