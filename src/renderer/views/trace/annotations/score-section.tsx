/** Scores that came with the data: rewards, results of benchmarks, values that a source gave. They are read, not edited. */
import { useState } from 'react';
import { Gauge } from 'lucide-react';
import type { ScoreRow } from '#shared/trace.ts';
import { useEngine } from '../../../data/engine.ts';
import { Chip } from '../../../widgets/chip.tsx';
import { TextView } from '../../../widgets/text-view.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import { SectionHead } from '../inspector/section-head.tsx';
import type { SpanTree } from '../model/use-span-tree.ts';
import { nameOf } from './place-choices.ts';
import { scoreValue, sourceWords } from './score-words.ts';
import styles from './annotations.module.css';

const FIRST = 8;
const NAME = 120;
const WHY = 600;
const NONE: readonly ScoreRow[] = [];

type Props = {
  readonly tree: SpanTree;
  readonly traceId: string;
  /** Null = all of the trace. */
  readonly spanId: string | null;
};

export function ScoreSection({ tree, traceId, spanId }: Props) {
  const listed = useEngine('score.list', { traceId }).data ?? NONE;
  const grades = useEngine('grade.list', { traceId }).data;
  // Verdicts given here are kept as scores too, and stand with their evidence elsewhere.
  const own = new Set(grades?.map(({ graderId }) => `grader:${graderId}`));
  const all = listed.filter(({ source }) => !own.has(source));
  const [shown, setShown] = useState(FIRST);
  const rows = spanId === null ? all : all.filter((row) => row.spanId === spanId);
  if (rows.length === 0) return null;
  const rest = rows.length - shown;
  return (
    <section className={styles.section} data-testid="scores">
      <SectionHead
        title={rows.length === 1 ? '1 score of the data' : `${rows.length.toLocaleString('en-US')} scores of the data`}
      />
      <ul className={styles.list}>
        {rows.slice(0, shown).map((row) => (
          <li key={JSON.stringify([row.spanId, row.name, row.source])} className={styles.item} data-score>
            <Score row={row} tree={tree} here={spanId} />
          </li>
        ))}
      </ul>
      {rest > 0 && (
        <button type="button" className={styles.more} onClick={() => setShown(shown + 50)}>
          {rest.toLocaleString('en-US')} more
        </button>
      )}
    </section>
  );
}

type ScoreProps = { readonly row: ScoreRow; readonly tree: SpanTree; readonly here: string | null };

function Score({ row, tree, here }: ScoreProps) {
  const { name, passed, explanation, source, spanId } = row;
  const value = scoreValue(row);
  const at = spanId === null ? -1 : tree.table.rowOf(spanId);
  return (
    <>
      <div className={styles.head}>
        <Gauge size={13} aria-hidden className={styles.icon} />
        <span className={styles.title}>
          {visibleString(name.slice(0, NAME))}
          {value === '' ? '' : `: ${visibleString(value.slice(0, NAME))}`}
        </span>
        {passed !== null && <Chip tone={passed ? 'ok' : 'error'}>{passed ? 'pass' : 'fail'}</Chip>}
      </div>
      {at >= 0 && spanId !== null && spanId !== here && (
        <button type="button" className={styles.link} onClick={() => tree.goTo(at)}>
          {visibleString((nameOf(tree.table, spanId) ?? spanId).slice(0, NAME))}
        </button>
      )}
      {explanation !== null && explanation !== '' && <TextView text={explanation.slice(0, WHY)} mono={false} />}
      <p className={styles.source}>{visibleString(sourceWords(source))}</p>
    </>
  );
}
