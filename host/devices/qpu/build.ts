/** Builds train_with_qpu.c for this machine, and prints where the program is: `build.ts [wasm2c | wasm3]`. */
import { buildProgram } from '../build-c.ts';

const how = process.argv[2] === 'wasm3' ? 'wasm3' : 'wasm2c';
const sources = ['qpu/train_with_qpu.c', 'qpu/qpu.c', 'own-file.c'];
process.stdout.write(`${buildProgram({ target: 'linux', how, build: 'device-fast', sources })}\n`);
