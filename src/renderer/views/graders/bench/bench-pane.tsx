/** Traces, and what the grader in the editor says of each: as somebody types, or when it is asked for. */
import { useEffect, useState } from 'react';
import { FlaskConical, Play, Square } from 'lucide-react';
import type { GraderRuns } from '#shared/grader.ts';
import type { JsonObject } from '#shared/json.ts';
import { parseQuery } from '#shared/query.ts';
import { useEngine, useEngineEvent } from '../../../data/engine.ts';
import type { GraderDraft } from '../../../state/grader-drafts.ts';
import { openEvidence } from '../../../state/grade-evidence.ts';
import { replacePlace, usePlace } from '../../../state/place.ts';
import { tally, scoreText } from '../../../grades/words.ts';
import { Button } from '../../../widgets/button.tsx';
import { formatCompact, formatCost, formatCount } from '../../../widgets/format.ts';
import { Kbd } from '../../../widgets/kbd.tsx';
import { EmptyState, ErrorState, Spinner } from '../../../widgets/states.tsx';
import { BenchDetail } from './bench-detail.tsx';
import { BenchList } from './bench-list.tsx';
import { useBench } from './use-bench.ts';
import styles from './bench.module.css';

const SETS = [
  { label: 'All traces', query: '' },
  { label: 'Annotated by people', query: 'annotated:true' },
  { label: 'People said pass', query: 'verdict:pass' },
  { label: 'People said fail', query: 'verdict:fail' },
  { label: 'With errors', query: 'error:true' },
] as const;
const SIZES = [10, 25, 50, 100] as const;
const TYPING_PAUSE = 250;

type Props = {
  /** Null = it cannot be graded with as it stands. */
  readonly definition: JsonObject | null;
  readonly name: string;
  readonly runs: GraderRuns;
  readonly from: GraderDraft['from'];
  /** The trace whose values the editor completes paths from. */
  readonly onTrace: (traceId: string | null) => void;
  /** Raised to grade again, as by a key. */
  readonly asked: number;
};

export function BenchPane({ definition, name, runs, from, onTrace, asked }: Props) {
  const { q } = usePlace();
  const [size, setSize] = useState<number>(25);
  const page = useEngine('trace.list', { query: q, limit: size }, { keepPrevious: true });
  const own = useEngine('trace.get', { traceId: from?.traceId ?? '' }, { enabled: from !== null });
  const [chosen, setChosen] = useState<string | null>(null);
  const found = page.data?.rows ?? [];
  const rows = own.data ? [own.data, ...found.filter(({ id }) => id !== own.data?.id)].slice(0, size) : found;
  const traceIds = rows.map(({ id }) => id);
  const automatic = runs !== 'endpoint';
  const only = from !== null && from.spanId !== null ? { traceId: from.traceId, spanId: from.spanId } : null;
  const bench = useBench({ definition, traceIds, only, automatic });
  const [startsPython, setStartsPython] = useState(false);
  useEngineEvent('sandbox', (event) => setStartsPython(event.startsPython));
  const cost = useEngine(
    'grading.cost',
    { definition: definition ?? {}, traceIds },
    { enabled: !automatic && definition !== null && traceIds.length > 0, keepPrevious: true },
  );
  const active = rows.find(({ id }) => id === chosen) ?? rows[0];
  const trial = active ? bench.trials.get(active.id) : undefined;
  const activeId = active?.id ?? null;
  useEffect(() => onTrace(activeId), [activeId, onTrace]);
  const [answered, setAnswered] = useState(asked);
  const { run } = bench;
  useEffect(() => {
    if (asked === answered) return;
    setAnswered(asked);
    run();
  }, [asked, answered, run]);

  const counts = tally(rows.flatMap(({ id }) => bench.trials.get(id)?.grade ?? []));
  const graded = counts.passed + counts.failed + counts.none;
  const summary = [
    ...(counts.passed + counts.failed > 0
      ? [`${formatCount(counts.passed)} pass`, `${formatCount(counts.failed)} fail`]
      : []),
    ...(counts.none > 0 ? [`${formatCount(counts.none)} graded`] : []),
    ...(counts.errored > 0 ? [`${formatCount(counts.errored)} ${counts.errored === 1 ? 'error' : 'errors'}`] : []),
    ...(counts.not_applicable > 0 ? [`${formatCount(counts.not_applicable)} not applicable`] : []),
    ...(graded > 0 && counts.mean !== null ? [`mean ${scoreText(counts.mean)}`] : []),
  ].join(' · ');

  return (
    <section className={styles.bench} aria-label="Bench">
      <div className={styles.bar}>
        <h2 className={styles.title}>
          <FlaskConical size={14} aria-hidden /> Bench
        </h2>
        <BenchQuery query={q} />
        <select
          className={styles.input}
          aria-label="How many traces"
          value={size}
          onChange={(event) => setSize(Number(event.target.value))}
        >
          {SIZES.map((each) => (
            <option key={each} value={each}>
              {each} traces
            </option>
          ))}
        </select>
        <p className={styles.summary} role="status">
          {summary}
          {bench.running && (
            <span className={styles.dim}>
              {summary === '' ? '' : ' · '}
              {startsPython && runs === 'code'
                ? 'starting Python…'
                : `grading ${formatCount(bench.done)} of ${formatCount(rows.length)}…`}
            </span>
          )}
          {!bench.running && graded > 0 && rows.some(({ id }) => bench.trials.get(id)?.fresh === false) && (
            <span className={styles.dim}> · of the text before</span>
          )}
        </p>
        {bench.running ? (
          <Button icon={<Square size={11} aria-hidden />} onClick={bench.cancel}>
            Stop
          </Button>
        ) : (
          <Button
            variant={automatic ? 'plain' : 'primary'}
            icon={<Play size={12} aria-hidden />}
            disabled={definition === null || rows.length === 0}
            onClick={bench.run}
          >
            {automatic ? 'Run again' : `Ask ${formatCount(rows.length)} times`}
            <Kbd keys="mod+enter" />
          </Button>
        )}
      </div>
      {!automatic && definition !== null && (
        <p className={styles.cost} role="note">
          {cost.data
            ? `This asks a model, so it runs when you say so: about ${formatCount(cost.data.calls)} calls, ${formatCompact(cost.data.promptTokens)} tokens, ${cost.data.cost === null ? 'price unknown' : formatCost(cost.data.cost)}. Answers are kept in a cache.`
            : cost.error
              ? `What this asks of a model is not known: ${cost.error.message}`
              : 'This asks a model, so it runs when you say so. Counting what it would ask…'}
        </p>
      )}
      {bench.error && (
        <p className={styles.problem} role="alert">
          {bench.error.message} {bench.error.hint}
        </p>
      )}
      {page.error && !page.data ? (
        <ErrorState error={page.error} onRetry={page.refetch} />
      ) : !page.data ? (
        <Spinner label="Loading traces" />
      ) : rows.length === 0 ? (
        <EmptyState title={q === '' ? 'There is no trace to try it on' : 'No trace matches'}>
          {parseQuery(q).problems[0] ?? 'Traces that arrive, or that the filter finds, are graded here as you type.'}
        </EmptyState>
      ) : (
        <div className={styles.split}>
          <BenchList
            rows={rows}
            trials={bench.trials}
            running={bench.running}
            active={active?.id ?? null}
            onActive={setChosen}
            onOpen={(traceId) => {
              const grade = bench.trials.get(traceId)?.grade;
              if (grade) openEvidence(traceId, name, grade);
            }}
          />
          {active && (
            <BenchDetail
              trace={active}
              trial={trial}
              waiting={bench.running || (automatic && definition !== null && !trial && bench.error === null)}
              usable={definition !== null}
              onEvidence={(evidence) => trial && openEvidence(active.id, name, trial.grade, evidence)}
              onPart={(grade, spanId) =>
                openEvidence(active.id, name, grade, { ...{ quote: null, note: null }, spanId })
              }
            />
          )}
        </div>
      )}
    </section>
  );
}

/** The same language as the search of traces; a few sets are at hand. */
function BenchQuery({ query }: { readonly query: string }) {
  const [text, setText] = useState(query);
  const [known, setKnown] = useState(query);
  if (known !== query) {
    setKnown(query);
    if (query !== text.trim()) setText(query);
  }
  useEffect(() => {
    if (text.trim() === query) return undefined;
    const timer = setTimeout(() => replacePlace({ q: text.trim() }), TYPING_PAUSE);
    return () => clearTimeout(timer);
  }, [text, query]);
  const problem = parseQuery(text).problems[0];
  return (
    <>
      <select
        className={styles.input}
        aria-label="Which traces"
        value={SETS.some((each) => each.query === query) ? query : 'own'}
        onChange={(event) => replacePlace({ q: event.target.value })}
      >
        {SETS.map((each) => (
          <option key={each.query} value={each.query}>
            {each.label}
          </option>
        ))}
        {!SETS.some((each) => each.query === query) && <option value="own">Own filter</option>}
      </select>
      <input
        type="text"
        className={`${styles.input} ${styles.query}`}
        aria-label="Filter of the bench"
        aria-invalid={problem !== undefined || undefined}
        title={problem}
        placeholder="Filter, such as workflow:Refund tool:search"
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') replacePlace({ q: text.trim() });
        }}
      />
    </>
  );
}
