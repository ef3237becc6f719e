/** All graders: kind, version, what they said so far, and where they were used. */
import { useState } from 'react';
import { Archive, ArchiveRestore, Copy, FilePen, Scale } from 'lucide-react';
import type { EvalRow } from '#shared/eval.ts';
import type { GraderKindInfo, GraderRow, GradingRow } from '#shared/grader.ts';
import { useEngine } from '../../data/engine.ts';
import { openEval } from '../../state/evals.ts';
import {
  isChanged,
  NEW_GRADER,
  openNewGrader,
  readDraft,
  useGraderDrafts,
  type GraderDraft,
} from '../../state/grader-drafts.ts';
import { askGrading } from '../../state/gradings.ts';
import { go, replacePlace } from '../../state/place.ts';
import { Button, IconButton } from '../../widgets/button.tsx';
import { Chip } from '../../widgets/chip.tsx';
import { formatCompact, formatCount } from '../../widgets/format.ts';
import { EmptyState, ErrorState, Spinner } from '../../widgets/states.tsx';
import { visibleString } from '../../widgets/visible-text.ts';
import { archiveGrader } from './acts.ts';
import { VERDICTS } from './verdicts-view.tsx';
import styles from './graders.module.css';

type Props = {
  readonly kinds: readonly GraderKindInfo[];
  readonly readOnly: boolean;
  readonly onNew: () => void;
};

export function GraderList({ kinds, readOnly, onNew }: Props) {
  const [archived, setArchived] = useState(false);
  const list = useEngine('grader.list', archived ? { archived: true } : {}, { keepPrevious: true });
  const gradings = useEngine('grading.list', undefined);
  const evals = useEngine('eval.list', {});
  const drafts = useGraderDrafts((state) => state.drafts);
  const fresh = drafts[NEW_GRADER];
  if (list.error && !list.data) return <ErrorState error={list.error} onRetry={list.refetch} />;
  if (!list.data) return <Spinner label="Loading graders" />;
  // The engine may answer both when archived ones are asked for.
  const rows = list.data;
  const begun = fresh ? readDraft(fresh).shown.name : '';
  const draftName = typeof begun === 'string' ? begun : '';
  return (
    <div className={styles.scroll}>
      {fresh && (
        <button
          type="button"
          className={styles.draft}
          onClick={() => go({ view: 'graders', tab: NEW_GRADER, span: null, q: '' })}
        >
          <FilePen size={14} aria-hidden />
          <strong>{visibleString(draftName.slice(0, 200)) || 'no name'}</strong> was begun and is not saved: go on
        </button>
      )}
      {rows.length === 0 && !fresh ? (
        <EmptyState
          icon={<Scale size={26} strokeWidth={1.5} aria-hidden />}
          title={archived ? 'Nothing is archived' : 'No grader yet'}
          actions={
            !archived && (
              <Button variant="primary" disabled={readOnly} onClick={onNew}>
                New grader…
              </Button>
            )
          }
        >
          A grader says of each trace whether it passes, and on which spans that rests. Begin with a kind, or open a
          trace and make one from it.
        </EmptyState>
      ) : rows.length === 0 ? null : (
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Grader</th>
              <th scope="col" className={styles.kindCell}>
                Kind
              </th>
              <th scope="col" className={styles.versionCell}>
                Version
              </th>
              <th scope="col" className={styles.verdictCell}>
                Verdicts
              </th>
              <th scope="col" className={styles.usedCell}>
                Used in
              </th>
              <th scope="col" className={styles.actCell}>
                <span className="visually-hidden">What can be done</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row
                key={row.id}
                row={row}
                kind={kinds.find(({ type }) => type === row.type)}
                gradings={gradings.data ?? []}
                evals={evals.data ?? []}
                edited={isEdited(drafts[row.id])}
                readOnly={readOnly}
              />
            ))}
          </tbody>
        </table>
      )}
      <p className={styles.foot} hidden={rows.length === 0 && !archived}>
        <label className={styles.check}>
          <input type="checkbox" checked={archived} onChange={(event) => setArchived(event.target.checked)} />
          Archived ones too
        </label>
      </p>
    </div>
  );
}

type RowProps = {
  readonly row: GraderRow;
  readonly kind: GraderKindInfo | undefined;
  readonly gradings: readonly GradingRow[];
  readonly evals: readonly EvalRow[];
  readonly edited: boolean;
  readonly readOnly: boolean;
};

function Row({ row, kind, gradings, evals, edited, readOnly }: RowProps) {
  const name = visibleString(row.name.slice(0, 200));
  const used = gradings.filter(({ graderIds }) => graderIds.includes(row.id)).length;
  const within = evals.filter(({ criteria }) => criteria.some(({ graderId }) => graderId === row.id));
  const [first] = within;
  return (
    <tr className={row.archived ? styles.archivedRow : undefined}>
      <th scope="row">
        <button
          type="button"
          className={styles.open}
          onClick={() => go({ view: 'graders', tab: row.id, span: null, q: '' })}
        >
          <span className={styles.cut}>{name}</span>
          {edited && <Chip tone="accent">edited</Chip>}
          {row.archived && <Chip tone="warn">archived</Chip>}
        </button>
      </th>
      <td className={styles.dim}>
        <span className={styles.cut}>{kind?.label ?? visibleString(row.type.slice(0, 60))}</span>
      </td>
      <td className={styles.dim}>
        {row.current.number}
        {row.versions > 1 && ` of ${row.versions}`}
      </td>
      <td>
        <Counts row={row} name={name} />
      </td>
      <td className={styles.dim}>
        {used === 0 && within.length === 0 && '–'}
        {used > 0 && `${formatCount(used)} ${used === 1 ? 'grading' : 'gradings'}`}
        {used > 0 && first && ', '}
        {first && (
          <button
            type="button"
            className={styles.count}
            title={within
              .slice(0, 20)
              .map((each) => visibleString(each.name.slice(0, 80)))
              .join('\n')}
            onClick={() => (within.length === 1 ? openEval(first.id) : go({ view: 'evals', tab: 'evals', span: null }))}
          >
            {formatCount(within.length)} {within.length === 1 ? 'eval' : 'evals'}
          </button>
        )}
      </td>
      <td>
        <span className={styles.acts}>
          <IconButton
            label={`Grade with ${name}…`}
            icon={<Scale size={14} aria-hidden />}
            disabled={readOnly || row.archived}
            onClick={() => askGrading([], '', null, [row.id])}
          />
          <IconButton
            label={`Duplicate ${name}`}
            icon={<Copy size={14} aria-hidden />}
            disabled={readOnly}
            onClick={() => openNewGrader({ ...row.current.definition, name: `${row.name} (copy)` })}
          />
          <IconButton
            label={row.archived ? `Bring ${name} back` : `Archive ${name}`}
            icon={row.archived ? <ArchiveRestore size={14} aria-hidden /> : <Archive size={14} aria-hidden />}
            disabled={readOnly}
            onClick={() => void archiveGrader(row, !row.archived)}
          />
        </span>
      </td>
    </tr>
  );
}

function isEdited(draft: GraderDraft | undefined): boolean {
  return draft !== undefined && isChanged(draft);
}

/** Each count leads to its verdicts. */
function Counts({ row, name }: { readonly row: GraderRow; readonly name: string }) {
  if (row.grades === 0) return <span className={styles.dim}>none yet</span>;
  const parts = [
    { id: 'passed', count: row.passed, word: 'pass' },
    { id: 'failed', count: row.failed, word: 'fail' },
    { id: 'errored', count: row.errored, word: row.errored === 1 ? 'error' : 'errors' },
  ].filter(({ count }) => count > 0);
  return (
    <span className={styles.counts}>
      {parts.map(({ id, count, word }) => (
        <button
          key={id}
          type="button"
          className={styles.count}
          data-outcome={id}
          aria-label={`${formatCount(count)} ${word}: show what ${name} said`}
          title={`${formatCount(count)} ${word}`}
          onClick={() => replacePlace({ tab: row.id, span: `${VERDICTS}${id}` })}
        >
          {formatCompact(count)} {word}
        </button>
      ))}
      {parts.length === 0 && (
        <button
          type="button"
          className={styles.count}
          onClick={() => replacePlace({ tab: row.id, span: `${VERDICTS}all` })}
        >
          {formatCompact(row.grades)} in all
        </button>
      )}
    </span>
  );
}
