import { useState } from 'react';
import { Choice } from '../../../widgets/choice.tsx';
import type { Reading } from './rich-text.tsx';

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
