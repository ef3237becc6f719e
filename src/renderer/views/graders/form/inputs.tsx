/** The plain controls of the form. What is typed and no value yet (a number that is none, broken JSON) is kept as typed. */
import { useId, useRef, useState, type KeyboardEvent } from 'react';
import type { Json } from '#shared/json.ts';
import { readJsonText } from '#shared/json-text.ts';
import type { Control, Option } from './controls.ts';
import { CodeField } from './code-field.tsx';
import { useCompletion } from './use-completion.tsx';
import styles from './form.module.css';

type Shared = {
  readonly id: string;
  readonly readOnly: boolean;
  readonly invalid: boolean;
  readonly describedBy: string | undefined;
  readonly value: Json | undefined;
  readonly onChange: (value: Json | undefined) => void;
};

export function ChoiceInput(props: Shared & { readonly options: readonly Option[]; readonly required: boolean }) {
  const { options, value, required, onChange } = props;
  const at = options.findIndex((option) => option.value === value);
  return (
    <select
      id={props.id}
      className={styles.input}
      disabled={props.readOnly}
      aria-invalid={props.invalid || undefined}
      aria-describedby={props.describedBy}
      value={at}
      onChange={(event) => onChange(options[Number(event.target.value)]?.value)}
    >
      {at < 0 && <option value={-1}>{value === undefined ? 'not said' : JSON.stringify(value).slice(0, 80)}</option>}
      {at >= 0 && !required && <option value={-1}>not said</option>}
      {options.map(({ label }, index) => (
        <option key={index} value={index}>
          {label}
        </option>
      ))}
    </select>
  );
}

export function NumberInput(props: Shared & { readonly control: Extract<Control, { kind: 'number' }> }) {
  const { control, value, onChange } = props;
  const [typed, setTyped] = useState<string | null>(null);
  const shown = typeof value === 'number' ? String(value) : '';
  return (
    <input
      id={props.id}
      type="text"
      inputMode="decimal"
      className={`${styles.input} ${styles.number}`}
      readOnly={props.readOnly}
      aria-invalid={props.invalid || typed !== null || undefined}
      aria-describedby={props.describedBy}
      placeholder={control.min === null ? 'not said' : `${control.min} or more`}
      value={typed ?? shown}
      onChange={(event) => {
        const text = event.target.value;
        const number = readNumber(text, control.integer);
        // "1." and "-" are on the way to a number.
        setTyped(number === undefined || String(number ?? '') !== text.trim() ? text : null);
        if (number !== undefined) onChange(number ?? undefined);
      }}
      onBlur={() => setTyped(null)}
    />
  );
}

/** Null = nothing is said; undefined = no number. */
function readNumber(text: string, integer: boolean): number | null | undefined {
  const trimmed = text.trim().replace(',', '.');
  if (trimmed === '') return null;
  const number = Number(trimmed);
  return Number.isFinite(number) && (!integer || Number.isInteger(number)) ? number : undefined;
}

export function TextInput(
  props: Shared & {
    readonly label: string;
    readonly grows: boolean;
    readonly known: readonly string[];
    readonly subject: Json | null;
  },
) {
  const { value, onChange, known, grows } = props;
  const list = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const text = typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
  const completion = useCompletion({ field, value: text, onChange, subject: grows ? props.subject : null });
  const shared = {
    id: props.id,
    readOnly: props.readOnly,
    'aria-invalid': props.invalid || undefined,
    'aria-describedby': props.describedBy,
    value: text,
    spellCheck: false,
  };
  function press(event: KeyboardEvent): void {
    if (!completion.press(event)) return;
    event.preventDefault();
    event.stopPropagation();
  }
  if (!grows)
    return (
      <>
        <input
          {...shared}
          type="text"
          className={styles.input}
          list={known.length > 0 ? list : undefined}
          onChange={(event) => onChange(event.target.value)}
        />
        {known.length > 0 && (
          <datalist id={list}>
            {known.slice(0, 200).map((each) => (
              <option key={each} value={each} />
            ))}
          </datalist>
        )}
      </>
    );
  return (
    <div className={styles.growing}>
      <textarea
        {...shared}
        ref={field}
        rows={1}
        className={`${styles.input} ${styles.text}`}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={press}
        {...completion.props}
      />
      {completion.popup}
    </div>
  );
}

/** Any value, as JSON. */
export function JsonInput(props: Shared & { readonly label: string }) {
  const { value, onChange } = props;
  const [typed, setTyped] = useState<string | null>(null);
  const shown = value === undefined ? '' : JSON.stringify(value, null, 2);
  const read = typed === null || typed.trim() === '' ? null : readJsonText(typed);
  return (
    <CodeField
      id={props.id}
      label={`${props.label}, as JSON`}
      language="json"
      readOnly={props.readOnly}
      describedBy={props.describedBy}
      value={typed ?? shown}
      marks={
        read?.ok === true
          ? read.remarks.map((remark) => ({ ...remark, severity: 'warning' as const }))
          : read
            ? [{ line: read.line, severity: 'error', message: read.message }]
            : undefined
      }
      className={styles.smallCode}
      onChange={(text) => {
        const next = text.trim() === '' ? null : readJsonText(text);
        if (next === null) onChange(undefined);
        else if (next.ok) onChange(next.value);
        // As typed, unless that is how it is printed anyway.
        setTyped(next?.ok === true && JSON.stringify(next.value, null, 2) === text ? null : text);
      }}
    />
  );
}
