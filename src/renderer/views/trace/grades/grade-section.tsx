/** Stored verdicts of graders: of the trace as a whole, or those that rest on one span. */
import { useMemo, useState } from 'react';
import { Scale } from 'lucide-react';
import type { Grade, GradeEvidence, GradeRow } from '#shared/grader.ts';
import { useEngine } from '../../../data/engine.ts';
import { EvidenceList } from '../../../grades/grade-facts.tsx';
import { VerdictMark } from '../../../grades/verdict-mark.tsx';
import { scoreText } from '../../../grades/words.ts';
import { openEvidence, useGradeEvidence } from '../../../state/grade-evidence.ts';
import { askGrading } from '../../../state/gradings.ts';
import { go } from '../../../state/place.ts';
import { Button } from '../../../widgets/button.tsx';
import { Kbd } from '../../../widgets/kbd.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import { SectionHead } from '../inspector/section-head.tsx';
import type { SpanTree } from '../model/use-span-tree.ts';
import { GRADE_KEY } from './grade-commands.ts';
import styles from './grades.module.css';

const FIRST = 6;
const EVIDENCE = 4;
const NONE: readonly GradeRow[] = [];

type Props = {
  readonly tree: SpanTree;
  readonly traceId: string;
  /** Null = the trace as a whole. */
  readonly spanId: string | null;
};

export function GradeSection({ tree, traceId, spanId }: Props) {
  const all = useEngine('grade.list', { traceId }).data ?? NONE;
  const shown = useGradeEvidence((state) => state.shown);
  const [open, setOpen] = useState(false);
  const rows = useMemo(() => latest(all).filter((row) => isAbout(row, spanId)), [all, spanId]);
  // Where the evidence is a span, that span says so itself.
  const tried =
    spanId === null && shown?.traceId === traceId && shown.spanId === null && !isStored(shown.grade) ? shown : null;
  if (rows.length === 0 && tried === null) return null;

  function follow(row: { readonly grader: string; readonly grade: Grade }, evidence: GradeEvidence): void {
    if (evidence.traceId !== undefined) {
      openEvidence(traceId, row.grader, row.grade, evidence);
      return;
    }
    useGradeEvidence.setState({ shown: { ...evidence, traceId, ...row, run: null } });
    if (evidence.spanId !== null) tree.goTo(tree.table.rowOf(evidence.spanId));
  }
  const list = open ? rows : rows.slice(0, FIRST);
  return (
    <section className={styles.section} data-testid="verdicts">
      <SectionHead title={spanId === null ? 'Verdicts' : 'Verdicts that rest on this span'}>
        {spanId === null && (
          <Button variant="ghost" icon={<Scale size={13} aria-hidden />} onClick={() => askGrading([traceId], '')}>
            Grade… <Kbd keys={GRADE_KEY} />
          </Button>
        )}
      </SectionHead>
      <ul className={styles.list}>
        {tried && (
          <li className={styles.item} data-tried>
            <Verdict
              grader={tried.grader}
              grade={tried.grade}
              detail={
                tried.run === null ? 'tried on the bench, not stored' : `in ${visibleString(tried.run.slice(0, 60))}`
              }
            />
            {tried.note !== null && <p className={styles.why}>{visibleString(tried.note.slice(0, 400))}</p>}
          </li>
        )}
        {list.map((row) => {
          const evidence = row.evidence.filter(
            (each) => spanId === null || each.spanId === spanId || row.spanId === spanId,
          );
          return (
            <li key={`${row.graderId} ${row.versionHash} ${row.spanId ?? ''}`} className={styles.item}>
              <Verdict
                grader={row.grader}
                grade={row}
                detail={`version ${row.versionNumber}${row.stale ? ', of the trace as it was before it changed' : ''}`}
                onOpen={() => go({ view: 'graders', tab: row.graderId, span: null })}
              />
              {spanId === null && evidence.length > 0 && (
                <EvidenceList
                  evidence={evidence}
                  most={EVIDENCE}
                  onEvidence={(each) => follow({ grader: row.grader, grade: row }, each)}
                />
              )}
              {spanId !== null &&
                evidence.slice(0, EVIDENCE).map((each, index) => {
                  const text = [each.note, each.quote === null ? null : `“${each.quote.slice(0, 200)}”`]
                    .filter((part) => part !== null && part !== '')
                    .join(': ');
                  return text === '' ? null : (
                    <p key={index} className={styles.quote}>
                      {visibleString(text)}
                    </p>
                  );
                })}
            </li>
          );
        })}
      </ul>
      {rows.length > list.length && (
        <button type="button" className={styles.more} onClick={() => setOpen(true)}>
          {rows.length - list.length} more
        </button>
      )}
    </section>
  );
}

function Verdict({
  grader,
  grade,
  detail,
  onOpen,
}: {
  readonly grader: string;
  readonly grade: Grade;
  readonly detail: string;
  readonly onOpen?: () => void;
}) {
  const name = visibleString(grader.slice(0, 200)) || 'no name';
  return (
    <>
      <div className={styles.head}>
        <VerdictMark grade={grade} />
        {onOpen ? (
          <button type="button" className={styles.name} title={`Open ${name}`} onClick={onOpen}>
            {name}
          </button>
        ) : (
          <span className={styles.name}>{name}</span>
        )}
        <span className={styles.score}>{grade.label ?? scoreText(grade.score)}</span>
      </div>
      <p className={styles.why}>
        {visibleString((grade.errors[0]?.message ?? grade.explanation).slice(0, 600))}{' '}
        <span className={styles.detail}>{detail}</span>
      </p>
    </>
  );
}

/** Of each grader and part the newest version only. */
export function latest(rows: readonly GradeRow[]): readonly GradeRow[] {
  const newest = new Map<string, GradeRow>();
  for (const row of rows) {
    const key = `${row.graderId} ${row.traceId} ${row.spanId ?? ''}`;
    const before = newest.get(key);
    if (!before || before.versionNumber < row.versionNumber) newest.set(key, row);
  }
  return [...newest.values()];
}

function isAbout(row: GradeRow, spanId: string | null): boolean {
  if (spanId === null) return row.spanId === null;
  return row.spanId === spanId || row.evidence.some((each) => each.spanId === spanId);
}

function isStored(grade: Grade): boolean {
  return 'graderId' in grade;
}
