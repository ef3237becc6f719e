/** The verdict of one trace on the bench, with all that it says. */
import { ArrowUpRight } from 'lucide-react';
import type { Grade, GradeEvidence } from '#shared/grader.ts';
import type { TraceRow } from '#shared/trace.ts';
import { GradeFacts } from '../../../grades/grade-facts.tsx';
import { VerdictMark } from '../../../grades/verdict-mark.tsx';
import { scoreText } from '../../../grades/words.ts';
import { go } from '../../../state/place.ts';
import { IconButton } from '../../../widgets/button.tsx';
import { formatCount } from '../../../widgets/format.ts';
import { visibleString } from '../../../widgets/visible-text.ts';
import type { BenchTrial } from './use-bench.ts';
import styles from './bench.module.css';

const MOST_PARTS = 50;

type Props = {
  readonly trace: TraceRow;
  readonly trial: BenchTrial | undefined;
  readonly waiting: boolean;
  /** The definition can be graded with. */
  readonly usable: boolean;
  readonly onEvidence: (evidence: GradeEvidence) => void;
  readonly onPart: (grade: Grade, spanId: string) => void;
};

export function BenchDetail({ trace, trial, waiting, usable, onEvidence, onPart }: Props) {
  const parts = trial?.grades.filter(({ spanId }) => spanId !== null) ?? [];
  return (
    <aside className={styles.detail} aria-label="Verdict" tabIndex={0}>
      <header className={styles.detailHead}>
        {trial && <VerdictMark grade={trial.grade} />}
        {trial && trial.grade.score !== null && <span className={styles.score}>{scoreText(trial.grade.score)}</span>}
        {trial && trial.grade.label !== null && <span>{visibleString(trial.grade.label.slice(0, 80))}</span>}
        <span className={styles.detailName}>{visibleString((trace.name || trace.id).slice(0, 200))}</span>
        <IconButton
          label="Open the trace"
          icon={<ArrowUpRight size={14} aria-hidden />}
          onClick={() => go({ view: 'trace', traceId: trace.id })}
        />
      </header>
      {trial ? (
        <GradeFacts grade={trial.grade} onEvidence={onEvidence} />
      ) : (
        <p className={styles.dim}>
          {!usable ? 'Not graded: the definition has errors.' : waiting ? 'Grading…' : 'Not graded yet.'}
        </p>
      )}
      {parts.length > 0 && (
        <ul className={styles.parts} aria-label="Parts">
          {parts.slice(0, MOST_PARTS).map(({ spanId, grade }, index) => (
            <li key={index}>
              <button type="button" className={styles.part} onClick={() => spanId !== null && onPart(grade, spanId)}>
                <VerdictMark grade={grade} word={false} />
                <span className={styles.partWhy}>
                  {visibleString((grade.errors[0]?.message ?? grade.explanation).slice(0, 200)) || 'no explanation'}
                </span>
                <span className={styles.number}>{scoreText(grade.score)}</span>
              </button>
            </li>
          ))}
          {parts.length > MOST_PARTS && (
            <li className={styles.dim}>and {formatCount(parts.length - MOST_PARTS)} more parts</li>
          )}
        </ul>
      )}
    </aside>
  );
}
