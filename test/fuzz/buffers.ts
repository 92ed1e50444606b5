/** The buffers that a host may write, how large they are, and what the fuzzer fills them with. */
import { Option, REPORT_COUNT } from '../../assembly/abi/codes.ts';
import type { Abi } from '../support/core-harness.ts';
import type { Draws } from './draws.ts';

/** Their getters. */
export const BUFFERS = [
  'features_ptr',
  'labels_ptr',
  'targets_ptr',
  'weights_ptr',
  'indices_ptr',
  'parameters_ptr',
  'average_ptr',
  'gradient_ptr',
  'outputs_ptr',
  'report_ptr',
  'image_ptr',
] as const;

export type HostBuffer = (typeof BUFFERS)[number];

/** Bytes of a buffer as things stand; 0 when it is not laid out. */
export function roomOf(abi: Abi, buffer: HostBuffer): number {
  // A build that has no targets has no function for them either.
  if ((abi[buffer]?.() ?? 0) === 0) return 0;
  const batch = abi.option_value(Option.Batch);
  const real = abi.real_bytes();
  switch (buffer) {
    case 'features_ptr':
      return real * batch * abi.option_value(Option.Features);
    case 'labels_ptr':
    case 'indices_ptr':
      return 4 * batch;
    case 'targets_ptr':
    case 'weights_ptr':
      return real * batch;
    case 'parameters_ptr':
    case 'gradient_ptr':
      return real * abi.parameter_count();
    case 'average_ptr':
      return real * (abi.parameter_count() + 1);
    case 'outputs_ptr':
      return real * batch * Math.max(abi.option_value(Option.Logits), 1);
    case 'report_ptr':
      return 8 * REPORT_COUNT;
    case 'image_ptr':
      return abi.image_capacity();
  }
}

/** Content for a buffer: numbers of its kind, tame or not, or any bytes. @param real bytes of a real */
export function drawContent(draws: Draws, buffer: HostBuffer, bytes: number, real: number): Uint8Array {
  const content = new Uint8Array(bytes);
  if (draws.rng() < 0.3) return content.map(() => draws.below(256));
  if (buffer === 'labels_ptr' || buffer === 'indices_ptr') {
    const view = new Int32Array(content.buffer);
    for (let i = 0; i < view.length; i++) view[i] = draws.pick([0, 1, draws.integer()]);
    return content;
  }
  const wide = buffer === 'report_ptr' || real === 8;
  const view = wide
    ? new Float64Array(content.buffer, 0, bytes >> 3)
    : new Float32Array(content.buffer, 0, bytes >> 2);
  const tame = draws.rng() < 0.5;
  for (let i = 0; i < view.length; i++) view[i] = tame ? draws.between(-3, 3) : draws.number();
  return content;
}
