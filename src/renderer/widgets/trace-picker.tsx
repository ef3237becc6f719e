/** Asks for a trace: by a search, with those that are worth comparing with another one first. */
import { type KeyboardEvent, useDeferredValue, useMemo, useRef, useState } from 'react';
import type { TraceRow } from '#shared/trace.ts';
import { formatDuration } from '#shared/time.ts';
import { useEngine } from '../data/engine.ts';
import { mostAlikeFirst } from '../state/trace-likeness.ts';
import { StatusIcon } from '../theme/kind-icon.tsx';
import { Chip } from './chip.tsx';
import { Dialog } from './dialog.tsx';
import { formatCount, formatRelative, nsTextToMs } from './format.ts';
import { ErrorState, Spinner } from './states.tsx';
import { visibleString } from './visible-text.ts';
import styles from './trace-picker.module.css';

const MOST_SHOWN = 100;
const MOST_ASKED = 400;

type Props = {
  readonly title: string;
  /** The trace that the chosen one goes with; null = none yet. */
  readonly like: TraceRow | null;
  readonly onPick: (trace: TraceRow) => void;
  readonly onClose: () => void;
};

export function TracePicker({ title, like, onPick, onClose }: Props) {
  const [text, setText] = useState('');
  const query = useDeferredValue(text.trim());
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const [active, setActive] = useState(0);
  const page = useEngine('trace.list', { query, limit: MOST_ASKED }, { keepPrevious: true });
  const near = useEngine(
    'trace.list',
    { query: `workflow:"${(like?.workflow ?? '').replaceAll('"', '')}"`, limit: MOST_ASKED },
    { enabled: query === '' && like?.workflow !== null && like?.workflow !== undefined && like.workflow !== '' },
  );
  const choices = useMemo(() => {
    const rows = new Map(
      [...(page.data?.rows ?? []), ...(query === '' ? (near.data?.rows ?? []) : [])].map((row) => [row.id, row]),
    );
    if (like !== null) rows.delete(like.id);
    const all = [...rows.values()];
    return (like === null ? all.map((row) => ({ row, likeness: null })) : mostAlikeFirst(all, like)).slice(
      0,
      MOST_SHOWN,
    );
  }, [page.data, near.data, like, query]);
  const at = Math.min(active, choices.length - 1);

  function keyDown(event: KeyboardEvent): void {
    if (event.key === 'ArrowDown') move(at + 1);
    else if (event.key === 'ArrowUp') move(at - 1);
    else if (event.key === 'Enter') {
      const choice = choices[at];
      if (choice) onPick(choice.row);
    } else return;
    event.preventDefault();
  }

  function move(to: number): void {
    const next = Math.max(0, Math.min(choices.length - 1, to));
    setActive(next);
    list.current?.children[next]?.scrollIntoView({ block: 'nearest' });
  }

  return (
    <Dialog open onClose={onClose} title={title} size="large" initialFocus={input}>
      <input
        ref={input}
        className={styles.search}
        type="search"
        role="combobox"
        aria-expanded
        aria-controls="trace-picker-list"
        aria-activedescendant={at >= 0 ? `trace-picker-${at}` : undefined}
        aria-label="Search traces"
        placeholder="Search traces: words, agent:, tool:, error:true…"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setActive(0);
        }}
        onKeyDown={keyDown}
      />
      {page.error ? (
        <ErrorState error={page.error} onRetry={page.refetch} />
      ) : page.data === undefined ? (
        <Spinner label="Loading traces" />
      ) : choices.length === 0 ? (
        <p className={styles.none}>{query === '' ? 'There is no other trace.' : 'No other trace matches.'}</p>
      ) : (
        <ul ref={list} id="trace-picker-list" role="listbox" aria-label="Traces" className={styles.list}>
          {choices.map(({ row, likeness }, index) => (
            <li
              key={row.id}
              id={`trace-picker-${index}`}
              role="option"
              aria-selected={index === at}
              className={styles.row}
              data-trace={row.id}
              onClick={() => onPick(row)}
              onPointerMove={() => setActive(index)}
            >
              <StatusIcon status={row.status} size={13} />
              <span className={styles.name} title={visibleString(row.name.slice(0, 500))}>
                {visibleString((row.name === '' ? row.id : row.name).slice(0, 200))}
              </span>
              {likeness !== null && <Chip tone={likeness === 'same task' ? 'accent' : 'neutral'}>{likeness}</Chip>}
              <Scores row={row} />
              <span className={styles.dim}>
                {formatCount(row.spans)} {row.spans === 1 ? 'span' : 'spans'}
              </span>
              <span className={styles.dim}>{formatDuration(row.durationNs)}</span>
              <Started row={row} />
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}

function Scores({ row }: { readonly row: TraceRow }) {
  const [first] = row.scores;
  if (!first) return null;
  const { name, value, label, passed } = first;
  const word = label ?? (value === null ? '' : String(Math.round(value * 1_000) / 1_000));
  return (
    <Chip tone={passed === null ? 'neutral' : passed ? 'ok' : 'error'}>
      {visibleString(`${name} ${word}`.slice(0, 60))}
      {passed !== null && (passed ? ' · pass' : ' · fail')}
    </Chip>
  );
}

function Started({ row }: { readonly row: TraceRow }) {
  const [now] = useState(() => Date.now());
  const ms = nsTextToMs(row.startNs);
  return <span className={styles.when}>{ms === null ? '–' : formatRelative(ms, now)}</span>;
}
