/** The findings at one span, in its inspector: what was found, by which rule, and on which spans it rests. */
import { Bug } from 'lucide-react';
import type { Finding } from '#shared/detect.ts';
import { formatCount } from '../../../widgets/format.ts';
import { visibleString } from '../../../widgets/visible-text.ts';
import { SectionHead } from '../inspector/section-head.tsx';
import type { SpanTree } from '../model/use-span-tree.ts';
import { useFaultMarks } from './fault-marks.ts';
import styles from './faults.module.css';

const SHOWN = 10;
const SPANS = 6;

export function SpanFaults({ spanId, tree }: { readonly spanId: string; readonly tree: SpanTree }) {
  const findings = useFaultMarks(({ marks }) => marks.get(spanId));
  const detectors = useFaultMarks(({ detection }) => detection?.detectors);
  if (!findings || findings.length === 0) return null;
  return (
    <section className={styles.section} aria-label="Findings">
      <SectionHead title={findings.length === 1 ? 'Finding' : 'Findings'} />
      <ul className={styles.list}>
        {findings.slice(0, SHOWN).map((finding, k) => {
          const detector = detectors?.find(({ id }) => id === finding.detector);
          return (
            <li key={k} className={styles.full} data-severity={finding.severity}>
              <Bug size={13} role="img" aria-label={`${finding.severity} severity`} />
              <div className={styles.text}>
                <span className={styles.kind} title={detector?.definition}>
                  {detector?.title ?? finding.detector}
                </span>
                <span className={`${styles.reason} selectable`}>{visibleString(finding.reason.slice(0, 400))}</span>
                {finding.evidence.slice(0, 3).map((text, each) => (
                  <q key={each} className={`${styles.evidence} selectable`}>
                    {visibleString(text.slice(0, 200))}
                  </q>
                ))}
                <Rests finding={finding} tree={tree} />
              </div>
            </li>
          );
        })}
      </ul>
      {findings.length > SHOWN && <p className={styles.note}>{formatCount(findings.length - SHOWN)} more.</p>}
    </section>
  );
}

/** The other spans that prove it. */
function Rests({ finding, tree }: { readonly finding: Finding; readonly tree: SpanTree }) {
  const { table } = tree;
  const others = finding.spanIds
    .slice(1)
    .map((id) => table.rowOf(id))
    .filter((row) => row >= 0);
  if (others.length === 0) return null;
  return (
    <span className={styles.rests}>
      Also rests on
      {others.slice(0, SPANS).map((row) => {
        const name = table.columns.strings[table.columns.name[row] ?? 0] ?? '';
        return (
          <button key={row} type="button" className={styles.rest} onClick={() => tree.goTo(row)}>
            {visibleString((name === '' ? 'no name' : name).slice(0, 60))}
          </button>
        );
      })}
      {others.length > SPANS && <span>and {formatCount(others.length - SPANS)} more</span>}
    </span>
  );
}
