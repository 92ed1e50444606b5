/** What only training needs, as a chunk of its own: who only predicts never loads it. */
export { plan } from './planning.ts';
export { Training } from './training.ts';
/** For the chunk that fits heads. */
export { prepareCore } from './program.ts';
