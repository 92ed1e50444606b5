/** Whether the rule `frugal` beats Adam at equal shots: what is recorded, and its tables. */

/** Mean and standard deviation over the seeds. */
export interface Spread {
  readonly mean: number;
  readonly deviation: number;
}

/** The rule against an arm, seed by seed: the rule's value less the arm's. */
export interface Difference {
  readonly mean: number;
  /** Mean over standard error. */
  readonly t: number;
  /** Seeds on which the rule's is less. */
  readonly wins: number;
}

/** What became of an arm on a task at a budget. */
export interface ArmFinding {
  readonly arm: string;
  readonly title: string;
  /** Whether the rule has to beat it. */
  readonly rival: boolean;
  readonly setting: Readonly<Record<string, unknown>>;
  /** The search for the setting: how many were tried, the shots of all trainings, the two least mean losses. */
  readonly tuning?: {
    readonly settings: number;
    readonly shots: number;
    readonly loss: number;
    readonly next: number;
  };
  readonly steps: number;
  /** Exact, over all rows to train on, after the last step. */
  readonly loss: Spread;
  /** Its mean over the shots that are spent. */
  readonly area: Spread;
  readonly testLoss: Spread;
  readonly testAccuracy: Spread;
  /** Absent of the rule itself. */
  readonly against?: { readonly loss: Difference; readonly area: Difference };
  /** The loss of each seed, in their order. */
  readonly losses: readonly number[];
}

/** A task at a budget; the rule comes first. */
export interface TaskFinding {
  readonly task: string;
  readonly title: string;
  /** Not looked at while the rule was made. */
  readonly reserve: boolean;
  readonly budget: number;
  readonly arms: readonly ArmFinding[];
}

/** The least |t| that counts. */
const LEAST_T = 4;

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [row(head), `|${'---|'.repeat(head.length)}`, ...rows.map(row)].join('\n');

/** A number of shots: 3e5. */
export function shotsText(shots: number): string {
  return shots.toExponential().replace('+', '');
}

const loss = (value: number) => value.toFixed(4);
const percent = ({ mean }: Spread) => `${(100 * mean).toFixed(1)}`;

/** The rival with the least mean loss. */
function best({ arms }: TaskFinding): ArmFinding | undefined {
  return arms
    .filter(({ rival }) => rival)
    .reduce<ArmFinding | undefined>((a, b) => (a && a.loss.mean <= b.loss.mean ? a : b), undefined);
}

/** Whether the rule has less than every rival, by `LEAST_T` standard errors or more. */
export function isWon({ arms }: TaskFinding): boolean {
  const rivals = arms.filter(({ rival }) => rival);
  return rivals.length > 0 && rivals.every(({ against }) => against !== undefined && against.loss.t < -LEAST_T);
}

/** What may be said of each budget. */
export function claimVerdict(rows: readonly TaskFinding[]): string {
  const budgets = [...new Set(rows.map(({ budget }) => budget))].sort((a, b) => a - b);
  const parts = [false, true].flatMap((reserve) =>
    budgets.flatMap((budget) => {
      const own = rows.filter((each) => each.budget === budget && each.reserve === reserve);
      if (own.length === 0) return [];
      const set = reserve ? `${own.length} kept in reserve` : `${own.length}`;
      return [`${own.filter(isWon).length} of ${set} at ${shotsText(budget)} shots`];
    }),
  );
  return `\`frugal\` is below every Adam with |t| > ${LEAST_T} on ${parts.join(', ')}.`;
}

/** A line for each task and budget: the rivals, the rule, and how far apart it and the better rival are. */
export function claimTable(rows: readonly TaskFinding[]): string {
  const titles = [...new Map(rows.flatMap(({ arms }) => arms.filter(({ rival }) => rival)).map((arm) => [arm.arm, arm.title]))];
  const head = ['task', 'shots', ...titles.map(([, title]) => title), 'frugal', 't', 'wins', 'test %', ''];
  const lines = rows.flatMap((finding) => {
    const { title, reserve, budget, arms } = finding;
    const rival = best(finding);
    const against = rival?.against?.loss;
    if (rival === undefined || against === undefined) return [];
    const rule = arms[0];
    const verdict = isWon(finding) ? 'won' : against.t > LEAST_T ? 'lost' : 'open';
    return [
      [
        reserve ? `${title} (reserve)` : title,
        shotsText(budget),
        ...titles.map(([name]) => {
          const arm = arms.find((each) => each.arm === name);
          return arm ? loss(arm.loss.mean) : '-';
        }),
        loss(rule.loss.mean),
        against.t.toFixed(1),
        `${against.wins} of ${rule.losses.length}`,
        `${percent(rival.testAccuracy)} to ${percent(rule.testAccuracy)}`,
        verdict,
      ],
    ];
  });
  return [table(head, lines), '', claimVerdict(rows)].join('\n');
}

/** What each part of the rule is worth: the losses of the rule, the rivals, and what is in between, with t in brackets. */
export function creditTable(rows: readonly TaskFinding[]): string {
  const own = rows.filter(({ arms }) => arms.slice(1).some(({ rival }) => !rival));
  if (own.length === 0) return 'Not recorded yet.';
  const titles = new Map(own.flatMap(({ arms }) => arms).map(({ arm, title }) => [arm, title]));
  const head = ['task', 'shots', ...titles.values()];
  const lines = own.map(({ title, budget, arms }) => [
    title,
    shotsText(budget),
    ...[...titles.keys()].map((name) => {
      const found = arms.find(({ arm }) => arm === name);
      if (found === undefined) return '-';
      const { against } = found;
      return loss(found.loss.mean) + (against ? ` (${against.loss.t.toFixed(1)})` : '');
    }),
  ]);
  return table(head, lines);
}

/** A setting without what all settings of the arm share. */
function settingText(setting: Readonly<Record<string, unknown>>): string {
  const { rule: _, batch: __, ...rest } = setting;
  const parts = Object.entries(rest).map(([name, value]) => `${name} ${String(value)}`);
  return parts.join(', ') || 'as it comes';
}

/** Every arm on every task: all that was measured. */
export function armsTable(rows: readonly TaskFinding[]): string {
  const head = ['task', 'shots', 'arm', 'setting', 'steps', 'loss', 't', 'wins', 'AUC', 't', 'test loss', 'test %'];
  const spread = ({ mean, deviation }: Spread) => `${loss(mean)} ± ${loss(deviation)}`;
  const lines = rows.flatMap(({ title, budget, arms }) =>
    arms.map((arm) => [
      title,
      shotsText(budget),
      arm.title,
      settingText(arm.setting),
      String(arm.steps),
      spread(arm.loss),
      arm.against?.loss.t.toFixed(1) ?? '',
      arm.against ? `${arm.against.loss.wins}` : '',
      loss(arm.area.mean),
      arm.against?.area.t.toFixed(1) ?? '',
      loss(arm.testLoss.mean),
      percent(arm.testAccuracy),
    ]),
  );
  return table(head, lines);
}
