/** The rules of a race and their options. */
import { useState } from 'preact/hooks';
import { type ArmOption, defaultOf, LABELS, optionsOf, RULE_NAMES, wrongOption } from '../settings/rules.ts';
import { type Arm, MOST_ARMS } from '../settings/settings.ts';
import type { RuleName } from '../../api/options.ts';

interface ArmsProps {
  readonly arms: readonly Arm[];
  /** Of rules that have none of their own, where there is no model, and so no head; absent: each rule's default. */
  readonly rate?: number;
  readonly change: (arms: readonly Arm[]) => void;
}

/**
 * One rule. An option that is left empty has its default, which is shown in its place; a number that it may not be stays there
 * with a sentence below, and changes nothing.
 */
function ArmRow({
  arm,
  at,
  rate,
  change,
  remove,
}: {
  arm: Arm;
  at: number;
  rate: number | undefined;
  change: (arm: Arm) => void;
  remove?: () => void;
}) {
  const { rule, options } = arm;
  const [wrong, setWrong] = useState<{ name: ArmOption; text: string; sentence: string } | undefined>();
  const set = (name: ArmOption, text: string) => {
    const { [name]: _, ...others } = options;
    const sentence = text === '' ? undefined : wrongOption(rule, name, text);
    setWrong(sentence === undefined ? undefined : { name, text, sentence });
    if (sentence === undefined)
      change({ rule, options: text === '' ? others : { ...options, [name]: Number(text) } });
  };
  return (
    <fieldset class="arm">
      <legend class="visually-hidden">Rule {at + 1}</legend>
      <div class="arm-head">
        <i class="chip" style={{ background: `var(--arm-${at})` }} aria-hidden="true" />
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
        {optionsOf(rule, rate === undefined).map((name) => (
          <label>
            <span>{LABELS[name]}</span>
            <input
              type="number"
              step="any"
              value={wrong?.name === name ? wrong.text : (options[name] ?? '')}
              aria-invalid={wrong?.name === name}
              placeholder={String(Number(defaultOf(rule, name, options, rate).toPrecision(6)))}
              onChange={({ currentTarget }) => set(name, currentTarget.value)}
            />
          </label>
        ))}
        {wrong && (
          <p class="wrong" role="alert">
            {wrong.sentence}
          </p>
        )}
      </div>
    </fieldset>
  );
}

/** All rules, with a button for another while there is room. */
export function ArmsForm({ arms, rate, change }: ArmsProps) {
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
          {...{ arm, at, rate }}
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
