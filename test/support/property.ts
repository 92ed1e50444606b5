/**
 * Property tests on the same cases in every run, so that one that passes once passes always. NLR_SEED=n tries
 * others; a failure prints its seed and the smallest case that fails.
 */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env.NLR_SEED ?? 1041) });

export default fc;
