import { useId, useRef, useState } from 'react';
import { ArrowRight, Scale, Search } from 'lucide-react';
import { parsePattern } from '#shared/pattern-parse.ts';
import { parseQuery } from '#shared/query.ts';
import { PatternField } from '../charts/pattern/pattern-field.tsx';
import { useVocabulary } from '../charts/pattern/use-vocabulary.ts';
import { useEngine } from '../data/engine.ts';
import { openNewGrader } from '../state/grader-drafts.ts';
import {
  cancelPatternSearch,
  closePatternSearch,
  continuePatternSearch,
  startPatternSearch,
  usePatternSearch,
  type PatternRun,
} from '../state/pattern-search.ts';
import { go } from '../state/place.ts';
import { Button } from '../widgets/button.tsx';
import { Dialog } from '../widgets/dialog.tsx';
import { formatCount, formatRelative, nsTextToMs } from '../widgets/format.ts';
import { visibleString } from '../widgets/visible-text.ts';
import styles from './pattern-dialog.module.css';

/** Looks for a pattern in all traces, or in those that a search finds. */
export function PatternDialog() {
  const { open } = usePatternSearch();
  return open ? <Open /> : null;
}

const SHOWN_AT_ONCE = 50;

function Open() {
  const { text, query, run } = usePatternSearch();
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const known = useVocabulary(null);
  const [openedAt] = useState(Date.now);
  const parsed = parsePattern(text);
  const [wrongQuery] = parseQuery(query).problems;
  const ready = parsed.pattern !== null && wrongQuery === undefined;
  const stale = run !== null && (run.pattern !== text || run.query !== query.trim());
  const running = run?.status === 'running';

  function search(): void {
    if (ready) void startPatternSearch();
  }
  function makeGrader(): void {
    closePatternSearch();
    const name = text.trim().replace(/\s+/g, ' ');
    openNewGrader({
      ...{ type: 'pattern', name: name.length > 70 ? `${name.slice(0, 70)}…` : name },
      ...{ pattern: text, expect: 'present' },
    });
  }

  return (
    <Dialog
      open
      size="large"
      initialFocus={field}
      onClose={closePatternSearch}
      title="Find traces by pattern"
      actions={
        <>
          <Button
            className={styles.first}
            icon={<Scale size={13} aria-hidden />}
            disabled={parsed.pattern === null}
            onClick={makeGrader}
          >
            Make a grader of it
          </Button>
          {running && <Button onClick={cancelPatternSearch}>Cancel</Button>}
          <Button
            variant="primary"
            icon={<Search size={13} aria-hidden />}
            disabled={!ready || (running && !stale)}
            onClick={search}
          >
            Search
          </Button>
        </>
      }
    >
      <div className={styles.parts}>
        <PatternField
          id={`${id}-pattern`}
          label="Pattern"
          value={text}
          known={known}
          heading={<p className={styles.dim}>What agents and tools do, one after the other: say it, or draw it.</p>}
          onChange={(next) => usePatternSearch.setState({ text: next })}
          onEnter={search}
          fieldRef={field}
        />
        <div className={styles.within}>
          <label htmlFor={`${id}-query`}>In traces that match</label>
          <input
            id={`${id}-query`}
            type="text"
            className={styles.query}
            placeholder="all traces"
            spellCheck={false}
            value={query}
            aria-invalid={wrongQuery !== undefined || undefined}
            aria-describedby={wrongQuery === undefined ? undefined : `${id}-wrong`}
            onChange={(event) => usePatternSearch.setState({ query: event.target.value })}
            onKeyDown={(event) => {
              if (event.key === 'Enter') search();
            }}
          />
          {wrongQuery !== undefined && (
            <p id={`${id}-wrong`} className={styles.wrong}>
              {wrongQuery}
            </p>
          )}
        </div>
        {run && <Found run={run} stale={stale} now={openedAt} />}
      </div>
    </Dialog>
  );
}

function Found({ run, stale, now }: { readonly run: PatternRun; readonly stale: boolean; readonly now: number }) {
  const [most, setMost] = useState(SHOWN_AT_ONCE);
  const { status, looked, total, found, error } = run;
  const of = total === null ? formatCount(looked) : `${formatCount(looked)} of ${formatCount(Math.max(total, looked))}`;
  const count = found.length === 0 ? 'None' : formatCount(found.length);
  return (
    <section className={styles.found} aria-label="Traces with the pattern">
      <div className={styles.head}>
        <p role="status">
          {status === 'failed'
            ? `The search stopped: ${error?.message ?? 'the engine did not say why'}`
            : `${count} found in ${of} ${looked === 1 && total === 1 ? 'trace' : 'traces'}${status === 'cancelled' ? ', then cancelled' : ''}.`}
          {stale && <span className={styles.dim}> This is of the pattern as it was before.</span>}
        </p>
        {(status === 'paused' || status === 'cancelled' || status === 'failed') && (
          <Button onClick={() => void continuePatternSearch()}>Go on</Button>
        )}
      </div>
      {status === 'running' && (
        <progress
          className={styles.progress}
          aria-label="Traces looked at"
          {...(total === null || total === 0 ? {} : { value: Math.min(looked, total), max: total })}
        />
      )}
      {found.length > 0 && (
        <ul className={styles.list} aria-label="Found traces">
          {found.slice(0, most).map(({ traceId, spanIds }) => (
            <FoundTrace key={traceId} traceId={traceId} spanIds={spanIds} now={now} />
          ))}
        </ul>
      )}
      {found.length > most && (
        <Button onClick={() => setMost(most + SHOWN_AT_ONCE)}>
          Show {formatCount(Math.min(SHOWN_AT_ONCE, found.length - most))} more
        </Button>
      )}
    </section>
  );
}

/** Crossings that are offered one by one. */
const MOST_CROSSINGS = 8;

function FoundTrace(props: { readonly traceId: string; readonly spanIds: readonly string[]; readonly now: number }) {
  const { traceId, spanIds } = props;
  const { data, error } = useEngine('trace.get', { traceId });
  const name = visibleString((data?.name || traceId).slice(0, 200));
  const began = nsTextToMs(data?.startNs ?? null);
  function show(span: string | null): void {
    closePatternSearch();
    go({ view: 'trace', traceId, span });
  }
  return (
    <li className={styles.trace}>
      <button type="button" className={styles.open} onClick={() => show(spanIds[0] ?? null)}>
        <span className={styles.name}>{name}</span>
        <span className={styles.dim}>
          {error
            ? 'no longer there'
            : (data?.agents ?? [])
                .map((agent) => visibleString(agent.slice(0, 40)))
                .slice(0, 4)
                .join(', ')}
        </span>
        <span className={styles.when}>{began === null ? '' : formatRelative(began, props.now)}</span>
        <ArrowRight size={13} aria-hidden />
      </button>
      {spanIds.length > 0 && (
        <span className={styles.crossings}>
          {spanIds.slice(0, MOST_CROSSINGS).map((span, index) => (
            <button
              key={span}
              type="button"
              title={`Opens the trace at crossing ${index + 1} of ${spanIds.length}`}
              aria-label={`Crossing ${index + 1} of ${spanIds.length} in ${name}`}
              onClick={() => show(span)}
            >
              {index + 1}
            </button>
          ))}
          {spanIds.length > MOST_CROSSINGS && <span className={styles.dim}>of {formatCount(spanIds.length)}</span>}
        </span>
      )}
    </li>
  );
}
