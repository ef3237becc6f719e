/** All that a run said of one item: a verdict per criterion with what it rests on, and the data that it was given. */
import { ClipboardCheck, ExternalLink, Scale, X } from 'lucide-react';
import type { EvalRunRow, RunItem } from '#shared/eval.ts';
import type { GradeEvidence } from '#shared/grader.ts';
import type { Json } from '#shared/json.ts';
import { useEngine } from '../../../data/engine.ts';
import { GradeFacts } from '../../../grades/grade-facts.tsx';
import { VerdictMark } from '../../../grades/verdict-mark.tsx';
import { scoreText } from '../../../grades/words.ts';
import { openEvidence } from '../../../state/grade-evidence.ts';
import { askGraderFrom } from '../../../state/grader-from-trace.ts';
import { askQueue } from '../../../state/review-queues.ts';
import { useSelection } from '../../../state/selection.ts';
import { Button, IconButton } from '../../../widgets/button.tsx';
import { JsonTree } from '../../../widgets/json-tree.tsx';
import { ErrorState, Spinner } from '../../../widgets/states.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import { titleOf } from './item-grid.tsx';
import { ItemMark } from './item-mark.tsx';
import styles from './run.module.css';

type Props = {
  readonly id: number;
  readonly run: EvalRunRow;
  readonly readOnly: boolean;
  readonly onClose: () => void;
};

export function ItemPanel({ id, run, readOnly, onClose }: Props) {
  const item = useEngine('run.item', { id }, { keepPrevious: true });
  return (
    <aside className={styles.panel} aria-label="The chosen item">
      {item.error && !item.data ? (
        <ErrorState error={item.error} onRetry={item.refetch} />
      ) : !item.data || item.data.row.runId !== run.id ? (
        <Spinner label="Loading the item" />
      ) : (
        <Shown item={item.data} run={run} readOnly={readOnly} onClose={onClose} />
      )}
    </aside>
  );
}

function Shown(props: {
  readonly item: RunItem;
  readonly run: EvalRunRow;
  readonly readOnly: boolean;
  readonly onClose: () => void;
}) {
  const { item, run, readOnly, onClose } = props;
  const { row } = item;
  const traceId = row.gone ? null : row.traceId;
  return (
    <>
      <header className={styles.panelHead}>
        <div className={styles.panelTitle}>
          <h2 className="selectable">{titleOf(row)}</h2>
          <IconButton label="Close the item" icon={<X size={14} aria-hidden />} onClick={onClose} />
        </div>
        <p className={styles.name}>
          <ItemMark status={row.status} />
          <span className={`${styles.dim} ${styles.cut}`} title={visibleString(row.task.slice(0, 500))}>
            {visibleString(row.task.slice(0, 200))}, trial {row.trial}
            {row.score !== null && `, score ${scoreText(row.score)}`}
          </span>
        </p>
        {traceId !== null && (
          <div className={styles.panelActs}>
            <Button
              variant="primary"
              icon={<ExternalLink size={13} aria-hidden />}
              onClick={() => useSelection.getState().openTrace(traceId)}
            >
              Open trace
            </Button>
            <Button
              icon={<Scale size={13} aria-hidden />}
              disabled={readOnly}
              title="Make a grader from this trace"
              onClick={() => askGraderFrom(traceId, null)}
            >
              Grader…
            </Button>
            <Button
              icon={<ClipboardCheck size={13} aria-hidden />}
              disabled={readOnly}
              title="Add to a review queue"
              onClick={() => askQueue([traceId], '')}
            >
              Review…
            </Button>
          </div>
        )}
      </header>
      <div className={styles.panelBody} tabIndex={0} role="region" aria-label="Verdicts">
        {row.gone && <p className={styles.dim}>Verdicts stay; what they quoted went with the trace.</p>}
        {run.criteria.map((criterion, index) => {
          const grade = item.grades[index] ?? null;
          const name = visibleString(criterion.name.slice(0, 300));
          return (
            <section key={index} className={styles.verdict} aria-label={name}>
              <h3>
                <span>{name}</span>
                {grade === null ? (
                  <span className={styles.dim}>not graded yet</span>
                ) : (
                  <span className={styles.mark}>
                    <VerdictMark grade={grade} />
                    {grade.score !== null && <span className={styles.dim}>{scoreText(grade.score)}</span>}
                  </span>
                )}
              </h3>
              {grade && (
                <GradeFacts
                  grade={grade}
                  onEvidence={(evidence: GradeEvidence) => {
                    if (traceId !== null) openEvidence(traceId, criterion.name, grade, evidence, run.name);
                  }}
                />
              )}
            </section>
          );
        })}
        <Data label="Item" value={item.item} />
        <Data label="Sample" value={item.sample} />
      </div>
    </>
  );
}

function Data({ label, value }: { readonly label: string; readonly value: Json }) {
  if (value === null) return null;
  return (
    <section className={styles.json}>
      <h3>{label}</h3>
      <JsonTree value={value} label={label} />
    </section>
  );
}
