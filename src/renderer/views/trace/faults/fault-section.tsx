/** The findings in the inspector's summary of a trace. */
import { SectionHead } from '../inspector/section-head.tsx';
import type { SpanTree } from '../model/use-span-tree.ts';
import { FaultList } from './fault-list.tsx';
import { useFaultMarks } from './fault-marks.ts';
import styles from './faults.module.css';

const FIRST = 5;

export function FaultSection({ tree }: { readonly tree: SpanTree }) {
  const detection = useFaultMarks((state) => state.detection);
  if (!detection || detection.findings.length === 0) return null;
  return (
    <section className={styles.section}>
      <SectionHead title="Where it went wrong" />
      <FaultList detection={detection} first={FIRST} onGo={(spanId) => tree.goTo(tree.table.rowOf(spanId))} />
    </section>
  );
}
