/** Traces whose verdict changes, each with both verdicts side by side when it is opened. */
import { useState } from 'react';
import { ArrowRight, ChevronRight } from 'lucide-react';
import type { Flip, FlipPreview } from '#shared/flips.ts';
import type { Grade } from '#shared/grader.ts';
import { VerdictMark } from '../../../grades/verdict-mark.tsx';
import { scoreText } from '../../../grades/words.ts';
import { openEvidence } from '../../../state/grade-evidence.ts';
import { Button } from '../../../widgets/button.tsx';
import { Chip } from '../../../widgets/chip.tsx';
import { formatCount } from '../../../widgets/format.ts';
import { visibleString } from '../../../widgets/visible-text.ts';
import styles from './flips.module.css';

const AT_FIRST = 50;
const EVIDENCE = 5;

export function FlipList({ preview, name }: { readonly preview: FlipPreview; readonly name: string }) {
  const { flips, flipCount, oldVersion } = preview;
  const [open, setOpen] = useState<string | null>(null);
  const [shown, setShown] = useState(AT_FIRST);
  return (
    <>
      <ul className={styles.flips} aria-label="Verdicts that change">
        {flips.slice(0, shown).map((flip) => (
          <li key={flip.traceId}>
            <FlipRow
              flip={flip}
              name={name}
              oldVersion={oldVersion}
              open={open === flip.traceId}
              onOpen={() => setOpen(open === flip.traceId ? null : flip.traceId)}
            />
          </li>
        ))}
      </ul>
      {flips.length > shown && (
        <p>
          <Button onClick={() => setShown(shown + 100)}>Show more</Button>
        </p>
      )}
      {flipCount > flips.length && (
        <p className={styles.dim}>
          {formatCount(flips.length)} of {formatCount(flipCount)} are listed; all are counted.
        </p>
      )}
    </>
  );
}

type RowProps = {
  readonly flip: Flip;
  readonly name: string;
  readonly oldVersion: number | null;
  readonly open: boolean;
  readonly onOpen: () => void;
};

function FlipRow({ flip, name, oldVersion, open, onOpen }: RowProps) {
  const { traceId, traceName, old, next, human, half } = flip;
  return (
    <>
      <button type="button" className={styles.flip} aria-expanded={open} onClick={onOpen}>
        <ChevronRight size={13} aria-hidden className={open ? styles.turned : ''} />
        <span className={styles.change}>
          <VerdictMark grade={old} />
          <ArrowRight size={12} role="img" aria-label="becomes" />
          <VerdictMark grade={next} />
        </span>
        <span className={styles.cut}>
          {visibleString(traceName.slice(0, 200))}{' '}
          {traceName !== traceId && <span className={styles.dim}>{visibleString(traceId.slice(0, 80))}</span>}
        </span>
        {human !== null && (
          <Chip
            tone={human === (next.passed === true ? 'pass' : 'fail') ? 'ok' : 'warn'}
            title={half === 'heldOut' ? 'Of the held-out half' : 'Of the development half'}
          >
            people say {human}
          </Chip>
        )}
      </button>
      {open && (
        <div className={styles.sides}>
          <Side title={`Version ${oldVersion ?? 1}`} grade={old} traceId={traceId} name={name} />
          <Side title="In the editor" grade={next} traceId={traceId} name={name} />
        </div>
      )}
    </>
  );
}

type SideProps = { readonly title: string; readonly grade: Grade; readonly traceId: string; readonly name: string };

function Side({ title, grade, traceId, name }: SideProps) {
  return (
    <section className={styles.side} aria-label={title}>
      <h4>
        {title} <VerdictMark grade={grade} />{' '}
        {grade.score !== null && <span className={styles.dim}>score {scoreText(grade.score)}</span>}
      </h4>
      <p className="selectable">{visibleString(grade.explanation) || 'No explanation.'}</p>
      {grade.evidence.slice(0, EVIDENCE).map((evidence, index) => (
        <button
          key={index}
          type="button"
          className={styles.evidence}
          title="Opens the trace there"
          onClick={() => openEvidence(traceId, name, grade, evidence)}
        >
          {visibleString((evidence.quote ?? evidence.note ?? evidence.spanId ?? 'the trace').slice(0, 200))}
        </button>
      ))}
      {grade.evidence.length === 0 && (
        <button type="button" className={styles.evidence} onClick={() => openEvidence(traceId, name, grade)}>
          Open the trace
        </button>
      )}
    </section>
  );
}
