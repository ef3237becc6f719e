/** In the head of a trace: how many graders it passes and fails. */
import { Scale } from 'lucide-react';
import { useEngine } from '../../../data/engine.ts';
import { outcomeOf } from '../../../grades/words.ts';
import { askGrading } from '../../../state/gradings.ts';
import { useSelection } from '../../../state/selection.ts';
import { Button } from '../../../widgets/button.tsx';
import { formatCount } from '../../../widgets/format.ts';
import { Kbd } from '../../../widgets/kbd.tsx';
import { GRADE_KEY } from './grade-commands.ts';
import { latest } from './grade-section.tsx';
import styles from './grades.module.css';

export function GradeChip({ traceId }: { readonly traceId: string }) {
  const rows = useEngine('grade.list', { traceId }).data ?? [];
  const own = latest(rows).filter(({ spanId }) => spanId === null);
  if (own.length === 0) return null;
  const failed = own.filter((row) => outcomeOf(row) === 'failed').length;
  const passed = own.filter((row) => outcomeOf(row) === 'passed').length;
  const other = own.length - failed - passed;
  const parts = [
    ...(failed > 0 ? [`${formatCount(failed)} fail`] : []),
    ...(passed > 0 ? [`${formatCount(passed)} pass`] : []),
    ...(other > 0 ? [`${formatCount(other)} other`] : []),
  ];
  const stale = own.filter((row) => row.stale).length;
  return (
    <button
      type="button"
      className={styles.chip}
      data-outcome={failed > 0 ? 'failed' : passed > 0 ? 'passed' : 'none'}
      title={
        stale === 0
          ? 'What graders said: show all of it'
          : `What graders said: show all of it. ${stale === own.length ? 'All' : formatCount(stale)} of it before the trace changed.`
      }
      onClick={() => {
        useSelection.getState().selectEdge(null);
        useSelection.getState().selectSpan(null);
      }}
    >
      <Scale size={12} aria-hidden />
      {parts.join(', ')}
      {stale > 0 && ' · stale'}
    </button>
  );
}

export function GradeButton({ traceId }: { readonly traceId: string }) {
  return (
    <Button icon={<Scale size={14} aria-hidden />} onClick={() => askGrading([traceId], '')}>
      Grade <Kbd keys={GRADE_KEY} />
    </Button>
  );
}
