/** Forms of settings, by the table of fields. */
import { useState } from 'preact/hooks';
import { type Group, FIELDS, fieldsIn, readField } from '../settings/fields.ts';
import type { FieldValues, Settings } from '../settings/settings.ts';

interface FieldProps {
  readonly name: keyof FieldValues;
  readonly settings: Settings;
  readonly change: (key: keyof FieldValues, value: number | string) => void;
}

interface TypedProps {
  readonly id: string;
  readonly name: keyof FieldValues;
  readonly value: string;
  readonly take: (typed: string) => void;
  readonly described: string | undefined;
  readonly isWrong: boolean;
}

/** Where a number or a text is typed. */
function Typed({ id, name, value, take, described, isWrong }: TypedProps) {
  const { least, most, whole, text } = FIELDS[name];
  const common = {
    ...{ id, value, 'aria-invalid': isWrong, 'aria-describedby': described },
    onChange: ({ currentTarget }: { currentTarget: HTMLInputElement }) => take(currentTarget.value),
  };
  if (text !== undefined) return <input type="text" {...common} />;
  return <input type="number" step={whole ? 1 : 'any'} min={least} max={most} {...common} />;
}

/** One field. A value that is not allowed stays in its place with a sentence below it, and changes nothing. */
function FieldRow({ name, settings, change }: FieldProps) {
  const { label, words, hint, word } = FIELDS[name];
  const [wrong, setWrong] = useState<{ text: string; sentence: string } | undefined>();
  const id = `field-${word}`;
  const take = (typed: string) => {
    const read = readField(name, typed);
    if ('wrong' in read) setWrong({ text: typed, sentence: read.wrong });
    else {
      setWrong(undefined);
      change(name, read.value);
    }
  };
  const value = wrong?.text ?? String(settings[name]);
  const described = [hint && `${id}-hint`, wrong && `${id}-wrong`].filter(Boolean).join(' ') || undefined;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {words ? (
        <select id={id} value={value} onChange={({ currentTarget }) => take(currentTarget.value)}>
          {words.map((each) => (
            <option value={each}>{each}</option>
          ))}
        </select>
      ) : (
        <Typed {...{ id, name, value, take, described }} isWrong={wrong !== undefined} />
      )}
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {wrong && (
        <p class="wrong" id={`${id}-wrong`} role="alert">
          {wrong.sentence}
        </p>
      )}
    </div>
  );
}

interface GroupProps {
  readonly group: Group;
  readonly title: string;
  readonly settings: Settings;
  readonly change: FieldProps['change'];
  readonly open?: boolean;
}

/** The fields of a group that there is a use for. */
export function FieldGroup({ group, title, settings, change, open = true }: GroupProps) {
  const names = fieldsIn(group).filter((name) => FIELDS[name].shown?.(settings) ?? true);
  return (
    <details class="group" open={open}>
      <summary>{title}</summary>
      <div class="fields">
        {names.map((name) => (
          <FieldRow key={name} {...{ name, settings, change }} />
        ))}
      </div>
    </details>
  );
}
