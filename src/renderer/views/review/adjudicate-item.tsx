/** What people said differently of the same thing: the trace, its messages, the sides with their history, and the decision. */
import { useMemo, useRef, useState } from 'react';
import type { AnnotationRow, AnnotationState } from '#shared/annotation.ts';
import { useLabelTitles, useLoadedTitles } from '../../annotate/label-titles.ts';
import { annotationTitle, placeWords } from '../../annotate/words.ts';
import type { Command } from '../../commands/registry.ts';
import { useRegisterCommands } from '../../commands/registry.ts';
import { useEngine } from '../../data/engine.ts';
import { stateOf } from '../../state/annotation-undo.ts';
import { Kbd } from '../../widgets/kbd.tsx';
import { formatRelative } from '../../widgets/format.ts';
import { Spinner } from '../../widgets/states.tsx';
import { Splitter } from '../../widgets/splitter.tsx';
import { visibleString } from '../../widgets/visible-text.ts';
import { ChoiceButton } from './choice-button.tsx';
import { decided, sideName, sidesOfConflict, sidesOfRows, type Side } from './disputes.ts';
import { NoteField } from './note-field.tsx';
import type { ItemFrame } from './queue-view.tsx';
import { Reader } from './reader.tsx';
import { Steps } from './steps.tsx';
import { useLabels } from './use-labels.ts';
import styles from './review.module.css';

/** Sides that number keys choose. */
const KEYED = 9;
const NOTE = 600;

export function AdjudicateItem({ state, item, form, setDraft, onLeave, finish }: ItemFrame) {
  const { queue, reviewer } = state;
  useLoadedTitles();
  useLabelTitles();
  const { traceId, annotationIds } = item;
  const trace = useEngine('trace.open', { traceId });
  const labels = useLabels(traceId, reviewer);
  const note = useRef<HTMLTextAreaElement>(null);
  const [row, setRow] = useState<number | null>(null);
  const own = annotationIds.length === 1 ? (annotationIds[0] ?? null) : null;
  const history = useEngine('annotation.history', { traceId, id: own ?? '' }, { enabled: own !== null });
  const rows = useMemo(() => labels.rows.filter(({ id }) => annotationIds.includes(id)), [labels.rows, annotationIds]);
  const sides = useMemo(
    () => (own === null ? sidesOfRows(rows) : sidesOfConflict(history.data ?? [])),
    [own, rows, history.data],
  );
  const decision = useMemo(
    () => (own === null ? labels.rows.filter((each) => decides(each, annotationIds)) : []),
    [own, labels.rows, annotationIds],
  );
  const settled = own === null ? decision.length > 0 : (history.data ?? []).length > 0 && sides.length < 2;
  const columns = trace.data?.columns ?? null;
  const blind = queue.blind.labels;
  const { say } = labels;

  const decide = useMemo(
    () =>
      (side: Side | undefined): void => {
        if (!side) return;
        const reason = note.current?.value ?? '';
        const states = decided(side, annotationIds, reason);
        if (own !== null) {
          const heads = (history.data ?? []).filter(({ head }) => head).map(({ hash }) => hash);
          say('Conflict settled', states[0] ?? null, own, heads);
          return;
        }
        // Another decision takes the place of the one before.
        for (const { id } of decision.slice(states.length)) say('Decision replaced', null, id);
        states.forEach((each, at) => say('Dispute settled', each, decision[at]?.id));
      },
    [annotationIds, own, history.data, decision, say],
  );

  const commands = useMemo<readonly Command[]>(
    () => [
      ...sides.slice(0, KEYED).map((side, at): Command => ({
        id: `review.side.${at}`,
        title: `${sideName(side, at, blind)} is right`,
        group: 'Review',
        keys: String(at + 1),
        run: () => decide(side),
      })),
      { id: 'review.note', title: 'Give a reason', group: 'Review', keys: 'n', run: () => note.current?.focus() },
    ],
    [sides, blind, decide],
  );
  useRegisterCommands(commands);

  const itemRow = columns && item.spanId !== null ? columns.ids.indexOf(item.spanId) : -1;
  const at = row ?? itemRow;
  function spanName(id: string): string | null {
    const found = columns?.ids.indexOf(id) ?? -1;
    return found < 0 ? null : (columns?.strings[columns.name[found] ?? 0] ?? null);
  }
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
                  <span>
                    {queue.blind.origin
                      ? `Trace ${item.position + 1}`
                      : visibleString((trace.data?.trace.name ?? '').slice(0, 300))}
                  </span>
                </div>
                {columns ? (
                  <Steps
                    columns={columns}
                    itemSpan={item.spanId}
                    selected={at}
                    onSelect={setRow}
                    annotations={rows}
                    decisive={null}
                  />
                ) : (
                  <Spinner label="Loading the trace" />
                )}
              </section>
            ),
          },
          {
            id: 'item',
            defaultSize: '42%',
            minSize: 260,
            content: (
              <section className={styles.pane} aria-label="Item">
                <div className={styles.paneHead}>
                  <span>Messages</span>
                </div>
                <Reader
                  traceId={traceId}
                  spanId={null}
                  selected={columns && at >= 0 ? (columns.ids[at] ?? null) : null}
                  decisive={null}
                  label="Messages of the item"
                />
              </section>
            ),
          },
          {
            id: 'form',
            defaultSize: '34%',
            minSize: 240,
            content: (
              <section ref={form} className={styles.form} data-form tabIndex={-1} aria-label="Judgement">
                {queue.instructions.trim() !== '' && (
                  <p className={styles.instructions}>{visibleString(queue.instructions)}</p>
                )}
                <p className={styles.why}>{item.why ?? ''}</p>
                {sides.map((side, index) => (
                  <article key={`${side.author} ${index}`} className={styles.side}>
                    <h3>{visibleString(sideName(side, index, blind).slice(0, 120))} says</h3>
                    {side.states.map((each, k) => (
                      <Words key={k} state={each} spanName={spanName} />
                    ))}
                    <ChoiceButton
                      keys={index < KEYED ? String(index + 1) : null}
                      pressed={decision.some((each) => side.states.some((state_) => sameSaying(state_, each)))}
                      onClick={() => decide(side)}
                    >
                      {visibleString(sideName(side, index, blind).slice(0, 120))} is right
                    </ChoiceButton>
                  </article>
                ))}
                {settled && <p className={styles.said}>This is settled. Press Enter to go on.</p>}
                <NoteField
                  key={item.id}
                  label="Reason"
                  placeholder="Why this side is right: kept with the decision"
                  saved={reasonOf(own === null ? decision[0] : rows[0])}
                  draft={item.draft}
                  field={note}
                  form={form}
                  onType={setDraft}
                  onSave={(text) => {
                    // Without a decision it waits as a draft.
                    if (!settled) return;
                    for (const each of own === null ? decision : rows)
                      if (text.trim() !== reasonOf(each))
                        say('Reason', { ...stateOf(each), extra: { ...each.extra, reason: text.trim() } }, each.id);
                    setDraft('');
                  }}
                  onLeave={onLeave}
                  onFinish={() => finish('done')}
                />
                {annotationIds.slice(0, KEYED).map((id) => (
                  <History key={id} traceId={traceId} id={id} sides={sides} blind={blind} spanName={spanName} />
                ))}
                <p className={styles.quiet}>
                  {blind ? 'Who said what is hidden. ' : ''}
                  To say something else, open the trace <Kbd keys="o" /> and edit there.
                </p>
              </section>
            ),
          },
        ]}
      />
    </div>
  );
}

type WordsProps = {
  readonly state: AnnotationState | null;
  readonly spanName: (id: string) => string | null;
};

function Words({ state, spanName }: WordsProps) {
  if (state === null) return <p className={styles.quiet}>that it should be removed</p>;
  return (
    <p className={styles.said}>
      <b>{annotationTitle(state)}</b>
      {state.agent === null ? '' : `, ${visibleString(state.agent.slice(0, 80))}`}
      {state.preference === null ? '' : `, ${state.preference}`}
      {state.note === null ? '' : `: ${visibleString(state.note.slice(0, NOTE))}`}
      <br />
      <span className={styles.quiet}>about {placeWords(state.place, spanName)}</span>
    </p>
  );
}

type HistoryProps = Pick<WordsProps, 'spanName'> & {
  readonly traceId: string;
  readonly id: string;
  readonly sides: readonly Side[];
  readonly blind: boolean;
};

/** What was said of one annotation before; nothing where it stands as it was made. */
function History({ traceId, id, sides, blind, spanName }: HistoryProps) {
  const { data: revisions = [] } = useEngine('annotation.history', { traceId, id });
  if (revisions.length < 2) return null;
  function name(author: string | null): string {
    const said = author ?? 'the source';
    if (!blind) return said;
    const at = sides.findIndex((side) => side.author === said);
    return at < 0 ? 'somebody' : String.fromCharCode(65 + (at % 26));
  }
  return (
    <div className={styles.group}>
      <h2>History</h2>
      <ol className={styles.others}>
        {revisions.map(({ hash, author, madeAt, state }) => (
          <li key={hash}>
            {state === null ? 'removed' : annotationTitle(state)}
            {typeof state?.note !== 'string' ? '' : `: ${visibleString(state.note.slice(0, 200))}`}
            <br />
            <span className={styles.quiet}>
              {visibleString(name(author))}
              {madeAt > 0 ? `, ${formatRelative(madeAt, Date.now())}` : ''}
              {state === null ? '' : `, about ${placeWords(state.place, spanName)}`}
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}

function decides({ extra }: AnnotationRow, ids: readonly string[]): boolean {
  const { adjudicates } = extra;
  return Array.isArray(adjudicates) && ids.every((id) => adjudicates.includes(id));
}

function reasonOf(row: AnnotationRow | undefined): string {
  return typeof row?.extra.reason === 'string' ? row.extra.reason : '';
}

function sameSaying(state: AnnotationState | null, row: AnnotationRow): boolean {
  return (
    state !== null &&
    state.passed === row.passed &&
    state.category === row.category &&
    state.score === row.score &&
    state.agent === row.agent &&
    JSON.stringify(state.place) === JSON.stringify(row.place)
  );
}
