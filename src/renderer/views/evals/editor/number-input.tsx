import { useState } from 'react';
import styles from './editor.module.css';

type Props = {
  readonly label: string;
  /** Null = empty. */
  readonly value: number | null;
  readonly onChange: (value: number | null) => void;
  readonly placeholder?: string;
  readonly min: number;
  readonly max: number | null;
  readonly whole?: boolean;
  /** An empty field is no number yet, instead of none. */
  readonly required?: boolean;
  readonly readOnly?: boolean;
};

/** A number as it is typed: what is none yet ("0.", "-") stays in the field and changes nothing. */
export function NumberInput(props: Props) {
  const { label, value, onChange, placeholder, min, max, whole = false, required = false, readOnly = false } = props;
  const [typed, setTyped] = useState<string | null>(null);
  const number = typed === null || typed.trim() === '' ? null : Number(typed);
  const bad = typed !== null && (number === null ? required : !fits(number));
  function fits(each: number): boolean {
    return (
      Number.isFinite(each) && each >= min && (max === null || each <= max) && (!whole || Number.isSafeInteger(each))
    );
  }
  // Undo changes the value under the field: then what was typed is old.
  const shown = typed !== null && (bad || number === value) ? typed : value === null ? '' : String(value);
  return (
    <input
      className={`${styles.input} ${styles.number}`}
      inputMode={whole ? 'numeric' : 'decimal'}
      aria-label={label}
      aria-invalid={bad || undefined}
      placeholder={placeholder}
      readOnly={readOnly}
      value={shown}
      onBlur={() => setTyped(null)}
      onChange={(event) => {
        const text = event.target.value.slice(0, 20);
        setTyped(text);
        if (text.trim() === '') {
          if (!required) onChange(null);
        } else if (fits(Number(text))) onChange(Number(text));
      }}
    />
  );
}
