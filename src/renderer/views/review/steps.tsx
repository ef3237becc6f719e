/** The spans of the trace as a list of steps, with the item and the labels marked. Only rows near the viewport are drawn. */
import { useEffect, useMemo, useRef } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowRight, MessageSquareText, Target } from 'lucide-react';
import type { AnnotationRow } from '#shared/annotation.ts';
import { SPAN_KINDS, SPAN_STATUSES } from '#shared/record.ts';
import type { SpanColumns } from '#shared/trace.ts';
import { agentColour } from '../../theme/agent-colour.ts';
import { KindIcon, StatusIcon } from '../../theme/kind-icon.tsx';
import { visibleString } from '../../widgets/visible-text.ts';
import styles from './steps.module.css';

const ROW = 24;
const DEEPEST = 7;
const ERROR = SPAN_STATUSES.indexOf('error');

type Props = {
  readonly columns: SpanColumns;
  /** The span that is the item; null = the whole trace. */
  readonly itemSpan: string | null;
  readonly selected: number;
  readonly onSelect: (row: number) => void;
  /** Those that may be seen. */
  readonly annotations: readonly AnnotationRow[];
  readonly decisive: string | null;
};

export function Steps({ columns, itemSpan, selected, onSelect, annotations, decisive }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: columns.count,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 8,
  });
  const marks = useMemo(() => {
    const counts = new Map<string, number>();
    for (const { place } of annotations) {
      const spanId = 'spanId' in place ? place.spanId : null;
      if (spanId !== null) counts.set(spanId, (counts.get(spanId) ?? 0) + 1);
    }
    return counts;
  }, [annotations]);

  useEffect(() => {
    if (selected >= 0) virtual.scrollToIndex(selected, { align: 'auto' });
    // Only when another row is selected.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [selected, columns]);

  function press(event: React.KeyboardEvent): void {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    onSelect(Math.min(columns.count - 1, Math.max(0, selected + step)));
  }

  return (
    <div
      ref={box}
      className={styles.list}
      role="listbox"
      aria-label="Steps of the trace"
      tabIndex={0}
      aria-activedescendant={selected >= 0 ? `step-${selected}` : undefined}
      onKeyDown={press}
    >
      <div style={{ height: virtual.getTotalSize() }} className={styles.room} role="presentation">
        {virtual.getVirtualItems().map(({ index, start }) => {
          const id = columns.ids[index] ?? '';
          const agent = columns.strings[columns.agent[index] ?? 0] ?? '';
          const name = columns.strings[columns.name[index] ?? 0] ?? '';
          const depth = Math.min(DEEPEST, columns.depth[index] ?? 0);
          const labels = marks.get(id) ?? 0;
          const said = [
            visibleString(name.slice(0, 160)) || 'no name',
            agent === '' ? '' : `by ${visibleString(agent.slice(0, 80))}`,
            id === itemSpan ? 'the item' : '',
            id === decisive ? 'decisive' : '',
            labels > 0 ? `${labels} ${labels === 1 ? 'label' : 'labels'}` : '',
          ];
          return (
            <div
              key={index}
              id={`step-${index}`}
              role="option"
              aria-selected={index === selected}
              aria-label={said.filter(Boolean).join(', ')}
              className={`${styles.row} ${index === selected ? styles.selected : ''} ${id === itemSpan ? styles.item : ''}`}
              style={{
                top: start,
                height: ROW,
                paddingLeft: 8 + depth * 12,
                borderLeftColor: agentColour(agent).solid,
              }}
              data-span-id={id}
              onClick={() => onSelect(index)}
            >
              {id === itemSpan && <ArrowRight size={12} className={styles.arrow} aria-hidden />}
              <KindIcon kind={SPAN_KINDS[columns.kind[index] ?? -1] ?? 'custom'} size={12} />
              <span className={styles.name}>{visibleString(name.slice(0, 160)) || 'no name'}</span>
              {columns.status[index] === ERROR && <StatusIcon status="error" size={12} />}
              {id === decisive && <Target size={12} className={styles.decisive} aria-hidden />}
              {labels > 0 && (
                <span className={styles.labels}>
                  <MessageSquareText size={11} aria-hidden /> {labels}
                </span>
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}
