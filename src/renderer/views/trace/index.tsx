/** One trace: header, tree with waterfall, pictures, inspector, all on one selection. */
import { useEffect, useMemo, useRef } from 'react';
import type { TraceDetail } from '#shared/trace.ts';
import { bridge } from '../../data/bridge.ts';
import { useEngine } from '../../data/engine.ts';
import { useRegisterCommands } from '../../commands/registry.ts';
import { go, replacePlace } from '../../state/place.ts';
import { Button } from '../../widgets/button.tsx';
import { EmptyState, ErrorState } from '../../widgets/states.tsx';
import { tellAgentsApart } from '../../theme/agent-colour.ts';
import { FindText } from '../../widgets/find-text.ts';
import { Splitter } from '../../widgets/splitter.tsx';
import { AnnotateMenu } from './annotations/annotate-menu.tsx';
import { AnnotatePanel } from './annotations/annotate-panel.tsx';
import { useAnnotations } from './annotations/annotation-marks.ts';
import { useTextHighlights } from './annotations/use-text-highlights.ts';
import { Centre } from './centre.tsx';
import { traceCommands, type TraceActions } from './commands.ts';
import { useFaults } from './faults/fault-marks.ts';
import { useEvidenceMark } from './grades/use-evidence-mark.ts';
import { wholeSession } from './header/session-place.tsx';
import { TraceHeader } from './header/trace-header.tsx';
import { Inspector } from './inspector/inspector.tsx';
import { createSpanTable } from './model/span-table.ts';
import { useFind } from './model/use-find.ts';
import { useSpanTree } from './model/use-span-tree.ts';
import { PlaybackBar } from './playback/playback-bar.tsx';
import { OriginAsker } from './origin/origin-asker.tsx';
import { Skeleton } from './skeleton.tsx';
import { SpanTree } from './tree/span-tree.tsx';
import { SubtreeNote } from './tree/subtree-note.tsx';
import { useWidth } from './tree/use-width.ts';
import styles from './trace-view.module.css';

/** Below this, the pictures stand under the tree instead of beside it. */
const WIDE = 1_040;

export function TraceView({ traceId }: { readonly traceId: string }) {
  const query = useEngine('trace.open', { traceId });
  if (query.error?.code === 'not_found') {
    return (
      <EmptyState
        title="This trace is not in the workspace"
        actions={<Button onClick={() => go({ view: 'traces' })}>Go to Traces</Button>}
      >
        It was deleted, or it belongs to another workspace.
      </EmptyState>
    );
  }
  if (query.error && !query.data) return <ErrorState error={query.error} onRetry={query.refetch} />;
  if (!query.data) return <Skeleton />;
  return <Loaded key={traceId} detail={query.data} />;
}

function Loaded({ detail }: { detail: TraceDetail }) {
  const { trace, columns } = detail;
  const agents = trace.agents.join('\n');
  // Before anything below draws.
  useMemo(() => tellAgentsApart(agents.split('\n')), [agents]);
  useEffect(() => () => tellAgentsApart([]), []);
  const table = useMemo(() => createSpanTable(columns, wholeSession(trace) !== null), [columns, trace]);
  const tree = useSpanTree(table);
  useFaults(trace.id, columns.count);
  useAnnotations(trace.id);
  const find = useFind(trace.id, tree);
  const view = useRef<HTMLDivElement>(null);
  const treeRef = useRef<HTMLDivElement>(null);
  const inspectorRef = useRef<HTMLElement>(null);
  useTextHighlights(view, trace.id);
  useEvidenceMark(trace.id);
  const width = useWidth(view);

  const actions = useRef<TraceActions | null>(null);
  useEffect(() => {
    actions.current = {
      tree,
      find,
      showTab: (tab) => replacePlace({ tab }),
      focusTree: () => treeRef.current?.focus(),
      focusInspector: () => inspectorRef.current?.querySelector<HTMLElement>('[role=tabpanel], [role=region]')?.focus(),
      copyTraceId: () => void bridge.copyText(trace.id),
    };
  });
  const commands = useMemo(() => traceCommands(() => actions.current), []);
  useRegisterCommands(commands);

  const spans =
    columns.count === 0 ? (
      <EmptyState title="No span of this trace was received">
        Only facts about the trace as a whole are known.
      </EmptyState>
    ) : (
      <SpanTree tree={tree} find={find} treeRef={treeRef} onEnter={() => actions.current?.focusInspector()} />
    );
  const centre = (
    <Centre
      traceId={trace.id}
      head={tree.root >= 0 ? <SubtreeNote tree={tree} /> : null}
      footer={columns.count > 0 ? <PlaybackBar key={trace.id} table={table} /> : null}
    />
  );
  const inspector = (
    <div className={styles.column}>
      <Inspector trace={trace} tree={tree} inspectorRef={inspectorRef} onLeave={() => treeRef.current?.focus()} />
      <AnnotatePanel trace={trace} tree={tree} />
    </div>
  );

  return (
    <FindText value={find.searched}>
      <div ref={view} className={styles.view}>
        <TraceHeader trace={trace} spans={trace.spans} />
        <OriginAsker traceId={trace.id} />
        <AnnotateMenu view={view} table={table} />
        <div className={styles.panes}>
          {width === 0 ? null : width >= WIDE ? (
            <Splitter
              id="trace-wide"
              panels={[
                { id: 'tree', content: spans, defaultSize: '32%', minSize: 260 },
                { id: 'centre', content: centre, defaultSize: '38%', minSize: 220 },
                { id: 'inspector', content: inspector, defaultSize: '30%', minSize: 260 },
              ]}
            />
          ) : (
            <Splitter
              id="trace-narrow"
              panels={[
                {
                  id: 'left',
                  minSize: 260,
                  defaultSize: '58%',
                  content: (
                    <Splitter
                      id="trace-narrow-left"
                      direction="vertical"
                      panels={[
                        { id: 'tree', content: spans, defaultSize: '48%', minSize: 140 },
                        { id: 'centre', content: centre, defaultSize: '52%', minSize: 140 },
                      ]}
                    />
                  ),
                },
                { id: 'inspector', content: inspector, defaultSize: '42%', minSize: 240 },
              ]}
            />
          )}
        </div>
      </div>
    </FindText>
  );
}
