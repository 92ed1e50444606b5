/** What the tests notice when host or core are changed: what was recorded last, as pages have it. */

/** Changes of a source. */
interface RecordedChanges {
  readonly noticed: number;
  /** The tests came to no end with them, which counts as noticed. */
  readonly endless: number;
  readonly survived: number;
  /** In what no test of the group runs. */
  readonly uncovered: number;
  /** In what runs once when a module is loaded. */
  readonly untried: number;
}

/** Some of all changes, drawn at random. */
interface RecordedSample {
  readonly seed: number;
  /** Sources that are in a group. */
  readonly sources: number;
  /** Changes that there are of them. */
  readonly all: number;
  readonly counts: RecordedChanges;
  /** Where the share of all that is noticed lies, with 95 % of confidence. */
  readonly interval: readonly [number, number];
}

/** Some of all changes of the core, drawn at random. */
interface RecordedCore {
  readonly seed: number;
  /** Changes that there are. */
  readonly all: number;
  readonly counts: {
    readonly killed: number;
    readonly survived: number;
    /** Did not compile. */
    readonly invalid: number;
    /** Are in no module. */
    readonly nowhere: number;
  };
  /** Where the share of all that is killed lies, with 95 % of confidence. */
  readonly interval: readonly [number, number];
}

export interface RecordedMutation {
  /** Sources of each room of the host, tried or not. */
  readonly sources: Readonly<Record<string, number>>;
  readonly sample?: RecordedSample;
  readonly groups: Readonly<Record<string, { readonly files: Readonly<Record<string, RecordedChanges>> }>>;
  readonly core?: RecordedCore;
}

const sumOf = (files: readonly RecordedChanges[], of: keyof RecordedChanges) =>
  files.reduce((sum, each) => sum + each[of], 0);

const noticedIn = (files: readonly RecordedChanges[]) => sumOf(files, 'noticed') + sumOf(files, 'endless');
const triedIn = (files: readonly RecordedChanges[]) =>
  noticedIn(files) + sumOf(files, 'survived') + sumOf(files, 'uncovered');

const shareOf = (files: readonly RecordedChanges[]) => (100 * noticedIn(files)) / triedIn(files);

const roomOf = (path: string) => path.split('/').slice(1, -1).join('/');

/** What a sample says, and of which part of the host. */
function sampleText({ seed, sources, all, counts, interval }: RecordedSample, every: number): string {
  const [from, to] = interval.map((share) => (100 * share).toFixed(1));
  const drawn = triedIn([counts]) + counts.untried;
  return [
    `Drawn at random, by seed ${seed}, were ${drawn} of the ${all.toLocaleString('en-US')} changes of ${sources} sources that are in a group.`,
    `Of ${triedIn([counts])} that were tried ${noticedIn([counts])} were noticed, ${shareOf([counts]).toFixed(1)} %,`,
    `which has 95 % of confidence for a share of all between ${from} and ${to} %: with ${counts.endless} the tests came to no end,`,
    `${counts.survived} survived, ${counts.uncovered} are in no test; ${counts.untried} were not tried.`,
    `The other ${every - sources} of ${every} sources are in no group, and it says nothing of them.`,
  ].join(' ');
}

/** What a sample of the core says. */
export function coreMutation({ core }: RecordedMutation): string {
  if (core === undefined) return 'None is recorded.';
  const { seed, all, interval } = core;
  const { killed, survived, invalid, nowhere } = core.counts;
  const tried = killed + survived;
  const [from, to] = interval.map((share) => (100 * share).toFixed(1));
  return [
    `Drawn at random, by seed ${seed}, were ${tried + invalid + nowhere} of ${all.toLocaleString('en-US')} changes of the core, of which ${invalid} did not compile and ${nowhere} are in no module.`,
    `Of the others ${killed} were noticed, ${((100 * killed) / tried).toFixed(1)} %, which has 95 % of confidence for a share of all between ${from} and ${to} %; ${survived} survived.`,
  ].join(' ');
}

/** A row for each room some of whose sources were changed, and one for the rest. */
export function mutationTable({ sources, sample, groups }: RecordedMutation): string {
  const files = Object.values(groups).flatMap((group) => Object.entries(group.files));
  const row = (name: string, all: number, changed: readonly (readonly [string, RecordedChanges])[]) => {
    const counts = changed.map(([, each]) => each);
    const tried = changed.filter(([, each]) => triedIn([each]) > 0);
    const [least] = tried.sort(([, a], [, b]) => shareOf([a]) - shareOf([b]));
    const cells = [
      ...[name, `${changed.length} of ${all}`, triedIn(counts).toLocaleString('en-US')],
      ...[tried.length > 0 ? `${shareOf(counts).toFixed(1)} %` : '', sumOf(counts, 'endless')],
      sumOf(counts, 'survived'),
      ...[sumOf(counts, 'uncovered'), sumOf(counts, 'untried')],
      least === undefined ? '' : `${least[0].split('/').at(-1)} ${shareOf([least[1]]).toFixed(1)} %`,
    ];
    return `| ${cells.join(' | ')} |`;
  };
  const rooms = Object.entries(sources).map(([room, all]) => {
    const changed = files.filter(([path]) => roomOf(path) === room);
    return { room, all, changed };
  });
  const rest = rooms.filter(({ changed }) => changed.length === 0);
  const all = Object.values(sources).reduce((sum, each) => sum + each, 0);
  return [
    ...(sample ? [sampleText(sample, all), '', 'Whole groups:', ''] : []),
    '| room of host | sources | changes tried | noticed | of that, no end | survived | in no test | not tried | least |',
    '|---|---|---|---|---|---|---|---|---|',
    ...rooms
      .filter(({ changed }) => changed.length > 0)
      .map(({ room, all: of, changed }) => row(room, of, changed)),
    row('all', all, files),
    '',
    `Not changed at all: ${rest.map(({ room, all: of }) => `${room || 'its entries'} (${of})`).join(', ')}.`,
  ].join('\n');
}
