/** The middle pane: one picture of the trace at a time. The pictures load when they are first shown. */
import { useEffect, useId, type ReactNode } from 'react';
import { replacePlace, usePlace } from '../../state/place.ts';
import { onDemand, useOnDemand } from '../../widgets/on-demand.ts';
import { Spinner } from '../../widgets/states.tsx';
import { tabPanelProps, Tabs, type Tab } from '../../widgets/tabs.tsx';
import { PictureNote } from './oddities/oddity-note.tsx';
import styles from './trace-view.module.css';

const TABS = [
  { id: 'graph', label: 'Graph', pane: onDemand(async () => (await import('./panes/graph-pane.tsx')).GraphPane) },
  {
    id: 'sequence',
    label: 'Sequence',
    pane: onDemand(async () => (await import('./panes/sequence-pane.tsx')).SequencePane),
  },
  { id: 'lanes', label: 'Lanes', pane: onDemand(async () => (await import('./panes/lanes-pane.tsx')).LanesPane) },
  { id: 'flame', label: 'Flame', pane: onDemand(async () => (await import('./panes/flame-pane.tsx')).FlamePane) },
  {
    id: 'conversation',
    label: 'Conversation',
    pane: onDemand(async () => (await import('./panes/conversation-pane.tsx')).ConversationPane),
  },
  { id: 'log', label: 'Log', pane: onDemand(async () => (await import('./panes/log-pane.tsx')).LogPane) },
] as const;
type TabId = (typeof TABS)[number]['id'];
const LABELS: readonly Tab<TabId>[] = TABS;

type Props = {
  readonly traceId: string;
  /** Stand above and under whatever picture is shown. */
  readonly head: ReactNode;
  readonly footer: ReactNode;
};

export function Centre({ traceId, head, footer }: Props) {
  const place = usePlace();
  const base = useId();
  const { id, pane } = TABS.find((tab) => tab.id === place.tab) ?? TABS[0];
  const Pane = useOnDemand(pane);
  // Whoever opens a trace goes on to another picture of it.
  useEffect(() => {
    const idle = requestIdleCallback(() => {
      for (const tab of TABS) void tab.pane.load();
    });
    return () => {
      cancelIdleCallback(idle);
    };
  }, []);
  return (
    <section className={styles.centre} aria-label="Pictures of the trace">
      <Tabs
        tabs={LABELS}
        value={id}
        onChange={(tab) => replacePlace({ tab })}
        label="Pictures of the trace"
        idBase={base}
      />
      {head}
      <PictureNote traceId={traceId} picture={id} />
      <div className={styles.centrePanel} {...tabPanelProps(base, id)}>
        {Pane ? <Pane traceId={traceId} /> : <Spinner />}
      </div>
      {footer}
    </section>
  );
}
