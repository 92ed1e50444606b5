/** The module that a changed source makes: of the first build in which the change shows at all. */
import { existsSync, readFileSync } from 'node:fs';
import { main } from 'assemblyscript/asc';

/**
 * A build that is made with a change, and whose place in the tests the module takes: the debug build is quickly made and
 * takes that of the release, which every test of a single build loads.
 * @typedef {{ target: string, place: string }} Made
 * @type {readonly Made[]}
 */
const BUILDS = [
  { target: 'debug', place: 'release' },
  ...['release', 'compact', 'device', 'device-f32'].map((target) => ({ target, place: target })),
];

/** @typedef {{ place: string, module: Buffer }} Mutant */

/**
 * Compiles changes of the core.
 * @param {string} root of the repository
 */
export function mutantsOf(root) {
  /** @type {Map<string, Buffer>} */
  const unchanged = new Map();

  /**
   * A build of the sources, with one of them in another form; undefined where that is no program.
   * @param {string} target of asconfig.json @param {string} [path] @param {string} [text]
   */
  async function compiled(target, path, text) {
    /** @type {Buffer | undefined} */
    let module;
    const { error } = await main(['--baseDir', root, '--target', target, '--outFile', 'core.wasm'], {
      readFile(name, folder) {
        const file = name.startsWith('/') ? name : `${folder.replace(/\/$/, '')}/${name}`;
        if (path !== undefined && file === root + path) return text ?? null;
        return existsSync(file) ? readFileSync(file, 'utf8') : null;
      },
      writeFile: (_, content) => {
        if (typeof content !== 'string') module = Buffer.from(content);
      },
    });
    return error === null ? module : undefined;
  }

  /** A build as the sources are. @param {string} target */
  async function asItIs(target) {
    const module = unchanged.get(target) ?? (await compiled(target));
    if (module === undefined) throw new Error(`the ${target} build does not compile`);
    unchanged.set(target, module);
    return module;
  }

  return {
    /** The module in a place without any change. @param {string} place */
    unchangedAt: (place) => asItIs(BUILDS.find((each) => each.place === place)?.target ?? place),

    /**
     * What a source in another form makes: 'invalid' is no program, 'nowhere' is the same module in every build.
     * @param {string} path @param {string} text @returns {Promise<Mutant | 'invalid' | 'nowhere'>}
     */
    async mutant(path, text) {
      for (const { target, place } of BUILDS) {
        const module = await compiled(target, path, text);
        if (module === undefined) return 'invalid';
        if (!module.equals(await asItIs(target))) return { place, module };
      }
      return 'nowhere';
    },
  };
}
