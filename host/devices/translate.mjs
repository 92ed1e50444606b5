/**
 * A module of the core as C, for core-wasm2c.c: what wasm2c makes of it, without what wasm2c-runtime.h has instead.
 *
 *   node host/devices/translate.mjs build/core.device.wasm > core-module.c
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const WABT = `${ROOT}node_modules/wabt/`;

/** The package that translates, with its version: what decides the C apart from the module. */
export const TRANSLATOR = `wabt ${JSON.parse(readFileSync(`${WABT}package.json`, 'utf8')).version}`;

/** What wasm2c says of a module: its C, and the header that it includes. @param {string} module */
function wasm2c(module) {
  const folder = mkdtempSync(join(tmpdir(), 'nlr-vqa-'));
  try {
    const file = join(folder, 'module.c');
    const args = [`${WABT}bin/wasm2c`, '-n', 'core', module, '-o', file];
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${module} is not translated: ${stderr.trim()}`);
    return { source: readFileSync(file, 'utf8'), header: readFileSync(join(folder, 'module.h'), 'utf8') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The text from one mark up to another.
 * @param {string} text
 * @param {string} from
 * @param {string} [to] default: to the end
 */
function between(text, from, to) {
  const start = text.indexOf(from);
  const end = to === undefined ? text.length : text.indexOf(to, start);
  if (start < 0 || end < 0) throw new Error(`this is not the C of ${TRANSLATOR}: it has no '${from}'`);
  return text.slice(start, end);
}

/**
 * Translates a module. Of wasm2c's own frame only the arithmetic stays: includes, types, traps and accesses to memory
 * are those of wasm2c-runtime.h, with base and offset apart.
 * @param {string} module its path
 * @returns {string} C to be included by core-wasm2c.c
 * @throws Error where wasm2c does not take the module
 */
export function translate(module) {
  const { source, header } = wasm2c(module);
  if (/CALL_INDIRECT\(instance|wasm_rt_grow_memory\(&instance/.test(source)) {
    throw new Error(`${module} calls through a table or grows its memory, which wasm2c-runtime.h leaves out`);
  }
  const types = between(header, 'typedef struct Z_core_instance_t {', '#ifdef __cplusplus\n}').replace(
    /^void Z_core_free.*\n/m,
    '',
  );
  const accesses = between(source, 'DEFINE_LOAD(i32_load,', '#if defined(_MSC_VER)');
  const arithmetic = between(source, '#define I32_CLZ(x) ((x)', 'static inline void memory_fill')
    .replace('#endif\n', '')
    // Of a signed 1 the shift would be undefined.
    .replaceAll('~(1 << 31)', '~(1u << 31)')
    .replaceAll('~(1ll << 63)', '~(1ull << 63)');
  const functions = between(source, 'static void init_globals', 'void Z_core_free(')
    .replace(/, \(u64\)\((\w+)\)(?: \+ (\d+)u?)?/g, (_, base, offset = '0') => `, ${base}, ${offset}u`)
    // A void function returns no expression in ISO C.
    .replace(/^(void Z_coreZ_\w+\(.*\) \{\n {2})return /gm, '$1')
    .replace(/^ {2}assert\(.*\);\n/gm, '')
    .replace(/^ {2}(s_module_initialized = true|init_func_types\(\));\n/gm, '');
  const prototypes = source.match(/^static \w+ w2c_\w+\(.*\);\n/gm) ?? [];
  const text = `${types}\n${accesses}\n${arithmetic}\n${prototypes.join('')}\n${functions.trimEnd()}\n`;
  return `/* ${basename(module)} as C, by wasm2c of ${TRANSLATOR}: a part of core-wasm2c.c. Generated. */\n
${text.replace(/^(?=(?:u32|u64|f32|f64|void|wasm_rt_memory_t)\*? Z_core)/gm, 'static ')}`;
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [module] = process.argv.slice(2);
  if (module === undefined) {
    process.stderr.write('usage: translate.mjs MODULE\n');
    process.exitCode = 2;
  } else {
    process.stdout.write(translate(module));
  }
}
