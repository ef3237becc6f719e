/** What happened in a span, in reading order: the error, the handoff, the facts, the newest input, the output, the cost. */
import { useState, type ReactNode } from 'react';
import { ArrowRight, CircleAlert } from 'lucide-react';
import type { CallCheck } from '#shared/context.ts';
import type { SpanDetail } from '#shared/trace.ts';
import { nsToIso } from '#shared/time.ts';
import { useSelection } from '../../../state/selection.ts';
import { STATUS_LABELS } from '../../../theme/kind-icon.tsx';
import { AgentChip } from '../../../widgets/chip.tsx';
import { CopyButton } from '../../../widgets/copy-button.tsx';
import { JsonTree } from '../../../widgets/json-tree.tsx';
import { TextView } from '../../../widgets/text-view.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import { AnnotationSection } from '../annotations/annotation-section.tsx';
import { ScoreSection } from '../annotations/score-section.tsx';
import { SpanFaults } from '../faults/span-faults.tsx';
import { GradeSection } from '../grades/grade-section.tsx';
import { HandoffSection } from '../handoff/handoff-section.tsx';
import { readRow } from '../model/span-table.ts';
import type { SpanTree } from '../model/use-span-tree.ts';
import { CallVerdict } from './call-verdict.tsx';
import { ContentList } from './content-list.tsx';
import { afterStart, duration } from './exact-time.ts';
import { agentSpanNear } from './relations.ts';
import { SectionHead } from './section-head.tsx';
import { useCallActions, useRequestOf } from './follow-calls.ts';
import type { SpanTab } from './span-tab.ts';
import { UsageView } from './usage-view.tsx';
import styles from './inspector.module.css';

type Props = {
  readonly detail: SpanDetail;
  readonly tree: SpanTree;
  readonly startNs: string | null;
  readonly calls: readonly CallCheck[];
  readonly onTab: (tab: SpanTab) => void;
  /** Stands after the output. */
  readonly children?: ReactNode;
};

export function SummaryTab({ detail, tree, startNs, calls, onTab, children }: Props) {
  const own = calls.find(({ place }) => place === null);
  const actions = useCallActions(detail, tree);
  const lastInput = detail.input.slice(-1);
  return (
    <>
      {detail.error && <ErrorBlock error={detail.error} />}
      <SpanFaults spanId={detail.id} tree={tree} />
      {detail.handoff && <HandoffBlock detail={detail} tree={tree} />}
      {detail.kind === 'handoff' && <HandoffSection traceId={detail.traceId} spanId={detail.id} open />}
      <GradeSection tree={tree} traceId={detail.traceId} spanId={detail.id} />
      <AnnotationSection tree={tree} spanId={detail.id} />
      <ScoreSection tree={tree} traceId={detail.traceId} spanId={detail.id} />
      <Facts detail={detail} tree={tree} startNs={startNs} />
      {lastInput.length > 0 && (
        <section className={styles.section}>
          <SectionHead title={detail.input.length > 1 ? 'Newest input' : 'Input'}>
            {detail.input.length > 1 && (
              <button type="button" className={styles.link} onClick={() => onTab('input')}>
                All {detail.input.length}
              </button>
            )}
          </SectionHead>
          <ContentList items={lastInput} reading="rendered" actions={actions} empty="" />
          {own && <CallVerdict check={own} />}
        </section>
      )}
      {detail.output.length > 0 && (
        <section className={styles.section}>
          <SectionHead title="Output">
            {detail.output.length > 3 && (
              <button type="button" className={styles.link} onClick={() => onTab('output')}>
                All {detail.output.length}
              </button>
            )}
          </SectionHead>
          <ContentList items={detail.output.slice(0, 3)} reading="rendered" actions={actions} checks={calls} empty="" />
        </section>
      )}
      {children}
      <UsageView detail={detail} row={readRow(tree.table, tree.table.rowOf(detail.id))} />
    </>
  );
}

function ErrorBlock({ error }: { error: NonNullable<SpanDetail['error']> }) {
  return (
    <section className={styles.error} role="group" aria-label="Error">
      <div className={styles.errorHead}>
        <CircleAlert size={14} aria-hidden />
        <span className={styles.errorType}>
          {error.type === null ? 'Error' : visibleString(error.type.slice(0, 200))}
        </span>
        <span className={styles.end}>
          <CopyButton label="Copy error" text={() => JSON.stringify(error, null, 2)} />
        </span>
      </div>
      <TextView text={error.message === '' ? 'The source gives no message.' : error.message} mono={false} />
      {error.data !== undefined && error.data !== null && (
        <div className={styles.errorData}>
          <JsonTree value={error.data} label="Error data" />
        </div>
      )}
    </section>
  );
}

function HandoffBlock({ detail, tree }: { detail: SpanDetail; tree: SpanTree }) {
  const selectEdge = useSelection((state) => state.selectEdge);
  const { from, to } = detail.handoff ?? { from: null, to: null };
  const row = tree.table.rowOf(detail.id);
  function goTo(name: string, direction: 1 | -1): void {
    const target = agentSpanNear(tree.table, row, name, direction);
    if (target >= 0) tree.select(target);
  }
  return (
    <section className={styles.handoff} aria-label="Handoff">
      {from === null ? (
        <span className={styles.unknown}>unknown agent</span>
      ) : (
        <button
          type="button"
          className={styles.agentButton}
          onClick={() => goTo(from, -1)}
          aria-label={`Go to ${from}, which handed off`}
        >
          <AgentChip name={from} />
        </button>
      )}
      <ArrowRight size={15} aria-label="hands off to" />
      {to === null ? (
        <span className={styles.unknown}>nobody took over</span>
      ) : (
        <button
          type="button"
          className={styles.agentButton}
          onClick={() => goTo(to, 1)}
          aria-label={`Go to ${to}, which took over`}
        >
          <AgentChip name={to} />
        </button>
      )}
      {from !== null && to !== null && (
        <button
          type="button"
          className={styles.link}
          onClick={() => selectEdge({ from: `agent:${from}`, to: `agent:${to}`, kind: 'handoff' })}
        >
          What was passed
        </button>
      )}
    </section>
  );
}

function Facts({ detail, tree, startNs }: { detail: SpanDetail; tree: SpanTree; startNs: string | null }) {
  const row = readRow(tree.table, tree.table.rowOf(detail.id));
  const request = useRequestOf(detail, tree);
  const [notFound, setNotFound] = useState(false);
  const setCursor = useSelection((state) => state.setTimeCursor);
  const offset = afterStart(detail.startNs, startNs);
  return (
    <section className={styles.section} aria-label="Facts">
      <dl className={styles.facts}>
        <dt>Status</dt>
        <dd>{STATUS_LABELS[detail.status]}</dd>
        <Fact name="Model" value={detail.model} copy />
        {detail.tool !== detail.name && <Fact name="Tool" value={detail.tool} copy />}
        {detail.toolCallId !== null && (
          <>
            <dt>Call id</dt>
            <dd>
              <span className={styles.mono}>{visibleString(detail.toolCallId.slice(0, 200))}</span>
              {request && (
                <button
                  type="button"
                  className={styles.link}
                  onClick={() => void request().then((found) => setNotFound(!found))}
                >
                  {notFound ? 'No generation asks for it' : 'Who asked'}
                </button>
              )}
            </dd>
          </>
        )}
        <dt>Duration</dt>
        <dd>{duration(detail.startNs, detail.endNs) ?? (detail.status === 'running' ? 'still running' : 'unknown')}</dd>
        <dt>Start</dt>
        <dd>
          {detail.startNs === null ? (
            'unknown'
          ) : (
            <>
              {offset !== null && (
                <button
                  type="button"
                  className={styles.link}
                  title="Set the time cursor here"
                  onClick={() => row?.start !== null && row && setCursor(row.start)}
                >
                  {offset}
                </button>
              )}
              <span className={`${styles.quiet} selectable`}>{nsToIso(BigInt(detail.startNs))}</span>
            </>
          )}
        </dd>
        {detail.endNs !== null && (
          <>
            <dt>End</dt>
            <dd>
              <span className={`${styles.quiet} selectable`}>{nsToIso(BigInt(detail.endNs))}</span>
            </dd>
          </>
        )}
        <dt>Span id</dt>
        <dd>
          <span className={`${styles.mono} selectable`}>{visibleString(detail.id.slice(0, 300))}</span>
        </dd>
        {row?.missingParent && (
          <>
            <dt>Parent</dt>
            <dd>
              <span className={`${styles.mono} selectable`}>
                {visibleString((detail.parentId ?? '').slice(0, 300))}
              </span>
              <span className={styles.warn}>never received</span>
            </dd>
          </>
        )}
      </dl>
      {row?.cyclicParent && <p className={styles.explain}>The parents of this span form a circle. It was cut here.</p>}
      {detail.dialect === 'messages' && (
        <p className={styles.explain}>
          No span was received for this: it and its times are inferred from the messages of the generations around it.
        </p>
      )}
      {row?.inferredTime && detail.dialect !== 'messages' && (
        <p className={styles.explain}>
          The source states no exact times for this span; they were concluded from its neighbours.
        </p>
      )}
      {row?.truncated && (
        <p className={styles.explain}>The source cut some of this span’s content before sending it.</p>
      )}
    </section>
  );
}

function Fact({ name, value, copy = false }: { name: string; value: string | null; copy?: boolean }) {
  if (value === null || value === '') return null;
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <span className="selectable">{visibleString(value.slice(0, 300))}</span>
        {copy && <CopyButton label={`Copy ${name.toLowerCase()}`} text={value} />}
      </dd>
    </>
  );
}
