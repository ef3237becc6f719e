/** What a grader said, stored: a verdict for each trace, each a way to its evidence. */
import { useEffect, useState } from 'react';
import { ArrowLeft } from 'lucide-react';
import type { GradeRow } from '#shared/grader.ts';
import type { Args } from '#shared/rpc/contract.ts';
import { attempt } from '#shared/rpc/client.ts';
import { engine, useEngine } from '../../data/engine.ts';
import { VerdictMark } from '../../grades/verdict-mark.tsx';
import { scoreText } from '../../grades/words.ts';
import { openEvidence } from '../../state/grade-evidence.ts';
import { notifyError } from '../../state/notices.ts';
import { go, replacePlace } from '../../state/place.ts';
import { Button, IconButton } from '../../widgets/button.tsx';
import { Choice } from '../../widgets/choice.tsx';
import { formatRelative } from '../../widgets/format.ts';
import { EmptyState, ErrorState, Spinner } from '../../widgets/states.tsx';
import { visibleString } from '../../widgets/visible-text.ts';
import styles from './graders.module.css';

/** In the place, what is shown of a grader instead of its editor begins with this. */
export const VERDICTS = 'verdicts:';

const WHICH = [
  { id: 'all', label: 'All' },
  { id: 'failed', label: 'Fail' },
  { id: 'passed', label: 'Pass' },
  { id: 'errored', label: 'Error' },
  { id: 'not_applicable', label: 'Not applicable' },
] as const;
type Which = (typeof WHICH)[number]['id'];

const PAGE = 100;

function filterOf(which: Which): Partial<Args<'grade.page'>> {
  if (which === 'passed') return { passed: true };
  if (which === 'failed') return { passed: false };
  return which === 'all' ? {} : { status: which };
}

export function VerdictsView({ graderId, shown }: { readonly graderId: string; readonly shown: string }) {
  const which = WHICH.find(({ id }) => id === shown.slice(VERDICTS.length))?.id ?? 'all';
  const grader = useEngine('grader.get', { id: graderId });
  const name = visibleString((grader.data?.row.name ?? '').slice(0, 200));
  return (
    <div className={styles.view}>
      <header className={styles.editorHead}>
        <IconButton
          label="All graders"
          icon={<ArrowLeft size={15} aria-hidden />}
          onClick={() => go({ view: 'graders', tab: null, span: null, q: '' })}
        />
        <h1 className={styles.editorTitle}>Verdicts of {name === '' ? '…' : name}</h1>
        <span className={styles.headEnd}>
          <Choice
            label="Which verdicts"
            choices={WHICH}
            value={which}
            onChange={(id) => replacePlace({ span: `${VERDICTS}${id}` })}
          />
          <Button onClick={() => replacePlace({ span: null })}>Edit the grader</Button>
        </span>
      </header>
      <Verdicts key={which} graderId={graderId} which={which} />
    </div>
  );
}

function Verdicts({ graderId, which }: { readonly graderId: string; readonly which: Which }) {
  const args = { graderId, limit: PAGE, ...filterOf(which) };
  const first = useEngine('grade.page', args);
  const [more, setMore] = useState<{ readonly rows: readonly GradeRow[]; readonly cursor: string | null } | null>(null);
  const [now] = useState(() => Date.now());
  // What follows belongs to the first page as it was.
  useEffect(() => setMore(null), [first.data]);
  if (first.error && !first.data) return <ErrorState error={first.error} onRetry={first.refetch} />;
  if (!first.data) return <Spinner label="Loading verdicts" />;
  const rows = [...first.data.rows, ...(more?.rows ?? [])];
  const cursor = more === null ? first.data.nextCursor : more.cursor;
  async function load(): Promise<void> {
    if (cursor === null) return;
    const next = await attempt(engine.call('grade.page', { ...args, cursor }));
    if (!next.ok) notifyError('No more verdicts', next.error);
    else setMore({ rows: [...(more?.rows ?? []), ...next.value.rows], cursor: next.value.nextCursor });
  }
  if (rows.length === 0)
    return (
      <EmptyState title="No such verdict">
        {which === 'all' ? 'This grader has not graded anything that is stored.' : 'Choose another outcome above.'}
      </EmptyState>
    );
  return (
    <div className={styles.scroll}>
      <ul className={styles.verdicts} aria-label="Verdicts">
        {rows.map((row, index) => (
          <li key={`${row.traceId} ${row.spanId ?? ''} ${row.versionHash} ${index}`}>
            <button
              type="button"
              className={styles.verdictRow}
              onClick={() => openEvidence(row.traceId, row.grader, row)}
            >
              <VerdictMark grade={row} />
              <span className={styles.score}>{scoreText(row.score)}</span>
              <TraceName traceId={row.traceId} />
              <span className={styles.verdictWhy}>
                {visibleString((row.errors[0]?.message ?? row.explanation).slice(0, 240))}
              </span>
              <span className={styles.dim}>
                {row.stale && <span title="The trace has changed since. Grade it again.">stale · </span>}version{' '}
                {row.versionNumber} · {formatRelative(row.gradedAt, now)}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {cursor !== null && (
        <p className={styles.foot}>
          <Button onClick={() => void load()}>More</Button>
        </p>
      )}
    </div>
  );
}

function TraceName({ traceId }: { readonly traceId: string }) {
  const trace = useEngine('trace.get', { traceId });
  const text = visibleString((trace.data?.name || traceId).slice(0, 200));
  return (
    <span className={styles.verdictName} title={text}>
      {text}
    </span>
  );
}
