/** The release build as a chunk of its own: who only predicts never loads it. */
export { default } from '../../build/core.wasm';
