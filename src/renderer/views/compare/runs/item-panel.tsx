/** The chosen item: both verdicts under each criterion, and what both answered. */
import { ArrowLeftRight, ExternalLink, X } from 'lucide-react';
import type { ComparedItems, RunComparison } from '#shared/comparison.ts';
import type { EvalRunRow, RunItem } from '#shared/eval.ts';
import type { Grade } from '#shared/grader.ts';
import { useEngine } from '../../../data/engine.ts';
import { GradeFacts } from '../../../grades/grade-facts.tsx';
import { VerdictMark } from '../../../grades/verdict-mark.tsx';
import { scoreText } from '../../../grades/words.ts';
import { openEvidence } from '../../../state/grade-evidence.ts';
import { go } from '../../../state/place.ts';
import { Button, IconButton } from '../../../widgets/button.tsx';
import { ErrorState, Spinner } from '../../../widgets/states.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import { AnswerDiff } from './answer-diff.tsx';
import { ChangeWord } from './change-word.tsx';
import { letterOf } from './model/choose.ts';
import { changeOf, differs } from './model/items.ts';
import { shownName } from './model/words.ts';
import { openPair } from './open-pair.ts';
import { closeItem } from './use-compare-runs.ts';
import styles from './items.module.css';

const TITLE = 400;

type Props = {
  readonly items: ComparedItems;
  readonly row: number;
  readonly comparison: RunComparison;
  readonly at: number;
};

export function ItemPanel({ items, row, comparison, at }: Props) {
  const idA = items.itemA[row] ?? -1;
  const idB = items.itemB[row] ?? -1;
  const a = useEngine('run.item', { id: idA }, { enabled: idA >= 0 });
  const b = useEngine('run.item', { id: idB }, { enabled: idB >= 0 });
  const letter = letterOf(at + 1);
  const other = comparison.others[at]?.run;
  const traceA = items.traceA[row] ?? null;
  const traceB = items.traceB[row] ?? null;
  const isGone = a.data?.row.gone === true || b.data?.row.gone === true;
  const error = a.error ?? b.error;
  const loading = (idA >= 0 && !a.data) || (idB >= 0 && !b.data);
  return (
    <aside className={styles.panel} aria-label="The chosen item">
      <header className={styles.panelHead}>
        <div className={styles.panelTitle}>
          <ChangeWord change={changeOf(items, row, null, [])} letter={letter} />
          <IconButton label="Close" keys="escape" icon={<X size={14} aria-hidden />} onClick={closeItem} />
        </div>
        <h2 className={`${styles.panelName} selectable`}>
          {visibleString((items.titles[row] ?? '').slice(0, TITLE)) || 'Without a title'}
        </h2>
        <p className={`${styles.dim} ${styles.wrap} selectable`}>
          {visibleString((items.keys[row] ?? '').slice(0, TITLE))}
        </p>
        <div className={styles.panelActions}>
          {traceA !== null && traceB !== null && traceA !== traceB && !isGone && (
            <Button
              variant="primary"
              title="O, or Enter in the table"
              icon={<ArrowLeftRight size={13} aria-hidden />}
              onClick={() => openPair(traceA, traceB)}
            >
              Compare step by step
            </Button>
          )}
          <OpenTrace letter="A" traceId={traceA} item={a.data} />
          <OpenTrace letter={letter} traceId={traceB} item={b.data} />
        </div>
      </header>
      {/* A panel that scrolls must be reachable by keyboard. */}
      <div className={styles.panelBody} tabIndex={0} role="region" aria-label="Verdicts and answers">
        {error && loading ? (
          <ErrorState
            error={error}
            onRetry={() => {
              a.refetch();
              b.refetch();
            }}
          />
        ) : loading ? (
          <Spinner label="Loading verdicts" />
        ) : (
          <>
            <Verdicts
              items={items}
              row={row}
              letter={letter}
              a={sideOf(comparison.baseline, a.data)}
              b={other ? sideOf(other, b.data) : null}
            />
            <AnswerDiff a={a.data ?? null} b={b.data ?? null} letter={letter} />
          </>
        )}
      </div>
    </aside>
  );
}

type OpenProps = { readonly letter: string; readonly traceId: string | null; readonly item: RunItem | undefined };

function OpenTrace({ letter, traceId, item }: OpenProps) {
  if (traceId === null) return null;
  if (item?.row.gone === true) return <span className={styles.dim}>The trace of {letter} was deleted.</span>;
  return (
    <Button icon={<ExternalLink size={13} aria-hidden />} onClick={() => go({ view: 'trace', traceId })}>
      Open {letter}
    </Button>
  );
}

type SideGrades = { readonly item: RunItem; readonly grades: ReadonlyMap<string, Grade | null> };

/** By name: runs have their criteria in orders of their own. */
function sideOf(run: EvalRunRow, item: RunItem | undefined): SideGrades | null {
  if (!item) return null;
  return { item, grades: new Map(run.criteria.map(({ name }, index) => [name, item.grades[index] ?? null])) };
}

type VerdictsProps = {
  readonly items: ComparedItems;
  readonly row: number;
  readonly letter: string;
  readonly a: SideGrades | null;
  readonly b: SideGrades | null;
};

/** Criteria that differ first. */
function Verdicts({ items, row, letter, a, b }: VerdictsProps) {
  const order = items.criteria
    .map((name, index) => ({ name, differs: differs(items, row, index) }))
    .sort((one, other) => Number(other.differs) - Number(one.differs));
  return (
    <>
      {order.map(({ name, differs: isDifferent }) => (
        <section key={name} className={styles.criterion} data-differs={isDifferent} aria-label={shownName(name)}>
          <h3 className={styles.criterionTitle}>
            {shownName(name)} {!isDifferent && <span className={styles.dim}>{sameWords(items, row)}</span>}
          </h3>
          <div className={styles.sides}>
            <SideVerdict letter="A" side={a} name={name} trials={items.trialsA[row] ?? 0} />
            <SideVerdict letter={letter} side={b} name={name} trials={items.trialsB[row] ?? 0} />
          </div>
        </section>
      ))}
    </>
  );
}

/** What is shown of several trials is one of each side, and these may well differ. */
function sameWords({ trialsA, trialsB }: ComparedItems, row: number): string {
  return Math.max(trialsA[row] ?? 0, trialsB[row] ?? 0) > 1 ? 'the same over all trials' : 'the same';
}

type SideProps = {
  readonly letter: string;
  readonly side: SideGrades | null;
  readonly name: string;
  readonly trials: number;
};

function SideVerdict({ letter, side, name, trials }: SideProps) {
  if (!side)
    return (
      <div className={styles.side}>
        <p className={styles.dim}>{letter} does not have this item.</p>
      </div>
    );
  const grade = side.grades.get(name) ?? null;
  const { traceId, trial } = side.item.row;
  return (
    <div className={styles.side}>
      <p className={styles.sideHead}>
        <span className={styles.letter}>{letter}</span>
        {grade ? <VerdictMark grade={grade} /> : <span className={styles.dim}>not graded yet</span>}
        {grade?.score !== null && grade !== null && <span className={styles.dim}>{scoreText(grade.score)}</span>}
        {trials > 1 && (
          <span className={styles.dim}>
            trial {trial} of {trials}
          </span>
        )}
      </p>
      {grade && (
        <GradeFacts
          grade={grade}
          onEvidence={(evidence) => traceId !== null && openEvidence(traceId, name, grade, evidence)}
        />
      )}
    </div>
  );
}
