/** All evals: what they measure on which traces, and how the last run went. */
import { useState } from 'react';
import { Archive, ArchiveRestore, FlaskConical } from 'lucide-react';
import type { EvalRow } from '#shared/eval.ts';
import { useEngine } from '../../data/engine.ts';
import { isEvalChanged, NEW_EVAL, openNewEval, useEvalDrafts } from '../../state/eval-drafts.ts';
import { archiveEval, askEval, openEval, openRun } from '../../state/evals.ts';
import { Button, IconButton } from '../../widgets/button.tsx';
import { Chip } from '../../widgets/chip.tsx';
import { formatCount, formatRelative } from '../../widgets/format.ts';
import { EmptyState, ErrorState, Spinner } from '../../widgets/states.tsx';
import { visibleString } from '../../widgets/visible-text.ts';
import { RateBar, StatusMark } from './runs/figures.tsx';
import { useDatasets } from './use-datasets.ts';
import { useNow } from './use-now.ts';
import { passRate, rateWords, sampleWords, sourceWords } from './words.ts';
import styles from './evals.module.css';

const AT_FIRST = 100;

export function EvalList({ readOnly, onImport }: { readonly readOnly: boolean; readonly onImport: () => void }) {
  const [archived, setArchived] = useState(false);
  const [most, setMost] = useState(AT_FIRST);
  const list = useEngine('eval.list', archived ? { archived: true } : {}, { keepPrevious: true });
  const begun = useEvalDrafts((state) => state.drafts[NEW_EVAL]);
  const { names } = useDatasets();
  if (list.error && !list.data) return <ErrorState error={list.error} onRetry={list.refetch} />;
  if (!list.data) return <Spinner label="Loading evals" />;
  const rows = list.data;
  const resume = begun && isEvalChanged(begun) && (
    <Button onClick={() => openEval(NEW_EVAL)}>Go on with the unsaved eval</Button>
  );
  if (rows.length === 0 && !archived)
    return (
      <EmptyState
        icon={<FlaskConical size={26} strokeWidth={1.5} aria-hidden />}
        title="No eval yet"
        actions={
          <>
            <Button variant="primary" disabled={readOnly} onClick={() => askEval([], '')}>
              Grade all traces…
            </Button>
            <Button disabled={readOnly} onClick={() => openNewEval()}>
              New eval
            </Button>
            <Button disabled={readOnly} onClick={onImport}>
              Import…
            </Button>
            <Button onClick={() => setArchived(true)}>Show archived</Button>
            {resume}
          </>
        }
      >
        An eval says which graders judge which traces, and what share must pass. Each run of it keeps its verdicts with
        their evidence, so that two runs can be compared: did the change help, and is it real?
      </EmptyState>
    );
  return (
    <div className={styles.scroll}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Eval</th>
            <th scope="col" style={{ width: '24%' }}>
              Measures
            </th>
            <th scope="col" style={{ width: 56 }} className={styles.number}>
              Runs
            </th>
            <th scope="col" style={{ width: '16%' }}>
              Last run
            </th>
            <th scope="col" style={{ width: 150 }}>
              Passed
            </th>
            <th scope="col" style={{ width: 56 }}>
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, most).map((row) => (
            <Row key={row.id} row={row} datasets={names} readOnly={readOnly} />
          ))}
        </tbody>
      </table>
      <div className={styles.foot}>
        {rows.length > most && (
          <Button onClick={() => setMost(most + 400)}>Show more of {formatCount(rows.length)}</Button>
        )}
        {resume}
        <label className={styles.check}>
          <input type="checkbox" checked={archived} onChange={(event) => setArchived(event.target.checked)} />
          Show archived ones
        </label>
      </div>
    </div>
  );
}

function Row(props: {
  readonly row: EvalRow;
  readonly datasets: ReadonlyMap<string, string>;
  readonly readOnly: boolean;
}) {
  const { row, datasets, readOnly } = props;
  const now = useNow(30_000);
  const graders = useEngine('grader.list', { archived: true });
  const changed = useEvalDrafts(({ drafts }) => {
    const draft = drafts[row.id];
    return draft !== undefined && isEvalChanged(draft);
  });
  const names = row.criteria.map(({ graderId }) => graders.data?.find(({ id }) => id === graderId)?.name ?? '');
  const measures = visibleString(
    names
      .filter((name) => name !== '')
      .map((name) => name.slice(0, 80))
      .join(', ')
      .slice(0, 400),
  );
  const { lastRun } = row;
  const rate = lastRun ? passRate(lastRun.counts) : null;
  const sample = sampleWords(row.sample);
  const name = visibleString(row.name.slice(0, 300)) || 'no name';
  return (
    <tr className={row.archived ? styles.archivedRow : undefined}>
      <th scope="row">
        <span className={styles.two}>
          <button type="button" className={styles.open} onClick={() => openEval(row.id)}>
            {name}
          </button>
          <span className={`${styles.dim} ${styles.cut}`}>
            {changed && <Chip tone="accent">unsaved</Chip>} {row.archived && <Chip>archived</Chip>}{' '}
            {sourceWords(row.source, datasets)}
            {sample !== '' && `, ${sample}`}
          </span>
        </span>
      </th>
      <td>
        <span className={styles.two} title={measures}>
          <span>{row.criteria.length === 0 ? 'no criteria' : criteriaCount(row.criteria.length)}</span>
          <span className={`${styles.dim} ${styles.cut}`}>{measures}</span>
        </span>
      </td>
      <td className={styles.number}>{formatCount(row.runs)}</td>
      <td>
        {lastRun ? (
          <span className={styles.two}>
            <button type="button" className={styles.open} onClick={() => openRun(lastRun.id)}>
              <StatusMark status={lastRun.status} />
              <span className="visually-hidden">: open the last run</span>
            </button>
            <span className={styles.dim}>{formatRelative(lastRun.startedAt ?? lastRun.createdAt, now)}</span>
          </span>
        ) : (
          <span className={styles.dim}>none yet</span>
        )}
      </td>
      <td>
        {rate ? (
          <span className={styles.two}>
            <RateBar rate={rate} />
            <span>{rateWords(rate)}</span>
          </span>
        ) : (
          <span className={styles.dim}>–</span>
        )}
      </td>
      <td>
        <span className={styles.acts}>
          <IconButton
            label={`${row.archived ? 'Restore' : 'Archive'} ${name.slice(0, 80)}`}
            icon={row.archived ? <ArchiveRestore size={13} aria-hidden /> : <Archive size={13} aria-hidden />}
            disabled={readOnly}
            onClick={() => void archiveEval(row, !row.archived)}
          />
        </span>
      </td>
    </tr>
  );
}

function criteriaCount(count: number): string {
  return count === 1 ? '1 criterion' : `${formatCount(count)} criteria`;
}
