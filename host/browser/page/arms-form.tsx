/** The rules of a race and their options. */
import { defaultOf, isWithin, LABELS, optionsOf, RULE_NAMES } from '../settings/rules.ts';
import { type Arm, MOST_ARMS } from '../settings/settings.ts';
import type { RuleName } from '../../api/options.ts';

interface ArmsProps {
  readonly arms: readonly Arm[];
  readonly change: (arms: readonly Arm[]) => void;
}

/** One rule. An option that is left empty has its default, which is shown in its place. */
function ArmRow({
  arm,
  at,
  change,
  remove,
}: {
  arm: Arm;
  at: number;
  change: (arm: Arm) => void;
  remove?: () => void;
}) {
  const { rule, options } = arm;
  const set = (name: string, text: string) => {
    const { [name]: _, ...others } = options;
    const value = Number(text);
    if (text.trim() === '') change({ rule, options: others });
    else if (isWithin(name as keyof typeof LABELS, value))
      change({ rule, options: { ...options, [name]: value } });
  };
  return (
    <fieldset class="arm">
      <legend class="visually-hidden">Rule {at + 1}</legend>
      <div class="arm-head">
        <i class={`chip arm-${at}`} aria-hidden="true" />
        <select
          aria-label={`Rule ${at + 1}`}
          value={rule}
          onChange={({ currentTarget }) => change({ rule: currentTarget.value as RuleName, options: {} })}
        >
          {RULE_NAMES.map((name) => (
            <option value={name}>{name}</option>
          ))}
        </select>
        {remove && (
          <button
            type="button"
            class="quiet"
            onClick={remove}
            aria-label={`Take rule ${at + 1}, ${rule}, out`}
          >
            ×
          </button>
        )}
      </div>
      <div class="arm-options">
        {optionsOf(rule).map((name) => (
          <label>
            <span>{LABELS[name]}</span>
            <input
              type="number"
              step="any"
              value={options[name] ?? ''}
              placeholder={String(Number(defaultOf(rule, name, options).toPrecision(6)))}
              onChange={({ currentTarget }) => set(name, currentTarget.value)}
            />
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** All rules, with a button for another while there is room. */
export function ArmsForm({ arms, change }: ArmsProps) {
  const put = (at: number, arm: Arm) => change(arms.map((each, i) => (i === at ? arm : each)));
  const next = (['sgd', 'momentum', 'rmsprop', 'adam'] as const).find(
    (name) => !arms.some(({ rule }) => rule === name),
  );
  return (
    <details class="group" open>
      <summary>Rules</summary>
      {arms.map((arm, at) => (
        <ArmRow
          key={`${at} ${arm.rule}`}
          {...{ arm, at }}
          change={(changed) => put(at, changed)}
          {...(arms.length > 1 ? { remove: () => change(arms.filter((_, i) => i !== at)) } : {})}
        />
      ))}
      {arms.length < MOST_ARMS && (
        <button
          type="button"
          class="quiet add"
          onClick={() => change([...arms, { rule: next ?? 'sgd', options: {} }])}
        >
          + rule
        </button>
      )}
    </details>
  );
}
