/** The middle pane: one picture of the trace at a time. The pictures load when they are first shown. */
import { lazy, Suspense, useId } from 'react';
import { replacePlace, usePlace } from '../../state/place.ts';
import { Spinner } from '../../widgets/states.tsx';
import { tabPanelProps, Tabs, type Tab } from '../../widgets/tabs.tsx';
import styles from './trace-view.module.css';

const GraphPane = lazy(async () => ({ default: (await import('./panes/graph-pane.tsx')).GraphPane }));
const LanesPane = lazy(async () => ({ default: (await import('./panes/lanes-pane.tsx')).LanesPane }));
const SequencePane = lazy(async () => ({ default: (await import('./panes/sequence-pane.tsx')).SequencePane }));
const ConversationPane = lazy(async () => ({
  default: (await import('./panes/conversation-pane.tsx')).ConversationPane,
}));

const TABS = [
  { id: 'graph', label: 'Graph', pane: GraphPane },
  { id: 'lanes', label: 'Lanes', pane: LanesPane },
  { id: 'sequence', label: 'Sequence', pane: SequencePane },
  { id: 'conversation', label: 'Conversation', pane: ConversationPane },
] as const;
type TabId = (typeof TABS)[number]['id'];
const LABELS: readonly Tab<TabId>[] = TABS;

export function Centre({ traceId }: { traceId: string }) {
  const place = usePlace();
  const base = useId();
  const { id, pane: Pane } = TABS.find((tab) => tab.id === place.tab) ?? TABS[0];
  return (
    <section className={styles.centre} aria-label="Pictures of the trace">
      <Tabs
        tabs={LABELS}
        value={id}
        onChange={(tab) => replacePlace({ tab })}
        label="Pictures of the trace"
        idBase={base}
      />
      <div className={styles.centrePanel} {...tabPanelProps(base, id)}>
        <Suspense fallback={<Spinner />}>
          <Pane traceId={traceId} />
        </Suspense>
      </div>
    </section>
  );
}
