/** The C program of host/devices/README.md trains, in the engine that is fastest, and with the bits of paper.c. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { buildProgram, missing, runProgram } from '../../../host/devices/build-c.ts';
import { DEVICES } from '../../../host/devices/tools.ts';
import { needs } from '../../support/installed.ts';

const [, snippet = ''] = /```c\n([\s\S]*?)```/.exec(readFileSync(`${DEVICES}README.md`, 'utf8')) ?? [];

const PROGRAM = `
#include <stdio.h>
#include <stdlib.h>
#include "core.h"
#include "paper.h"
static int slices;
static double feature_of(int32_t sample, uint32_t i) { return (7 * sample + 3 * (int32_t)i) % 23 - 9; }
static int32_t label_of(int32_t sample) { return sample % 2; }
static void feed_the_watchdog(void) { slices++; }
void core_trapped(const char *reason) { puts(reason); exit(1); }
static int body(void) {
${snippet}
  return 0;
}
static void show(void) {
  printf("engine %d trace %08x%08x\\n", (int)nlr_engine_in_use(), (unsigned)nlr_trace_high(), (unsigned)nlr_trace_low());
}
int main(void) {
  if (body() != 0 || slices < 1) return 1;
  show();
  struct paper_training training = {.rule = NLR_RULE_NLR, .samples = 256, .seed = 1};
  if (!core_open() || paper_prepare(&training) != 0) return 1;
  training.workspace = (uint32_t)nlr_workspace_wanted();
  if (paper_prepare(&training) != 0 || nlr_parameters_initialise() != 0 || nlr_step_begin(32) != 0) return 1;
  for (uint32_t row = 0; row < 32; row++) {
    const int32_t sample = core_integer(nlr_indices_ptr(), row);
    for (uint32_t i = 0; i < 8; i++) core_put_real(nlr_features_ptr(), row * 8 + i, feature_of(sample, i));
    core_put_integer(nlr_labels_ptr(), row, label_of(sample));
  }
  while (nlr_step_advance(100) == NLR_STATUS_MORE) continue;
  show();
  printf("samples are %d\\n", NLR_ENGINE_SAMPLES);
  return 0;
}
`;

describe('devices: the program of the page', () => {
  for (const build of ['device-fast', 'device-fast-f32']) {
    it(`${build}: trains in an engine that is faster than the samples', with the bits of paper.c`, (context) => {
      if (!needs(context, missing('linux', 'wasm2c'))) return;
      const folder = mkdtempSync(join(tmpdir(), 'nlr-vqa-'));
      try {
        const source = join(folder, 'program.c');
        writeFileSync(source, PROGRAM);
        const program = buildProgram({ target: 'linux', how: 'wasm2c', build, sources: [source, 'paper.c'] });
        const { lines, succeeded } = runProgram('linux', program, 60);
        assert.ok(succeeded, lines.join('\n'));
        const [first, second, samples] = lines;
        assert.equal(first, second);
        assert.notEqual(first.split(' ')[1], samples.split(' ').at(-1));
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }
});
