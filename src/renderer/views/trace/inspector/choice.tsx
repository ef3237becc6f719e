import { useState, type KeyboardEvent } from 'react';
import type { Reading } from './rich-text.tsx';
import styles from './inspector.module.css';

const KEY = 'trace:reading';

/** Remembered on this machine, and the same for all spans. */
export function useReading(): [Reading, (reading: Reading) => void] {
  const [reading, setReading] = useState<Reading>(() => (localStorage.getItem(KEY) === 'text' ? 'text' : 'rendered'));
  return [
    reading,
    (next) => {
      setReading(next);
      localStorage.setItem(KEY, next);
    },
  ];
}

/** Rendered: Markdown and JSON as such. Text: every character as it came. */
export function ReadingToggle({ value, onChange }: { value: Reading; onChange: (reading: Reading) => void }) {
  return <Choice label="How content is shown" choices={READINGS} value={value} onChange={onChange} />;
}

const READINGS = [
  { id: 'rendered', label: 'Rendered' },
  { id: 'text', label: 'Text' },
] as const;

type ChoiceProps<Id extends string> = {
  readonly label: string;
  readonly choices: readonly { readonly id: Id; readonly label: string }[];
  readonly value: Id;
  readonly onChange: (id: Id) => void;
};

/** A few exclusive choices side by side. */
export function Choice<Id extends string>({ label, choices, value, onChange }: ChoiceProps<Id>) {
  function press(event: KeyboardEvent<HTMLElement>, index: number): void {
    const step = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
    const target = choices[index + step];
    if (step === 0 || !target) return;
    event.preventDefault();
    const button = step < 0 ? event.currentTarget.previousElementSibling : event.currentTarget.nextElementSibling;
    if (button instanceof HTMLElement) button.focus();
    onChange(target.id);
  }
  return (
    <div className={styles.toggle} role="radiogroup" aria-label={label}>
      {choices.map((choice, index) => (
        <button
          key={choice.id}
          type="button"
          role="radio"
          aria-checked={value === choice.id}
          tabIndex={value === choice.id ? 0 : -1}
          onClick={() => onChange(choice.id)}
          onKeyDown={(event) => press(event, index)}
        >
          {choice.label}
        </button>
      ))}
    </div>
  );
}
