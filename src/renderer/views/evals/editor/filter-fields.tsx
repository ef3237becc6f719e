/** The query of a source, with its count, and lists that add terms to it. */
import { useState } from 'react';
import type { FacetField } from '#shared/trace.ts';
import { useEngine } from '../../../data/engine.ts';
import { go } from '../../../state/place.ts';
import { STATUS_LABELS } from '../../../theme/kind-icon.tsx';
import { Button } from '../../../widgets/button.tsx';
import { formatCount } from '../../../widgets/format.ts';
import { visibleString } from '../../../widgets/visible-text.ts';
import { dateOf, term, withDate, withTerm } from './query-terms.ts';
import { useSettled } from '../../../widgets/use-settled.ts';
import styles from './editor.module.css';

type Props = {
  readonly label: string;
  readonly query: string;
  readonly readOnly: boolean;
  readonly onChange: (query: string, field: string | null) => void;
};

const FACETS: readonly (readonly [field: FacetField, title: string])[] = [
  ['workflow', 'Workflow'],
  ['model', 'Model'],
  ['agent', 'Agent'],
  ['tool', 'Tool'],
  ['status', 'Status'],
  ['tag', 'Tag'],
  ['label', 'Label'],
  ['grade', 'Graded'],
  ['finding', 'Finding'],
];
const MOST = 200;
const PAUSE = 250;

export function FilterFields({ label, query, readOnly, onChange }: Props) {
  const settled = useSettled(query.trim(), PAUSE);
  const asked = settled === '' ? {} : { query: settled };
  const facets = useEngine('trace.facets', asked, { keepPrevious: true });
  const list = useEngine('trace.list', { ...asked, limit: 1 }, { keepPrevious: true });
  const total = list.data?.total ?? null;
  const add = (added: string) => onChange(withTerm(query, added), null);
  return (
    <>
      <label className={styles.labelled}>
        {label}
        <input
          className={`${styles.input} ${styles.mono}`}
          value={query}
          readOnly={readOnly}
          spellCheck={false}
          maxLength={4_000}
          placeholder="all traces: agent:Planner status:error duration:>30s…"
          onChange={(event) => onChange(event.target.value, 'query')}
        />
      </label>
      <p className={styles.count} role="status">
        {list.error ? (
          list.error.message
        ) : (
          <>
            <strong>
              {list.data === undefined ? '…' : total === null ? 'many' : formatCount(total)}{' '}
              {total === 1 ? 'trace' : 'traces'}
            </strong>{' '}
            now; what a run finds when it starts is frozen into it.{' '}
            <Button variant="ghost" onClick={() => go({ view: 'traces', q: query.trim() })}>
              Show them
            </Button>
          </>
        )}
      </p>
      {!readOnly && (
        <div className={styles.terms} role="group" aria-label="Add to the filter">
          {FACETS.map(([field, title]) => {
            const values = facets.data?.[field] ?? [];
            return (
              <label key={field}>
                {title}
                <select
                  className={styles.select}
                  value=""
                  disabled={values.length === 0}
                  onChange={(event) => add(term(field, event.target.value))}
                >
                  <option value="">{values.length === 0 ? 'none here' : 'add…'}</option>
                  {values.slice(0, MOST).map(({ value, count }) => (
                    <option key={value} value={value}>
                      {visibleString((field === 'status' ? statusWord(value) : value).slice(0, 100))} (
                      {formatCount(count)})
                    </option>
                  ))}
                </select>
              </label>
            );
          })}
          <label>
            Annotated
            <select className={styles.select} value="" onChange={(event) => add(event.target.value)}>
              <option value="">add…</option>
              <option value="annotated:true">annotated by someone</option>
              <option value="annotated:false">not annotated</option>
              <option value="verdict:pass">a person said pass</option>
              <option value="verdict:fail">a person said fail</option>
            </select>
          </label>
          <label>
            From day
            <input
              className={styles.date}
              type="date"
              value={dateOf(query, 'since')}
              onChange={(event) => onChange(withDate(query, 'since', event.target.value), null)}
            />
          </label>
          <label>
            Until day
            <input
              className={styles.date}
              type="date"
              value={dateOf(query, 'until')}
              onChange={(event) => onChange(withDate(query, 'until', event.target.value), null)}
            />
          </label>
          <MetaField onAdd={add} />
        </div>
      )}
    </>
  );
}

function MetaField({ onAdd }: { readonly onAdd: (term: string) => void }) {
  const [key, setKey] = useState('');
  const [value, setValue] = useState('');
  function add(): void {
    if (key.trim() === '') return;
    onAdd(term('meta', value.trim() === '' ? key.trim() : `${key.trim()}=${value.trim()}`));
    setKey('');
    setValue('');
  }
  return (
    <form
      className={styles.labelled}
      style={{ gridColumn: 'span 2' }}
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      Metadata
      <span className={styles.meta}>
        <input
          className={styles.input}
          aria-label="Field of the metadata"
          placeholder="field"
          maxLength={200}
          value={key}
          onChange={(event) => setKey(event.target.value)}
        />
        <input
          className={styles.input}
          aria-label="Value of the field, empty = any"
          placeholder="any value"
          maxLength={200}
          value={value}
          onChange={(event) => setValue(event.target.value)}
        />
        <Button type="submit" disabled={key.trim() === ''}>
          Add
        </Button>
      </span>
    </form>
  );
}

function statusWord(status: string): string {
  return Object.hasOwn(STATUS_LABELS, status) ? STATUS_LABELS[status as keyof typeof STATUS_LABELS] : status;
}
