import type { KeyboardEvent } from 'react';
import styles from './choice.module.css';

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
