/**
 * What publint and Are The Types Wrong say of an archive of the package, as one line of JSON.
 *
 *   node test/tools/lint.mjs FOLDER ARCHIVE
 *
 * FOLDER is the installed package, ARCHIVE the file that it is from.
 */
import { readFileSync } from 'node:fs';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

const [folder, archive] = process.argv.slice(2);
const manifest = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));

const { messages } = await publint({ pkgDir: folder, pack: false, strict: true });
const tarball = createPackageFromTarballData(readFileSync(archive));
const { problems = [], entrypoints = {} } = await checkPackage(tarball);
console.log(
  JSON.stringify({
    publint: messages.map(
      (message) => `${message.type}: ${formatMessage(message, manifest, { color: false })}`,
    ),
    types: problems.map(({ kind, entrypoint, resolutionKind }) => ({ kind, entrypoint, resolutionKind })),
    entries: Object.keys(entrypoints),
  }),
);
