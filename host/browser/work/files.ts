/** What can be taken home of a trained model. */
import type { Trainer } from '../../index.ts';

/** A file to be saved. */
export interface MadeFile {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** What can be asked for of a trained model. */
export type FileKind = 'model' | 'qasm' | 'c' | 'parameters';

const text = (content: string) => new TextEncoder().encode(content);

/** Numbers on a line of the C array. */
const PER_LINE = 16;

/** Bytes as an array in C, whose first image a device reads with `nlr_model_read`. */
export function cArray(bytes: Uint8Array, name: string): string {
  const lines: string[] = [];
  for (let i = 0; i < bytes.length; i += PER_LINE)
    lines.push(
      `  ${Array.from(bytes.subarray(i, i + PER_LINE), (byte) => `0x${byte.toString(16).padStart(2, '0')}`).join(', ')},`,
    );
  return [
    `/* A model of nlr-vqa, ${bytes.length} bytes: the image for a device first, then what a host reads beside it. */`,
    '#include <stdint.h>',
    '',
    `const uint8_t ${name}[${bytes.length}] = {`,
    ...lines,
    '};',
    '',
  ].join('\n');
}

/** The circuit with its trained angles as OpenQASM 3. */
async function qasmOf(trainer: Trainer): Promise<string> {
  const { writeOpenQasm } = await import('../../qasm/index.ts');
  const { circuit, qubits, circuitParameters, encoding } = trainer.model;
  const amplitudes =
    encoding === 'amplitude' ? '; the features are amplitudes of the state that it starts from' : '';
  return writeOpenQasm(circuit, {
    qubits,
    parameters: Float64Array.from(trainer.parameters).slice(0, circuitParameters),
    comment: `trained by ${trainer.training.rule}, ${trainer.steps} steps, seed ${trainer.training.seed}, trace ${trainer.trace}${amplitudes}`,
  });
}

/** The parameters by their places, a line each. */
const parametersOf = (trainer: Trainer) =>
  ['parameter,value', ...Array.from(trainer.parameters, (value, i) => `${i},${value}`), ''].join('\n');

/** Makes a file. @param stem what its name begins with */
export async function fileOf(kind: FileKind, trainer: Trainer, stem: string): Promise<MadeFile> {
  if (kind === 'model')
    return { name: `${stem}.nlrvqa`, type: 'application/octet-stream', bytes: trainer.save() };
  if (kind === 'qasm')
    return { name: `${stem}.qasm`, type: 'text/plain', bytes: text(await qasmOf(trainer)) };
  if (kind === 'c')
    return { name: `${stem}.h`, type: 'text/plain', bytes: text(cArray(trainer.save(), 'nlr_model')) };
  return { name: `${stem}-parameters.csv`, type: 'text/csv', bytes: text(parametersOf(trainer)) };
}
