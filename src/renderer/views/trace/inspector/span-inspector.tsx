/** Everything about the selected span, one tab at a time. */
import { useId } from 'react';
import { ListPlus } from 'lucide-react';
import type { SpanDetail } from '#shared/trace.ts';
import { useEngine } from '../../../data/engine.ts';
import { KIND_LABELS, KindIcon, StatusIcon } from '../../../theme/kind-icon.tsx';
import { agentColour } from '../../../theme/agent-colour.ts';
import { makeRuleFrom } from '../../../state/rule-draft.ts';
import { AgentChip } from '../../../widgets/chip.tsx';
import { IconButton } from '../../../widgets/button.tsx';
import { CopyButton } from '../../../widgets/copy-button.tsx';
import { formatCount } from '../../../widgets/format.ts';
import { JsonTree } from '../../../widgets/json-tree.tsx';
import { ErrorState, Spinner } from '../../../widgets/states.tsx';
import { tabPanelProps, Tabs, type Tab } from '../../../widgets/tabs.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import { readRow } from '../model/span-table.ts';
import type { SpanTree } from '../model/use-span-tree.ts';
import { ContentList } from './content-list.tsx';
import { EventsTab } from './events-tab.tsx';
import { jsonText } from './message-view.tsx';
import { useCallActions } from './follow-calls.ts';
import { usePaced } from './paced.ts';
import { RawTab } from './raw-tab.tsx';
import { ReadingToggle, useReading } from './choice.tsx';
import { generationBefore, knownHistory } from './relations.ts';
import { SectionHead } from './section-head.tsx';
import type { SpanTab } from './span-tab.ts';
import { SummaryTab } from './summary-tab.tsx';
import styles from './inspector.module.css';

type Props = {
  readonly traceId: string;
  readonly spanId: string;
  readonly startNs: string | null;
  readonly tree: SpanTree;
  readonly tab: SpanTab;
  readonly onTab: (tab: SpanTab) => void;
};

export function SpanInspector({ traceId, spanId, startNs, tree, tab, onTab }: Props) {
  const wanted = usePaced(spanId, 60);
  const query = useEngine('span.get', { traceId, spanId: wanted }, { keepPrevious: true });
  const base = useId();
  const detail = query.data;
  if (query.error && detail?.id !== wanted) return <ErrorState error={query.error} onRetry={query.refetch} />;
  if (!detail) return <Spinner label="Loading the span" />;
  const tabs: readonly Tab<SpanTab>[] = [
    { id: 'summary', label: 'Summary' },
    { id: 'input', label: 'Input', ...badge(detail.input.length) },
    { id: 'output', label: 'Output', ...badge(detail.output.length) },
    { id: 'attributes', label: 'Attributes' },
    { id: 'events', label: 'Events', ...badge(detail.events.length + detail.links.length) },
    { id: 'raw', label: 'Raw' },
  ];
  return (
    <div className={styles.span} data-stale={detail.id !== spanId || undefined} aria-busy={detail.id !== spanId}>
      <SpanHead detail={detail} agent={agentName(tree, detail)} />
      <Tabs tabs={tabs} value={tab} onChange={onTab} label="Parts of the span" idBase={base} />
      <div key={`${detail.id}:${tab}`} className={styles.panel} tabIndex={0} {...tabPanelProps(base, tab)}>
        <Panel detail={detail} tab={tab} tree={tree} startNs={startNs} onTab={onTab} />
      </div>
    </div>
  );
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
  readonly onTab: (tab: SpanTab) => void;
};

function Panel({ detail, tab, tree, startNs, onTab }: PanelProps) {
  switch (tab) {
    case 'summary':
      return <SummaryTab detail={detail} tree={tree} startNs={startNs} onTab={onTab} />;
    case 'input':
    case 'output':
      return <ContentTab detail={detail} tree={tree} side={tab} />;
    case 'attributes':
      return <AttributesTab detail={detail} />;
    case 'events':
      return <EventsTab detail={detail} tree={tree} startNs={startNs} />;
    case 'raw':
      return <RawTab traceId={detail.traceId} spanId={detail.id} />;
  }
}

function ContentTab({ detail, tree, side }: { detail: SpanDetail; tree: SpanTree; side: 'input' | 'output' }) {
  const [reading, setReading] = useReading();
  const actions = useCallActions(detail, tree);
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
        empty={
          side === 'input'
            ? 'The source recorded no input for this span.'
            : detail.status === 'running'
              ? 'No output yet.'
              : 'The source recorded no output for this span.'
        }
      />
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
