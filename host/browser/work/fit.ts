/** What a model costs on a device, and the files that put it there. */
import { type Plan, plan, type Trainer } from '../../index.ts';
import type { Arm, Settings } from '../settings/settings.ts';
import { cArray, type MadeFile } from './files.ts';
import { modelOf, trainingOf } from './options.ts';

/** Gets a file that lies beside the page. @throws Error when it is not there */
export type Fetch = (name: string) => Promise<Uint8Array>;

/** The modules that there are for devices. */
export const TARGETS = [
  'device-f32',
  'device',
  'device-columns-f32',
  'device-fast-f32',
  'device-fast',
] as const;
export type Target = (typeof TARGETS)[number];

/** What one module makes of a model. */
export interface Fit {
  readonly target: Target;
  /** Bytes of the module. */
  readonly moduleBytes: number;
  /** Absent where the module cannot train it: see `refusal`. */
  readonly plan?: Plan;
  /** Why not, in a sentence. */
  readonly refusal?: string;
}

/** Modules by name, once they have been fetched. */
const modules = new Map<Target, Uint8Array>();

async function moduleOf(target: Target, fetch: Fetch): Promise<Uint8Array> {
  const found = modules.get(target) ?? (await fetch(`nlr-vqa/core.${target}.wasm`));
  modules.set(target, found);
  return found;
}

/** Plans a model and the training of one rule for every module. @param features numbers in a row of the race's data */
export async function fitsOf(
  settings: Settings,
  arm: Arm,
  features: number,
  classes: number,
  fetch: Fetch,
): Promise<Fit[]> {
  const { budgetBytes, nanoseconds } = settings;
  const [model, training] = [modelOf(settings, features, classes), trainingOf(settings, arm)];
  const rate = nanoseconds > 0 ? { nanosecondsPerGate: nanoseconds } : {};
  const one = async (target: Target): Promise<Fit> => {
    const wasm = await moduleOf(target, fetch);
    const common = { target, moduleBytes: wasm.length };
    try {
      return { ...common, plan: await plan(model, training, { build: { wasm }, budgetBytes, ...rate }) };
    } catch (error) {
      return {
        ...common,
        refusal: `this module cannot train it by ${arm.rule}: ${(error as Error).message}`,
      };
    }
  };
  const fits: Fit[] = [];
  for (const target of TARGETS) fits.push(await one(target));
  return fits;
}

/** The core as C for a module, with a trained model as an array, packed. */
export async function firmware(target: Target, trainer: Trainer, fetch: Fetch): Promise<MadeFile> {
  const { strToU8, unzipSync, zipSync } = await import('fflate');
  const sources = unzipSync(await fetch(`c/${target}.zip`));
  const model = trainer.save();
  const { rule, seed } = trainer.training;
  const readMe = [
    `The core of nlr-vqa as C, the module ${target}, and a model that was trained by ${rule}, ${trainer.steps} steps, seed ${seed}.`,
    '',
    'compile.txt has the line that compiles example.c with it. model.h is the model as an array: copy its bytes to where',
    'nlr_image_ptr() points, and call nlr_model_read with their number. nlr_vqa.h says what each function does.',
    '',
  ].join('\n');
  const files = {
    ...sources,
    'README.txt': strToU8(readMe),
    'model.h': strToU8(cArray(model, 'nlr_model')),
    'model.nlrvqa': model,
  };
  // A date of its own would make another file of the same model.
  const mtime = new Date(1980, 0, 1, 12);
  return {
    name: `nlr-vqa-${target}.zip`,
    type: 'application/zip',
    bytes: zipSync(files, { level: 9, mtime }),
  };
}
