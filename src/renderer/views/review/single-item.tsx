/** A trace, or a span in its trace: steps on the left, messages in the middle, the form on the right. */
import { useCallback, useMemo, useState } from 'react';
import type { SpanColumns } from '#shared/trace.ts';
import { useEngine } from '../../data/engine.ts';
import { Kbd } from '../../widgets/kbd.tsx';
import { ErrorState, Spinner } from '../../widgets/states.tsx';
import { Splitter } from '../../widgets/splitter.tsx';
import { visibleString } from '../../widgets/visible-text.ts';
import type { Command } from '../../commands/registry.ts';
import { useRegisterCommands } from '../../commands/registry.ts';
import { ItemForm } from './item-form.tsx';
import { judgementOf } from './judgement.ts';
import type { ItemFrame } from './queue-view.tsx';
import { Reader } from './reader.tsx';
import { Steps } from './steps.tsx';
import { useLabels } from './use-labels.ts';
import styles from './review.module.css';

export function SingleItem(frame: ItemFrame) {
  const { item, state } = frame;
  const { blind } = state.queue;
  const { traceId, spanId } = item;
  const trace = useEngine('trace.open', { traceId });
  const labels = useLabels(traceId, state.reviewer);
  const judgement = useMemo(() => judgementOf(labels.rows, item, state.reviewer), [labels.rows, item, state.reviewer]);
  const columns = trace.data?.columns ?? null;
  const itemRow = columns && spanId !== null ? columns.ids.indexOf(spanId) : -1;
  const [choice, setChoice] = useState<{ readonly item: number; readonly row: number } | null>(null);
  const chosen = choice?.item === item.id ? choice.row : null;
  const setChosen = useCallback((at: number) => setChoice({ item: item.id, row: at }), [item.id]);
  const row = chosen ?? itemRow;
  // The same as long as the row is: the keys of the form hang on it.
  const step = useMemo(() => (columns ? stepAt(columns, row) : null), [columns, row]);
  const { blame } = judgement;
  const decisive = blame?.place.kind === 'span' ? blame.place.spanId : null;
  const decisiveRow = columns && decisive !== null ? columns.ids.indexOf(decisive) : -1;
  const actor = decisiveRow < 0 ? null : (columns?.strings[columns.agent[decisiveRow] ?? 0] ?? null);
  const seen = blind.labels
    ? labels.rows.filter(({ author, imported }) => !imported && author === state.reviewer)
    : labels.rows;

  const count = columns?.count ?? 0;
  const commands = useMemo<readonly Command[]>(
    () => [
      {
        id: 'review.step.down',
        title: 'Next step of the trace',
        group: 'Review',
        keys: 'j',
        run: () => setChosen(Math.min(count - 1, row + 1)),
      },
      {
        id: 'review.step.up',
        title: 'Previous step of the trace',
        group: 'Review',
        keys: 'k',
        run: () => setChosen(Math.max(0, (row < 0 ? count : row) - 1)),
      },
    ],
    [count, row, setChosen],
  );
  useRegisterCommands(commands);

  const name = blind.origin
    ? `Trace ${item.position + 1}`
    : visibleString((trace.data?.trace.name ?? '').slice(0, 300));
  return (
    <div className={styles.panes}>
      <Splitter
        id="review"
        panels={[
          {
            id: 'trace',
            defaultSize: '24%',
            minSize: 180,
            content: (
              <section className={styles.pane} aria-label="Trace">
                <div className={styles.paneHead}>
                  <span title={name}>{name}</span>
                  <span className={styles.keys}>
                    step <Kbd keys="j" /> <Kbd keys="k" />
                  </span>
                </div>
                {trace.error ? (
                  <ErrorState error={trace.error} onRetry={trace.refetch} />
                ) : columns ? (
                  <Steps
                    key={traceId}
                    columns={columns}
                    itemSpan={spanId}
                    selected={row}
                    onSelect={setChosen}
                    annotations={seen}
                    decisive={decisive}
                  />
                ) : (
                  <Spinner label="Loading the trace" />
                )}
              </section>
            ),
          },
          {
            id: 'item',
            defaultSize: '46%',
            minSize: 260,
            content: (
              <section className={styles.pane} aria-label="Item">
                <div className={styles.paneHead}>
                  <span>{spanId === null ? 'Messages' : 'The span'}</span>
                  <span className={styles.keys}>
                    read on <Kbd keys="pagedown" />
                  </span>
                </div>
                <Reader
                  traceId={traceId}
                  spanId={spanId}
                  selected={chosen === null ? null : (step?.spanId ?? null)}
                  decisive={decisive}
                  label="Messages of the item"
                />
              </section>
            ),
          },
          {
            id: 'form',
            defaultSize: '30%',
            minSize: 240,
            content: (
              <ItemForm
                key={item.id}
                {...frame}
                labels={labels}
                judgement={judgement}
                step={step}
                actor={actor}
                agents={trace.data?.trace.agents ?? []}
                decisiveName={decisiveRow < 0 ? null : (columns?.strings[columns.name[decisiveRow] ?? 0] ?? null)}
                spanName={(id) => {
                  const at = columns?.ids.indexOf(id) ?? -1;
                  return at < 0 ? null : (columns?.strings[columns.name[at] ?? 0] ?? null);
                }}
              />
            ),
          },
        ]}
      />
    </div>
  );
}

function stepAt(columns: SpanColumns, row: number) {
  if (row < 0 || row >= columns.count) return null;
  return {
    spanId: columns.ids[row] ?? '',
    name: columns.strings[columns.name[row] ?? 0] ?? '',
    agent: columns.strings[columns.agent[row] ?? 0] ?? '',
  };
}
