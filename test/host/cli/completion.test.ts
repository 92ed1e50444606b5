/** The scripts for shells: what bash, zsh and fish themselves make of a half-typed line, and that no flag is forgotten. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test, type TestContext } from 'node:test';
import { isThere } from '../../../host/devices/tools.ts';
import { Workshop } from '../../support/cli-process.ts';
import { needs } from '../../support/installed.ts';

let shop: Workshop;
const scripts = new Map<string, string>();
before(async () => {
  shop = await Workshop.open();
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { code, stdout, stderr } = await shop.run(['completion', shell]);
    assert.deepEqual([code, stderr], [0, '']);
    scripts.set(shell, stdout);
    writeFileSync(join(shop.folder, `completion.${shell}`), stdout);
  }
  writeFileSync(join(shop.folder, 'model.nlrvqa'), '');
});
after(() => shop.close());

/** What is typed, a tab for a completion, and the arguments that the program is given then. */
const TYPED: readonly (readonly [line: string, given: readonly string[]])[] = [
  ['pred\tmod\t --prob\t', ['predict', 'model.nlrvqa', '--probabilities']],
  ['train --rule nlr-gu\t--csv mod\t', ['train', '--rule', 'nlr-guarded', '--csv', 'model.nlrvqa']],
  ['train --loss=hi\t', ['train', '--loss=hinge']],
  ['data ma\tmoo\t', ['data', 'make', 'moons']],
];

/** Types lines at a shell on a terminal of its own. @returns the arguments that the program got in each */
function typed(shell: string, setUp: string): string[] {
  const home = join(shop.folder, `home-${shell}`);
  mkdirSync(home);
  const program = `nlr-vqa() { printf '<%s>' "$@"; echo; }\n`;
  writeFileSync(join(home, '.zshrc'), `${setUp}\n${program}`);
  const lines = [...TYPED.map(([line]) => `nlr-vqa ${line}\n`), 'exit\n'].join('');
  const interactive =
    shell === 'bash' ? `bash --noprofile --rcfile ${home}/.zshrc -i` : 'zsh --no-global-rcs -i';
  const env = { ...process.env, ZDOTDIR: home, HOME: home, TERM: 'dumb', INPUTRC: '/dev/null' };
  const options = { cwd: shop.folder, input: lines, env, encoding: 'utf8' } as const;
  const { stdout } = spawnSync('script', ['-qec', interactive, '/dev/null'], options);
  return stdout.match(/(?:<[^<>\n\r]+>)+(?=\r?\n)/g) ?? [];
}

const expected = TYPED.map(([, given]) => given.map((word) => `<${word}>`).join(''));
const lacking = (shell: string) =>
  isThere('script') && isThere(shell) ? undefined : `${shell}, and script of bsdutils`;

describe('a shell completes commands, words, files and flags', () => {
  test('bash', (context: TestContext) => {
    if (!needs(context, lacking('bash'))) return;
    assert.deepEqual(typed('bash', 'source ./completion.bash'), expected);
  });

  test('zsh', (context: TestContext) => {
    if (lacking('zsh') !== undefined) return context.skip('please install: zsh');
    const setUp = 'autoload -Uz compinit; compinit -u -D\nsource ./completion.zsh';
    assert.deepEqual(typed('zsh', setUp), expected);
  });

  test('fish', (context: TestContext) => {
    if (!isThere('fish')) return context.skip('please install: fish');
    const questions = ['pred', 'train --rule nlr-gu', 'train --csv mod', 'data make moo', 'predict m --prob'];
    const asked = questions.map((line) => `complete -C 'nlr-vqa ${line}'; echo =`).join('; ');
    const env = { ...process.env, HOME: shop.folder };
    const run = ['-c', `source ./completion.fish; ${asked}`];
    const { stdout } = spawnSync('fish', run, { cwd: shop.folder, env, encoding: 'utf8' });
    const answers = stdout.split('=\n').map((text) => text.split('\n')[0].split('\t')[0]);
    assert.deepEqual(answers.slice(0, -1), [
      'predict',
      'nlr-guarded',
      'model.nlrvqa',
      'moons',
      '--probabilities',
    ]);
  });
});

describe('the scripts', () => {
  test('have every command, and every flag that its help has', async () => {
    const bash = scripts.get('bash') ?? '';
    const branches = new Map(
      [...bash.matchAll(/^ {4}'([^']*)'\)\n([\s\S]*?)^ {6};;$/gm)].map(([, path, body]) => [path, body]),
    );
    const offered = (path: string) =>
      /-\* \]\]; then COMPREPLY=\(\$\(compgen -W '([^']*)'/.exec(branches.get(path) ?? '');
    for (const path of ['', '/train', '/data/make/moons']) {
      const { stdout } = await shop.run([...path.split('/').filter((word) => word !== ''), '--help']);
      const flags = [...stdout.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(([, flag]) => flag);
      const found = offered(path)?.[1]
        .split(' ')
        .filter((flag) => flag.startsWith('--'));
      assert.ok(flags.length > 1);
      assert.deepEqual(found?.sort(), flags.sort(), path);
    }
    const leaves = [...branches.keys()].filter(
      (path) => ![...branches.keys()].some((other) => other.startsWith(`${path}/`)),
    );
    assert.ok(leaves.length > 15);
    for (const path of leaves)
      for (const flag of ['--json', '--quiet', '--seed'])
        assert.ok(offered(path)?.[1].split(' ').includes(flag), path);
    for (const shell of ['zsh', 'fish'])
      for (const path of branches.keys()) assert.ok(scripts.get(shell)?.includes(path), `${shell}: ${path}`);
  });

  test('are an object with --json, and of other shells there are none', async () => {
    assert.deepEqual(await shop.json(['completion', 'bash']), { shell: 'bash', script: scripts.get('bash') });
    const { code, stdout, stderr } = await shop.run(['completion', 'tcsh']);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /bash, zsh, fish/);
  });
});
