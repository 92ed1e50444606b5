/**
 * The core as C has the bits of every other engine or does not run, whatever the compiler is told: its options are
 * tried one by one. A compiler that is not installed is skipped, or fails when NLR_ALL_ENGINES is set: see installed.ts.
 */
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { isThere } from '../../../host/devices/tools.ts';
import { translate } from '../../../host/devices/translate.mjs';
import { needs } from '../../support/installed.ts';
import { HERE, ROOT, type Task } from '../../engines/engine.ts';
import { expectedOf, writeTasks } from '../../engines/matrix.ts';

const DEVICES = `${ROOT}host/devices/`;
const CORE = ['core-wasm2c.c', 'wasm2c-runtime.c'].map((name) => DEVICES + name);
const SOURCES = [...CORE, `${DEVICES}core-call.c`, `${HERE}transcript.c`, `${HERE}transcript-linux.c`];
const PACKAGES: Readonly<Record<string, string>> = {
  gcc: 'gcc libc6-dev',
  clang: 'clang',
  'aarch64-linux-gnu-gcc': 'gcc-aarch64-linux-gnu libc6-dev-arm64-cross',
  's390x-linux-gnu-gcc': 'gcc-s390x-linux-gnu libc6-dev-s390x-cross',
  'i686-linux-gnu-gcc': 'gcc-i686-linux-gnu libc6-dev-i386-cross',
  'qemu-aarch64': 'qemu-user',
};

const BUILDS = ['device', 'device-f32'] as const;
type Build = (typeof BUILDS)[number];

const folder = mkdtempSync(join(tmpdir(), 'nlr-vqa-'));
const tasks = new Map<Build, Task>();
const expected = new Map<Build, string>();

before(() => {
  for (const build of BUILDS) {
    const task = writeTasks().find((each) => each.build.name === build && each.list.name === 'common');
    assert.ok(task);
    tasks.set(build, task);
    expected.set(build, expectedOf([task])[0]);
    mkdirSync(join(folder, build));
    writeFileSync(join(folder, build, 'core-module.c'), translate(task.module));
  }
});
after(() => rmSync(folder, { recursive: true }));

/** The packages of programs that are not there. */
function absent(...programs: readonly string[]): string | undefined {
  const names = programs.filter((program) => !isThere(program)).map((name) => PACKAGES[name] ?? name);
  return names.length === 0 ? undefined : names.join(' ');
}

/** What a try lacks. */
const lackingOf = ({ cc, emulator }: Try) => absent(cc, ...(emulator === undefined ? [] : [emulator]));

/** Runs a program to its end. */
function ran(program: string, args: readonly string[]) {
  return new Promise<{ failed: boolean; out: string; err: string }>((resolve) => {
    execFile(program, args, { maxBuffer: 1 << 28 }, (error, out, err) =>
      resolve({ failed: error !== null, out, err }),
    );
  });
}

/** A try: a compiler with options, and how its program is run. */
interface Try {
  readonly cc: string;
  readonly flags: readonly string[];
  readonly build?: Build;
  /** Options of the linker alone. */
  readonly link?: readonly string[];
  /** What runs the program, where it is not for this machine. */
  readonly emulator?: string;
  /** Where host/devices is. */
  readonly devices?: string;
}

let programs = 0;

/** 'same', 'other', or what refused to compile or to run. */
async function outcome({ cc, flags, build = 'device', link = [], emulator, devices }: Try): Promise<string> {
  const sources = SOURCES.map((file) => (devices === undefined ? file : file.replace(DEVICES, devices)));
  const objects = await Promise.all(
    sources.map(async (source) => {
      const object = join(folder, `${programs++}.o`);
      const include = [`-I${join(folder, build)}`, `-I${devices ?? DEVICES}`, `-I${HERE}`];
      const { failed, err } = await ran(cc, [...flags, ...include, '-c', source, '-o', object]);
      return failed ? { err } : { object };
    }),
  );
  const refusal = objects.find(({ err }) => err !== undefined)?.err;
  if (refusal !== undefined) return refusal;
  const program = join(folder, `${programs++}`);
  const linked = await ran(cc, [
    ...flags,
    ...link,
    ...objects.map(({ object = '' }) => object),
    '-lm',
    '-o',
    program,
  ]);
  assert.equal(linked.failed, false, linked.err);
  const words = [program, (tasks.get(build) as Task).script];
  const [command, ...args] = emulator === undefined ? words : [emulator, ...words];
  const { failed, out, err } = await ran(command, args);
  if (failed) return err;
  return out.trimEnd() === expected.get(build) ? 'same' : 'other';
}

/** Whether this processor, of a PC, contracts in one instruction; no where it does not say. */
const hasFma = () => existsSync('/proc/cpuinfo') && / fma /.test(readFileSync('/proc/cpuinfo', 'utf8'));

/** No fault of the installation, so that nothing fails. What is checked so is checked on AArch64 too. */
const NO_FMA = 'this processor has no fused multiply-add; see AArch64, which always has';

const FMA = ['-mfma', '-mavx2'];
const AARCH64 = { cc: 'aarch64-linux-gnu-gcc', emulator: 'qemu-aarch64' };

/** A try that says something only where the processor contracts. */
type Contracting = Try & { readonly fma?: boolean };
/** Said by the compiler, or by the program before it computes anything. */
const REFUSED = /#error "nlr-vqa: |^trap: other bits than elsewhere: /m;

describe('C: the same bits', () => {
  const same: readonly Contracting[] = [
    ...BUILDS.flatMap((build) => [
      { cc: 'gcc', build, fma: true, flags: ['-O2', ...FMA] },
      { cc: 'clang', build, fma: true, flags: ['-O3', ...FMA] },
      { cc: 'i686-linux-gnu-gcc', build, flags: ['-O2', '-msse2', '-mfpmath=sse', '-static'] },
      { ...AARCH64, build, flags: ['-O3', '-ffp-contract=fast', '-static'] },
    ]),
    { cc: 'gcc', fma: true, flags: ['-O3', ...FMA, '-ffp-contract=fast', '-flto'] },
    { cc: 'gcc', flags: ['-O3', '-march=native'] },
    { cc: 'clang', flags: ['-Os', '-march=native', '-ffp-contract=on'] },
    { cc: 'gcc', flags: ['-O0', '-fwrapv', '-funsigned-char'] },
  ];
  for (const { fma = false, ...each } of same) {
    it(`${each.cc} ${each.flags.join(' ')}, ${each.build ?? 'device'}`, async (context) => {
      if (!needs(context, lackingOf(each))) return;
      if (fma && !hasFma()) return context.skip(NO_FMA);
      assert.equal(await outcome(each), 'same');
    });
  }

  it('gcc fuses nothing in all of the core, and does where it is not told', async (context) => {
    if (!needs(context, absent('gcc'))) return;
    const flags = ['-O3', ...FMA, '-ffp-contract=fast', '-S', '-o', '-'];
    const fused = async (source: string) => {
      const { failed, out, err } = await ran('gcc', [
        ...flags,
        `-I${join(folder, 'device')}`,
        `-I${DEVICES}`,
        source,
      ]);
      assert.equal(failed, false, err);
      return out.match(/\bvf(n?m)(add|sub)/g)?.length ?? 0;
    };
    const control = join(folder, 'control.c');
    writeFileSync(
      control,
      'double f(double a, double b, double c);\ndouble f(double a, double b, double c) { return a * b + c; }\n',
    );
    assert.ok((await fused(control)) > 0);
    assert.equal(await fused(CORE[0]), 0);
  });
});

describe('C: or no build, or no training', () => {
  const refused: readonly Try[] = [
    ...['gcc', 'clang'].flatMap((cc) =>
      [['-ffast-math'], ['-Ofast'], ['-ffinite-math-only']].map((flags) => ({
        cc,
        flags: ['-O2', ...flags],
      })),
    ),
    { cc: 'gcc', flags: ['-O2', '-funsafe-math-optimizations'] },
    { cc: 'gcc', flags: ['-O2', '-fassociative-math', '-fno-signed-zeros', '-fno-trapping-math'] },
    { cc: 'clang', flags: ['-O2', '-fassociative-math', '-fno-signed-zeros', '-fno-trapping-math'] },
    { cc: 'gcc', flags: ['-O2', '-freciprocal-math'] },
    { cc: 'gcc', flags: ['-O2', '-fno-signed-zeros'] },
    { cc: 'gcc', flags: ['-O2', '-fsingle-precision-constant'] },
    // It sets the processor to flush small numbers to zero, in the whole program.
    { cc: 'gcc', flags: ['-O2'], link: ['-ffast-math'] },
    { cc: 'i686-linux-gnu-gcc', flags: ['-O2', '-static'] },
    { cc: 'i686-linux-gnu-gcc', build: 'device-f32', flags: ['-O2', '-std=c11', '-static'] },
  ];
  for (const { cc, flags, link = [], ...rest } of refused) {
    it(`${cc} ${[...flags, ...link.map((flag) => `${flag} (linker)`)].join(' ')}`, async (context) => {
      if (!needs(context, absent(cc))) return;
      assert.match(await outcome({ cc, flags, link, ...rest }), REFUSED);
    });
  }

  const overruling: readonly Contracting[] = [
    { cc: 'clang', fma: true, flags: ['-O2', ...FMA] },
    { cc: 'clang', emulator: 'qemu-aarch64', flags: ['-O2', '--target=aarch64-linux-gnu', '-static'] },
  ];
  for (const { fma = false, ...each } of overruling) {
    const flags = [...each.flags, '-ffp-contract=fast'];
    it(`clang ${flags.join(' ')}, which overrules the pragma`, async (context) => {
      // It links with the libraries of the cross compiler.
      if (!needs(context, lackingOf(each) ?? (fma ? undefined : lackingOf({ ...AARCH64, flags })))) return;
      if (fma && !hasFma()) return context.skip(NO_FMA);
      assert.match(await outcome({ ...each, flags }), REFUSED);
    });
  }

  /** host/devices without what keeps GCC from contracting. */
  function withoutPragma(): string {
    const devices = join(folder, 'without-pragma/');
    if (existsSync(devices)) return devices;
    mkdirSync(devices);
    for (const name of readdirSync(DEVICES).filter((each) => /\.[ch]$/.test(each)))
      copyFileSync(DEVICES + name, devices + name);
    const header = readFileSync(`${DEVICES}core-arithmetic.h`, 'utf8');
    const without = header.replace(/^#pragma GCC optimize.*$/m, '');
    assert.notEqual(without, header);
    writeFileSync(`${devices}core-arithmetic.h`, without);
    return devices;
  }

  const contracting: readonly Contracting[] = [
    { cc: 'gcc', fma: true, flags: ['-O2', ...FMA] },
    { ...AARCH64, flags: ['-O2', '-static'] },
  ];
  for (const { fma = false, ...each } of contracting) {
    it(`${each.cc} without the pragma: the check at the start notices contraction by itself`, async (context) => {
      if (!needs(context, lackingOf(each))) return;
      if (fma && !hasFma()) return context.skip(NO_FMA);
      const devices = withoutPragma();
      for (const build of BUILDS) {
        const found = await outcome({ ...each, build, devices });
        assert.match(found, /^trap: other bits than elsewhere: compile the core with -ffp-contract=off/);
      }
    });
  }
});

describe('C: strict C11 without a warning', () => {
  // Our own code converts no number by accident either.
  const STRICT = '-std=c11 -pedantic -Wall -Wextra -Wconversion -Wsign-conversion -Werror'.split(' ');
  /** What a firmware takes, but for boards, wasm3 and programs for Linux. */
  const OURS = ['core-call.c', 'paper.c', 'text.c', 'train.c', 'slots.c', 'flash-ram.c', 'firmware.c'];
  /** Of expected.h, which is made for each firmware. */
  const MACROS =
    'CHECKPOINT_EVERY CORRECT CORRECT_EFFECTIVE CUT_IN_STEP ENGINE SHOTS STEPS TRACE_HIGH TRACE_LOW WORK'.split(
      ' ',
    );

  before(() => {
    const text = MACROS.map((macro) => `#define EXPECTED_${macro} 0\n`).join('');
    writeFileSync(join(folder, 'expected.h'), text);
  });

  for (const [cc, levels] of [
    ['gcc', ['-O0', '-O1', '-O2', '-O3', '-Os']],
    ['clang', ['-O0', '-O3', '-Os']],
    ['aarch64-linux-gnu-gcc', ['-O2']],
    ['i686-linux-gnu-gcc', ['-O2 -msse2 -mfpmath=sse']],
  ] as const) {
    it(`${cc} ${levels.join(', ')}`, async (context) => {
      if (!needs(context, absent(cc))) return;
      const include = [`-I${join(folder, 'device')}`, `-I${folder}`, `-I${DEVICES}`];
      for (const level of levels) {
        const flags = [...level.split(' '), ...STRICT, ...include, '-o', '/dev/null'];
        const files = [...CORE, ...OURS.map((name) => DEVICES + name)];
        const said = await Promise.all(files.map((file) => ran(cc, [...flags, '-c', file])));
        assert.equal(said.map(({ err }) => err).join(''), '', level);
      }
    });
  }

  it('the header is C++ too', (context) => {
    if (!needs(context, absent('c++'))) return;
    const source = join(folder, 'program.cpp');
    writeFileSync(
      source,
      '#include "core.h"\nint main() { return core_put_real(nlr_features_ptr(), 0, 1) ? 0 : 1; }\n',
    );
    const strict = ['-std=c++11', ...STRICT.slice(1), '-fsyntax-only', `-I${DEVICES}`];
    assert.equal(spawnSync('c++', [...strict, source], { encoding: 'utf8' }).stderr, '');
  });
});
