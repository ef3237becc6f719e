import { useEffect, useEffectEvent, useState } from 'react';
import type { Counted, NoteCounts, NoteFilter } from '#shared/coding.ts';
import styles from './coding.module.css';

type Props = {
  readonly filter: NoteFilter;
  readonly counts: NoteCounts | undefined;
  readonly onChange: (filter: NoteFilter) => void;
};

/** Typing pauses this long before the engine is asked. */
const PAUSE_MS = 200;

export function NoteFilters({ filter, counts, onChange }: Props) {
  const [text, setText] = useState(filter.text ?? '');
  const search = useEffectEvent((wanted: string) => {
    if (wanted !== (filter.text ?? '')) set('text', wanted);
  });
  useEffect(() => {
    const timer = setTimeout(() => search(text.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);

  function set(field: 'text' | 'author' | 'workflow' | 'tag', value: string): void {
    const { [field]: _, ...rest } = filter;
    onChange(value === '' ? rest : { ...rest, [field]: value });
  }
  const choice = (field: 'author' | 'workflow' | 'tag', label: string, all: string, values: readonly Counted[]) =>
    (values.length > 1 || filter[field] !== undefined) && (
      <select
        aria-label={label}
        className={styles.select}
        value={filter[field] ?? ''}
        onChange={(event) => set(field, event.target.value)}
      >
        <option value="">{all}</option>
        {values.map(({ value, count }) => (
          <option key={value} value={value}>
            {value} ({count})
          </option>
        ))}
      </select>
    );

  return (
    <div className={styles.filters} role="search" aria-label="Notes">
      <input
        type="search"
        aria-label="Find in notes"
        placeholder="Find in notes"
        className={styles.search}
        value={text}
        maxLength={500}
        onChange={(event) => setText(event.target.value)}
      />
      {choice('author', 'Author', 'all authors', counts?.authors ?? [])}
      {choice('workflow', 'Workflow', 'all workflows', counts?.workflows ?? [])}
      {choice('tag', 'Tag', 'all tags', counts?.tags ?? [])}
      <label className={styles.check}>
        <input
          type="checkbox"
          checked={filter.open === true}
          onChange={(event) => {
            const { open: _, ...rest } = filter;
            onChange(event.target.checked ? { ...rest, open: true } : rest);
          }}
        />
        not yet a category
      </label>
    </div>
  );
}
