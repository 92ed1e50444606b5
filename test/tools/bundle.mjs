/**
 * Bundles main.js of a folder, which has installed the package, as a site: FOLDER/NAME/ with index.html in it.
 *
 *   node test/tools/bundle.mjs vite|webpack|rollup|esbuild FOLDER
 *
 * Each bundler has the settings that it starts with, and one plugin where it cannot find packages by itself. Prints
 * the scripts that it made, as a line of JSON.
 */
import { readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A page that loads a script of its own folder. @param {string} script */
const page = (script) => `<!doctype html>\n<script type="module" src="./${script}"></script>\n`;

/** rollup has no notion of packages without a plugin: this one asks Node, as a browser's program. */
const packages = (folder) => ({
  name: 'packages',
  resolveId: (name) =>
    name.startsWith('nlr-vqa') ? createRequire(join(folder, 'main.js')).resolve(name) : undefined,
});

/** How each makes `site`. @type {Record<string, (folder: string, site: string) => Promise<unknown>>} */
const BUNDLERS = {
  async vite(folder, outDir) {
    const { build } = await import('vite');
    writeFileSync(join(folder, 'index.html'), page('main.js'));
    await build({ root: folder, base: './', logLevel: 'error', configFile: false, build: { outDir } });
  },
  async webpack(folder, path) {
    const { default: webpack } = await import('webpack');
    const stats = await promisify(webpack)({
      mode: 'production',
      context: folder,
      entry: './main.js',
      output: { path, filename: 'main.js' },
      // Advice on how large a page should be is no matter of the package.
      performance: false,
    });
    if (stats.hasErrors() || stats.hasWarnings()) throw new Error(stats.toString('errors-warnings'));
    writeFileSync(join(path, 'index.html'), page('main.js'));
  },
  async rollup(folder, dir) {
    const { rollup } = await import('rollup');
    const refuse = (warning) => {
      throw new Error(warning.message);
    };
    const bundle = await rollup({
      input: join(folder, 'main.js'),
      plugins: [packages(folder)],
      onwarn: refuse,
    });
    await bundle.write({ dir, format: 'es' });
    writeFileSync(join(dir, 'index.html'), page('main.js'));
  },
  async esbuild(folder, outdir) {
    const { build } = await import('esbuild');
    const entryPoints = [join(folder, 'main.js')];
    const settings = { bundle: true, splitting: true, format: 'esm', minify: true, logLevel: 'warning' };
    await build({ absWorkingDir: folder, entryPoints, outdir, ...settings });
    writeFileSync(join(outdir, 'index.html'), page('main.js'));
  },
};

const [name, folder] = process.argv.slice(2);
const site = join(folder, name);
await BUNDLERS[name](folder, site);
const files = readdirSync(site, { recursive: true });
console.log(JSON.stringify(files.filter((file) => /\.m?js$/.test(file))));
