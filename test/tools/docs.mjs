/**
 * The API reference, by typedoc: build/docs, a page for each public name of every entry of the package. A name without
 * a description, a link that leads nowhere, or a type that is shown but not exported is an error.
 *
 *   npm run docs                   build/docs
 *   npm run docs -- --check        nothing; what is wrong is said, and the exit code is 1
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Application, Converter, ReflectionKind } from 'typedoc';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { exports } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));

/** The declarations of each entry that has types, as they are published: names of entries by paths. */
const entries = new Map(
  Object.entries(exports).flatMap(([name, { types }]) =>
    types === undefined ? [] : [[types.replace('./', ''), name.replace('.', 'nlr-vqa')]],
  ),
);

/** Names in a file of declarations that a pattern finds. @param {string} path @param {RegExp} pattern */
const namesIn = (path, pattern) =>
  [...readFileSync(`${root}dist/types/host/${path}`, 'utf8').matchAll(pattern)].map(([, name]) => name);

/** What is explained where it is: the core's exports in assembly/index.ts, and how a study takes each measure. */
const explainedElsewhere = [
  ...namesIn('core/abi.d.ts', /^ +(\w+)\(/gm).map((name) => `nlr-vqa.<internal>.CoreExports.${name}`),
  ...namesIn('study/comparison.d.ts', /^ +readonly (\w+): \{/gm).map(
    (name) => `nlr-vqa/study.<internal>.MEASURES.__type.${name}.__type.of`,
  ),
];

const application = await Application.bootstrapWithPlugins({
  name: 'nlr-vqa',
  entryPoints: [...entries.keys()].map((path) => root + path),
  // What is no export but in the type of one has a page among the others.
  plugin: ['typedoc-plugin-missing-exports'],
  basePath: root,
  tsconfig: `${root}test/tools/tsconfig.docs.json`,
  readme: 'none',
  // Folders of the repository, which the reference does not have.
  disableSources: true,
  // Programs compile against them in test/host/build/types.test.ts.
  skipErrorChecking: true,
  includeVersion: true,
  hideGenerator: true,
  excludeInternal: true,
  excludePrivate: true,
  sort: ['kind', 'alphabetical'],
  validation: { notExported: true, invalidLink: true, notDocumented: true, rewrittenLink: true },
  requiredToBeDocumented: [
    'Class',
    'Enum',
    'Function',
    'Interface',
    'Method',
    'Accessor',
    'TypeAlias',
    'Variable',
  ],
  intentionallyNotDocumented: explainedElsewhere,
  treatWarningsAsErrors: true,
});
/** A module of declarations has the name by which it is imported. */
application.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
  for (const module of project.getChildrenByKind(ReflectionKind.Module)) {
    const [path] = [...entries.keys()].filter(
      (entry) => entry.replace(/(\/index)?\.d\.ts$/, '') === module.name,
    );
    if (path === undefined) throw new Error(`${module.name} is no entry`);
    module.name = entries.get(path);
  }
});
const project = await application.convert();
if (project === undefined) process.exit(1);
application.validate(project);

/**
 * Tables inside of the library, which are no part of what it promises, and what is JavaScript's own: types of its library,
 * and what every Error has.
 */
const NOT_OURS =
  /<internal>\.(?:[A-Z][A-Z\d_]+|ArrayLike|ErrorOptions|(?:Promise|Iterator)\w+)\.|Error\.(?:message|stack|cause)$/;

// Every property is described: what it is, its unit, its range.
for (const property of project.getReflectionsByKind(ReflectionKind.Property)) {
  const name = property.getFullName();
  if (!NOT_OURS.test(name) && !property.hasComment()) application.logger.error(`${name} is not described`);
}
const isCheck = process.argv.includes('--check');
if (!isCheck) await application.generateDocs(project, `${root}build/docs`);
if (application.logger.hasErrors() || application.logger.hasWarnings()) process.exitCode = 1;
