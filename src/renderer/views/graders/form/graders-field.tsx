/** The graders inside of a `multi`: each by its name, with the form of its own kind. */
import { useState, type ReactNode } from 'react';

import { Plus, X } from 'lucide-react';
import type { GraderKindInfo } from '#shared/grader.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import { Button, IconButton } from '../../../widgets/button.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import type { Field } from './controls.ts';
import { problemsAt, useForm, type Path } from './form-context.ts';
import styles from './form.module.css';

type Props = {
  readonly field: Field;
  readonly value: Json | undefined;
  readonly path: Path;
  readonly renderForm: (kind: GraderKindInfo, definition: JsonObject, path: Path) => ReactNode;
};

type Member = { readonly key: string | number | null; readonly name: string; readonly definition: JsonObject };

/** OpenAI writes one grader, a list of them, or an object of them by variable. */
function membersOf(value: Json | undefined): readonly Member[] {
  if (Array.isArray(value))
    return (value as readonly Json[]).filter(isJsonObject).map((definition, key) => ({
      ...{ key, definition },
      name: textOr(definition.name, `grader ${key + 1}`),
    }));
  if (!isJsonObject(value)) return [];
  if (typeof value.type === 'string') return [{ key: null, name: textOr(value.name, 'grader'), definition: value }];
  return Object.entries(value).flatMap(([key, definition]) =>
    isJsonObject(definition) ? [{ key, name: key, definition }] : [],
  );
}

export function GradersField({ field, value, path, renderForm }: Props) {
  const { kinds, set, problems, readOnly } = useForm();
  const inside = kinds.filter(({ type }) => type !== 'multi');
  const [type, setType] = useState(inside[0]?.type ?? '');
  const members = membersOf(value);

  function add(): void {
    const example = inside.find((kind) => kind.type === type)?.example;
    if (!example) return;
    if (Array.isArray(value)) set([...path, value.length], example);
    else if (isJsonObject(value) && typeof value.type === 'string') set(path, [value, example]);
    else set([...path, freeName(example.name, members)], example);
  }

  return (
    <fieldset className={styles.group}>
      <legend className={styles.label}>{field.title}</legend>
      {members.map(({ key, name, definition }) => {
        const at = key === null ? path : [...path, key];
        const kind = kinds.find((each) => each.type === definition.type);
        return (
          <fieldset key={key ?? 'one'} className={styles.member}>
            <legend className={styles.label}>
              <code>{visibleString(name.slice(0, 80))}</code>
              <span className={styles.about}>
                {kind?.label ?? visibleString(textOr(definition.type, '').slice(0, 40))}
              </span>
              {!readOnly && key !== null && (
                <IconButton
                  label={`Take away ${visibleString(name.slice(0, 80))}`}
                  icon={<X size={12} aria-hidden />}
                  onClick={() => set(at, undefined)}
                />
              )}
            </legend>
            {kind ? (
              renderForm(kind, definition, at)
            ) : (
              <p className={styles.about}>This kind is not known here: edit it in the JSON.</p>
            )}
          </fieldset>
        );
      })}
      <div className={styles.addRow}>
        <select
          className={styles.input}
          aria-label="Kind of a new grader"
          disabled={readOnly}
          value={type}
          onChange={(event) => setType(event.target.value)}
        >
          {inside.map((kind) => (
            <option key={kind.type} value={kind.type}>
              {kind.label}
            </option>
          ))}
        </select>
        <Button icon={<Plus size={12} aria-hidden />} disabled={readOnly || type === ''} onClick={add}>
          Add grader
        </Button>
      </div>
      {field.about !== '' && <small className={styles.about}>{field.about}</small>}
      {problemsAt(problems, path).map(({ message }, index) => (
        <small key={index} className={styles.wrong}>
          {visibleString(message.slice(0, 500))}
        </small>
      ))}
    </fieldset>
  );
}

function textOr(value: Json | undefined, other: string): string {
  return typeof value === 'string' ? value : other;
}

/** Variables of the formula: letters, digits and underscores. */
function freeName(name: string, members: readonly Member[]): string {
  const base =
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '_')
      .replace(/^_+|_+$/g, '')
      .slice(0, 24) || 'grader';
  const taken = new Set(members.map((each) => each.name));
  for (let count = 1; ; count++) {
    const next = count === 1 ? base : `${base}_${count}`;
    if (!taken.has(next)) return next;
  }
}
