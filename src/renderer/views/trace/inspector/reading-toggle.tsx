import { useState } from 'react';
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
  return (
    <div className={styles.toggle} role="radiogroup" aria-label="How content is shown">
      {(['rendered', 'text'] as const).map((choice) => (
        <button
          key={choice}
          type="button"
          role="radio"
          aria-checked={value === choice}
          tabIndex={value === choice ? 0 : -1}
          onClick={() => onChange(choice)}
          onKeyDown={(event) => {
            if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
            event.preventDefault();
            const other = event.currentTarget.nextElementSibling ?? event.currentTarget.previousElementSibling;
            if (other instanceof HTMLElement) other.focus();
            onChange(choice === 'rendered' ? 'text' : 'rendered');
          }}
        >
          {choice === 'rendered' ? 'Rendered' : 'Text'}
        </button>
      ))}
    </div>
  );
}
