/**
 * Writes every file that derives from the tables in assembly/abi and from the core's sources, formatted:
 *
 *   npm run generate               writes them
 *   npm run generate -- --check    exits 1 when one is not up to date
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { makeHeader, makeWords } from './generate/c-header.ts';
import { makeCodes } from './generate/codes.ts';
import { makeDispatch, makeGradients, makeRanges, makeTraits } from './generate/core-tables.ts';
import { makeChoices, makeRefusals, makeTrainingOptions } from './generate/library.ts';

const ROOT = new URL('../../', import.meta.url);

/** The generated files and what makes each, by their paths. */
const FILES: Readonly<Record<string, () => string>> = {
  'assembly/abi/codes.ts': makeCodes,
  'assembly/abi/ranges.ts': makeRanges,
  'assembly/abi/traits.ts': makeTraits,
  'assembly/gradients/dispatch.ts': makeGradients,
  'assembly/rules/dispatch.ts': makeDispatch,
  'host/core/refusals.ts': makeRefusals,
  'host/api/choices.ts': makeChoices,
  'host/api/training-options.ts': makeTrainingOptions,
  'host/devices/nlr_vqa.h': makeHeader,
  'host/devices/wasmtime/words.py': makeWords,
};

/** The text of every generated file, by its path. */
export async function generated(): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const [path, make] of Object.entries(FILES)) {
    const filepath = fileURLToPath(new URL(path, ROOT));
    const text = make();
    const formatted = path.endsWith('.ts')
      ? await format(text, { ...(await resolveConfig(filepath)), filepath })
      : text;
    texts.set(path, formatted);
  }
  return texts;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, text] of await generated()) {
    const file = new URL(path, ROOT);
    if (!process.argv.includes('--check')) writeFileSync(file, text);
    else if (readFileSync(file, 'utf8') !== text) {
      process.stderr.write(`${path} is not up to date: npm run generate\n`);
      process.exitCode = 1;
    }
  }
}
