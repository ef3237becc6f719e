/** Above a span to which the evidence of a verdict led: whose verdict, and why this span counts. */
import { X } from 'lucide-react';
import { VerdictMark } from '../../../grades/verdict-mark.tsx';
import { useGradeEvidence } from '../../../state/grade-evidence.ts';
import { go } from '../../../state/place.ts';
import { IconButton } from '../../../widgets/button.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import styles from './grades.module.css';

export function EvidenceNote({ traceId, spanId }: { readonly traceId: string; readonly spanId: string }) {
  const shown = useGradeEvidence((state) => state.shown);
  if (shown?.traceId !== traceId || shown.spanId !== spanId) return null;
  const why = [shown.note, shown.grade.errors[0]?.message ?? shown.grade.explanation].find(
    (text) => text !== null && text !== '',
  );
  const stored = 'graderId' in shown.grade && typeof shown.grade.graderId === 'string' ? shown.grade.graderId : null;
  return (
    <section className={styles.note} aria-label="Evidence" data-testid="evidence">
      <div className={styles.head}>
        <VerdictMark grade={shown.grade} />
        {stored === null ? (
          <span className={styles.name}>{visibleString(shown.grader.slice(0, 200))}</span>
        ) : (
          <button
            type="button"
            className={styles.name}
            onClick={() => go({ view: 'graders', tab: stored, span: null, q: '' })}
          >
            {visibleString(shown.grader.slice(0, 200))}
          </button>
        )}
        <span className={styles.detail}>
          {shown.run !== null
            ? `in ${visibleString(shown.run.slice(0, 60))}`
            : stored === null
              ? 'on the bench'
              : 'stored'}
        </span>
        <IconButton
          label="Hide the evidence"
          icon={<X size={12} aria-hidden />}
          onClick={() => useGradeEvidence.setState({ shown: null })}
        />
      </div>
      {why !== undefined && why !== null && <p className={styles.why}>{visibleString(why.slice(0, 400))}</p>}
    </section>
  );
}
