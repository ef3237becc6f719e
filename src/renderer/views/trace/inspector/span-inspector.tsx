/** Everything about the selected span, one tab at a time. */
import { useId, useRef, useState, type ReactNode } from 'react';
import { ListPlus, Scale } from 'lucide-react';
import type { CallCheck, ContextPart, SpanContext } from '#shared/context.ts';
import type { SpanDetail } from '#shared/trace.ts';
import { useEngine } from '../../../data/engine.ts';
import { KIND_LABELS, KindIcon, StatusIcon } from '../../../theme/kind-icon.tsx';
import { agentColour } from '../../../theme/agent-colour.ts';
import { askGraderFrom } from '../../../state/grader-from-trace.ts';
import { makeRuleFrom } from '../../../state/rule-draft.ts';
import { AgentChip } from '../../../widgets/chip.tsx';
import { IconButton } from '../../../widgets/button.tsx';
import { CopyButton } from '../../../widgets/copy-button.tsx';
import { formatCount } from '../../../widgets/format.ts';
import { useFindText } from '../../../widgets/find-text.ts';
import { JsonTree } from '../../../widgets/json-tree.tsx';
import { ErrorState, Spinner } from '../../../widgets/states.tsx';
import { tabPanelProps, Tabs, type Tab } from '../../../widgets/tabs.tsx';
import { useTextMarks } from '../../../widgets/text-marks.ts';
import { visibleString } from '../../../widgets/visible-text.ts';
import { EvidenceNote } from '../grades/evidence-note.tsx';
import { readRow } from '../model/span-table.ts';
import type { SpanTree } from '../model/use-span-tree.ts';
import { CallVerdict } from './call-verdict.tsx';
import { ChangesTab } from './changes-tab.tsx';
import { ContentList, type Jump } from './content-list.tsx';
import { ContextBar } from './context-bar.tsx';
import { EventsTab } from './events-tab.tsx';
import { jsonText } from './message-view.tsx';
import { useCallActions } from './follow-calls.ts';
import { useTabWithFind } from './find-tab.ts';
import { usePaced } from './paced.ts';
import { RawTab } from './raw-tab.tsx';
import { ReadingToggle, useReading } from './choice.tsx';
import { generationBefore, knownHistory } from './relations.ts';
import { SectionHead } from './section-head.tsx';
import { useGenerationCommands } from './generation-commands.ts';
import { useSpanTab, type SpanTab } from './span-tab.ts';
import { SummaryTab } from './summary-tab.tsx';
import styles from './inspector.module.css';

type Props = {
  readonly traceId: string;
  readonly spanId: string;
  readonly startNs: string | null;
  readonly tree: SpanTree;
};

export function SpanInspector({ traceId, spanId, startNs, tree }: Props) {
  const wanted = usePaced(spanId, 60);
  const query = useEngine('span.get', { traceId, spanId: wanted }, { keepPrevious: true });
  const base = useId();
  const detail = query.data;
  const panel = useRef<HTMLDivElement>(null);
  const find = useFindText();
  const chosen = useSpanTab((state) => state.tab);
  const showTab = useSpanTab((state) => state.show);
  const generation = detail?.kind === 'generation';
  const tab = chosen === 'changes' && !generation ? 'summary' : chosen;
  const [jump, setJump] = useState<(Jump & { readonly spanId: string }) | null>(null);
  const about = { traceId, spanId: detail?.id ?? '' };
  const context = useEngine('span.context', about, { enabled: generation });
  const calls = useEngine('span.calls', about, { enabled: detail !== undefined && mayCall(detail) });
  useGenerationCommands(context.data ?? null);
  useTabWithFind(detail?.id === spanId ? detail : null, find, tab, showTab);
  useTextMarks(panel, detail ? find : '', { target: `${spanId} ${tab} ${detail?.id ?? ''}` });
  if (query.error && detail?.id !== wanted) return <ErrorState error={query.error} onRetry={query.refetch} />;
  if (!detail) return <Spinner label="Loading the span" />;
  const told = detail.events.length + detail.links.length;
  const tabs: readonly Tab<SpanTab>[] = [
    { id: 'summary', label: 'Summary' },
    { id: 'input', label: 'Input', ...badge(detail.input.length) },
    ...(generation ? [{ id: 'changes', label: 'Changes' } as const] : []),
    { id: 'output', label: 'Output', ...badge(detail.output.length) },
    { id: 'attributes', label: 'Attributes' },
    // Seven tabs are too many for a narrow pane, and model calls seldom have events.
    ...(generation && told === 0 && tab !== 'events'
      ? []
      : [{ id: 'events', label: 'Events', ...badge(told) } as const]),
    { id: 'raw', label: 'Raw' },
  ];
  function chooseTab(next: SpanTab): void {
    setJump(null);
    showTab(next);
  }
  function goToPart(part: ContextPart): void {
    setJump({ spanId, indices: part.inputs, at: (jump?.at ?? 0) + 1 });
    showTab('input');
  }
  return (
    <div
      className={styles.span}
      data-source-span={detail.id}
      data-stale={detail.id !== spanId || undefined}
      aria-busy={detail.id !== spanId}
    >
      <SpanHead detail={detail} agent={agentName(tree, detail)} />
      <EvidenceNote traceId={traceId} spanId={detail.id} />
      <Tabs tabs={tabs} value={tab} onChange={chooseTab} label="Parts of the span" idBase={base} />
      <div key={`${detail.id}:${tab}`} ref={panel} className={styles.panel} tabIndex={0} {...tabPanelProps(base, tab)}>
        <Panel
          detail={detail}
          tab={tab}
          tree={tree}
          startNs={startNs}
          context={context.data ?? null}
          calls={calls.data ?? []}
          pending={
            context.error ? (
              <ErrorState error={context.error} onRetry={context.refetch} />
            ) : (
              <Spinner label="Comparing with the generation before" />
            )
          }
          jump={jump?.spanId === detail.id ? jump : null}
          onTab={showTab}
          onPart={goToPart}
        />
      </div>
    </div>
  );
}

/** Whether there may be tool calls to check: those of a large answer cannot be seen from here. */
function mayCall({ kind, output }: SpanDetail): boolean {
  if (kind === 'tool') return true;
  const holds = ({ item }: SpanDetail['output'][number]): boolean =>
    item === null || (item.kind === 'message' && item.parts.some((part) => part.type === 'tool_call'));
  return kind === 'generation' && output.some(holds);
}

function badge(count: number): { badge?: string } {
  return count > 0 ? { badge: formatCount(count) } : {};
}

/** Its own agent, or the one that it works for. */
function agentName({ table }: SpanTree, detail: SpanDetail): string {
  return detail.agent ?? readRow(table, table.rowOf(detail.id))?.agent ?? '';
}

function SpanHead({ detail, agent }: { detail: SpanDetail; agent: string }) {
  return (
    <header className={styles.head} style={{ borderLeftColor: agentColour(agent).solid }}>
      <div className={styles.kind}>
        <KindIcon kind={detail.kind} size={14} />
        <span>{KIND_LABELS[detail.kind]}</span>
        {detail.subtype !== null && detail.subtype !== '' && detail.subtype !== detail.kind && (
          <span className={styles.subtype}>{visibleString(detail.subtype.slice(0, 60))}</span>
        )}
        <span className={styles.end}>
          {/* Rules are for what was received: no rule would match a span that messages tell of. */}
          {detail.dialect !== 'messages' && (
            <IconButton
              label="Make a rule from this span"
              icon={<ListPlus size={14} aria-hidden />}
              onClick={() => void makeRuleFrom(detail.traceId, detail.id)}
            />
          )}
          <IconButton
            label="Create a grader from this span"
            icon={<Scale size={14} aria-hidden />}
            onClick={() => askGraderFrom(detail.traceId, detail.id)}
          />
          <CopyButton label="Copy span id" text={detail.id} />
        </span>
      </div>
      <h2 className={`${styles.title} selectable`} title={detail.name.slice(0, 1000)}>
        <StatusIcon status={detail.status} size={15} />
        <span className={styles.titleText}>
          {detail.name === '' ? 'no name' : visibleString(detail.name.slice(0, 400))}
        </span>
      </h2>
      {agent !== '' && agent !== detail.name && <AgentChip name={agent} />}
    </header>
  );
}

type PanelProps = {
  readonly detail: SpanDetail;
  readonly tab: SpanTab;
  readonly tree: SpanTree;
  readonly startNs: string | null;
  readonly context: SpanContext | null;
  readonly calls: readonly CallCheck[];
  /** Stands where the context is needed and not there. */
  readonly pending: ReactNode;
  readonly jump: Jump | null;
  readonly onTab: (tab: SpanTab) => void;
  readonly onPart: (part: ContextPart) => void;
};

function Panel(props: PanelProps) {
  const { detail, tab, tree, startNs, context, calls, pending, onTab, onPart } = props;
  switch (tab) {
    case 'summary':
      return (
        <SummaryTab detail={detail} tree={tree} startNs={startNs} calls={calls} onTab={onTab}>
          {context && <ContextBar context={context} onPart={onPart} />}
        </SummaryTab>
      );
    case 'input':
    case 'output':
      return (
        <>
          {tab === 'input' && context && <ContextBar context={context} onPart={onPart} />}
          <ContentTab {...props} side={tab} />
        </>
      );
    case 'changes':
      return context ? <ChangesTab key={detail.id} detail={detail} tree={tree} context={context} /> : pending;
    case 'attributes':
      return <AttributesTab detail={detail} />;
    case 'events':
      return <EventsTab detail={detail} tree={tree} startNs={startNs} />;
    case 'raw':
      return <RawTab traceId={detail.traceId} spanId={detail.id} />;
  }
}

function ContentTab({ detail, tree, side, calls, jump }: PanelProps & { readonly side: 'input' | 'output' }) {
  const [reading, setReading] = useReading();
  const actions = useCallActions(detail, tree);
  const own = calls.find(({ place }) => place === null);
  const items = detail[side];
  const before =
    detail.kind === 'generation' && side === 'input' && items.length > 2
      ? generationBefore(tree.table, tree.table.rowOf(detail.id))
      : -1;
  const beforeId = tree.table.columns.ids[before] ?? '';
  const previous = useEngine('span.get', { traceId: detail.traceId, spanId: beforeId }, { enabled: beforeId !== '' });
  // Drawn once it is known what is new, so that the list does not jump.
  if (beforeId !== '' && previous.loading) return null;
  return (
    <section className={styles.section}>
      {items.length > 0 && <ReadingToggle value={reading} onChange={setReading} />}
      <ContentList
        items={items}
        reading={reading}
        known={knownHistory(detail, previous.data)}
        actions={actions}
        {...(side === 'input' ? { jump } : { checks: calls })}
        empty={
          side === 'input'
            ? 'The source recorded no input for this span.'
            : detail.status === 'running'
              ? 'No output yet.'
              : 'The source recorded no output for this span.'
        }
      />
      {side === 'input' && own && <CallVerdict check={own} />}
    </section>
  );
}

function AttributesTab({ detail }: { detail: SpanDetail }) {
  const { attributes, resource, scope, dialect } = detail;
  return (
    <>
      <section className={styles.section}>
        <SectionHead title="Attributes">
          {Object.keys(attributes).length > 0 && (
            <CopyButton label="Copy attributes" text={() => jsonText(attributes)} />
          )}
        </SectionHead>
        {Object.keys(attributes).length > 0 ? (
          <JsonTree value={attributes} label="Attributes" />
        ) : (
          <p className={styles.explain}>None beyond what the other tabs show.</p>
        )}
      </section>
      {resource && Object.keys(resource).length > 0 && (
        <section className={styles.section}>
          <SectionHead title="Resource">
            <CopyButton label="Copy resource" text={() => jsonText(resource)} />
          </SectionHead>
          <JsonTree value={resource} label="Resource" />
        </section>
      )}
      <section className={styles.section}>
        <SectionHead title="Origin" />
        <dl className={styles.facts}>
          <dt>Dialect</dt>
          <dd>{dialect}</dd>
          {scope.name !== null && (
            <>
              <dt>Scope</dt>
              <dd>
                {visibleString(scope.name.slice(0, 200))} {visibleString((scope.version ?? '').slice(0, 60))}
              </dd>
            </>
          )}
        </dl>
      </section>
    </>
  );
}
