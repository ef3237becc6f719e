/** Who talked to whom in this trace: the agent graph with its toggles, bound to the one selection of all panes. */
import { useCallback, useDeferredValue, useMemo, useRef, useState } from 'react';
import { Network } from 'lucide-react';
import type { AgentGraph } from '#shared/graph.ts';
import { type Emphasis, matching, provenEdges } from '../../../charts/graph/emphasis.ts';
import { GraphPicture } from '../../../charts/graph/graph-picture.tsx';
import { Legend } from '../../../charts/graph/legend.tsx';
import { TextAlternative } from '../../../charts/graph/text-alternative.tsx';
import { useGraphLayout } from '../../../charts/graph/use-graph-layout.ts';
import type { Zoom } from '../../../charts/graph/use-zoom.ts';
import { defaultToggles, edgeKey, viewGraph } from '../../../charts/graph/view-graph.ts';
import type { Place } from '../../../charts/graph/walk.ts';
import { useRegisterCommands } from '../../../commands/registry.ts';
import { useEngine } from '../../../data/engine.ts';
import { useSelection } from '../../../state/selection.ts';
import { EmptyState, ErrorState, Spinner } from '../../../widgets/states.tsx';
import { GraphBar } from './graph-bar.tsx';
import { useGraphOptions } from './graph-options.ts';
import { useNodeOfSpan } from './node-of-span.ts';
import { usePaneSize } from './use-pane-size.ts';
import styles from './graph-pane.module.css';

export function GraphPane({ traceId }: { traceId: string }) {
  const expanded = useGraphOptions((state) => state.expanded);
  const query = useEngine('trace.graph', { traceId, expanded }, { keepPrevious: true });
  if (query.data) return <Graph key={traceId} traceId={traceId} graph={query.data} />;
  return (
    <div className={styles.middle}>
      {query.error ? <ErrorState error={query.error} onRetry={query.refetch} /> : <Spinner label="Reading the graph" />}
    </div>
  );
}

const NONE: Emphasis = { nodes: new Set(), edges: new Set() };

function Graph({ traceId, graph }: { readonly traceId: string; readonly graph: AgentGraph }) {
  const { tools, user, returns, direction } = useGraphOptions();
  const defaults = useMemo(() => defaultToggles(graph), [graph]);
  const toggles = { tools: tools ?? defaults.tools, user: user ?? defaults.user, returns: returns ?? defaults.returns };
  const [openGroups, setOpenGroups] = useState<ReadonlySet<string>>(new Set());
  const [search, setSearch] = useState('');
  const [focus, setFocus] = useState<string | null>(null);
  const [frame, pane] = usePaneSize();
  const zoom = useRef<Zoom>(null);

  const view = useMemo(
    () => viewGraph(graph, { tools: toggles.tools, user: toggles.user, returns: toggles.returns, openGroups, focus }),
    [graph, toggles.tools, toggles.user, toggles.returns, openGroups, focus],
  );
  const shown = useGraphLayout(view, pane, direction);

  const spanId = useSelection((state) => state.spanId);
  const edge = useSelection((state) => state.edge);
  const hovered = useSelection((state) => state.hovered);
  const { selectSpan, selectEdge, hover } = useSelection.getState();
  const nodeOf = useNodeOfSpan(traceId, graph);
  const selected = useMemo<Emphasis>(() => {
    if (edge) return { nodes: new Set(), edges: new Set([edgeKey(edge)]) };
    const node = nodeOf(spanId);
    const edges = provenEdges(view, spanId);
    return node === null && edges.size === 0 ? NONE : { nodes: new Set(node === null ? [] : [node]), edges };
  }, [edge, spanId, nodeOf, view]);
  const pointedNode = nodeOf(hovered);
  // What this pane itself points at is lit by the picture; an echo of it would light the wrong neighbourhood.
  const ownHover = useRef<string | null>(null);
  const pointed = useMemo<Place | null>(
    () => (pointedNode === null || hovered === ownHover.current ? null : { type: 'node', id: pointedNode }),
    [pointedNode, hovered],
  );
  const sought = useDeferredValue(search);
  const found = useMemo(() => (sought.trim() === '' ? null : matching(view, sought)), [view, sought]);

  function open(place: Place): void {
    if (place.type === 'edge') {
      const chosen = view.edges.find((other) => other.key === place.key);
      if (!chosen) return;
      if (chosen.to.startsWith('tools:')) unfold(chosen.to);
      else selectEdge({ from: chosen.from, to: chosen.to, kind: chosen.kind });
      return;
    }
    const node = view.nodes.find((other) => other.id === place.id);
    if (node?.kind === 'tools') unfold(node.id);
    else selectSpan(node?.members[0]?.spanIds[0] ?? null);
  }

  function unfold(group: string): void {
    setOpenGroups((before) => new Set([...before, group]));
  }

  const clear = useCallback(() => {
    setSearch('');
    useSelection.getState().selectSpan(null);
    useSelection.getState().selectEdge(null);
  }, []);

  function point(place: Place | null): void {
    const node = place?.type === 'node' ? view.nodes.find((other) => other.id === place.id) : undefined;
    const line = place?.type === 'edge' ? view.edges.find((other) => other.key === place.key) : undefined;
    ownHover.current = node?.members[0]?.spanIds[0] ?? line?.evidence[0] ?? null;
    hover(ownHover.current);
  }

  /** Goes to the first match; one that the limit left out is brought in first. */
  function goToFound(): void {
    const wanted = search.trim().toLowerCase();
    const id = [...(found?.nodes ?? [])][0] ?? graph.nodes.find((node) => node.name.toLowerCase().includes(wanted))?.id;
    if (id === undefined || wanted === '') return;
    const box = shown?.layout.nodes.get(id);
    if (box) zoom.current?.reveal(box, true);
    else setFocus(id);
  }

  useRegisterCommands(
    useMemo(
      () => [
        {
          id: 'graph.fit',
          title: 'Fit the graph to the pane',
          group: 'Graph',
          keys: '0',
          run: () => zoom.current?.fit(),
        },
        { id: 'graph.tools', title: 'Show or hide tools', group: 'Graph', run: () => flip('tools', defaults.tools) },
        { id: 'graph.user', title: 'Show or hide the user', group: 'Graph', run: () => flip('user', defaults.user) },
        {
          id: 'graph.returns',
          title: 'Show or hide returns',
          group: 'Graph',
          run: () => flip('returns', defaults.returns),
        },
        { id: 'graph.expanded', title: 'Graph as it ran, or aggregated', group: 'Graph', run: flipExpanded },
      ],
      [defaults],
    ),
  );

  if (graph.nodes.length === 0) return <NoAgents />;
  return (
    <section className={styles.pane} aria-label="Agent graph">
      <GraphBar
        graph={graph}
        view={view}
        toggles={toggles}
        search={search}
        onSearch={setSearch}
        onFind={goToFound}
        matches={found?.nodes.size ?? null}
        foldable={openGroups.size > 0}
        onFold={() => setOpenGroups(new Set())}
        onFit={() => zoom.current?.fit()}
        onZoom={(factor) => zoom.current?.by(factor)}
      />
      <div ref={frame} className={styles.frame}>
        {view.nodes.length === 0 ? (
          <div className={styles.middle}>
            <EmptyState title="Nothing to draw with these choices">
              No agent is named in this trace. Turn on tools or the user above.
            </EmptyState>
          </div>
        ) : shown && pane ? (
          <GraphPicture
            view={shown.view}
            layout={shown.layout}
            pane={pane}
            selected={selected}
            found={found}
            pointed={pointed}
            onOpen={open}
            onClear={clear}
            onPoint={point}
            zoomRef={zoom}
          />
        ) : (
          <Spinner label="Laying out the graph" />
        )}
      </div>
      <footer className={styles.footer}>
        <Legend view={view} />
        {(view.omitted > 0 || view.omittedEdges > 0) && <Omitted nodes={view.omitted} edges={view.omittedEdges} />}
      </footer>
      <TextAlternative view={view} />
    </section>
  );
}

function flip(option: 'tools' | 'user' | 'returns', before: boolean): void {
  useGraphOptions.setState((state) => ({ [option]: !(state[option] ?? before) }));
}

function flipExpanded(): void {
  useGraphOptions.setState(({ expanded }) => ({ expanded: !expanded }));
}

function NoAgents() {
  return (
    <div className={styles.middle}>
      <EmptyState title="No agents in this trace" icon={<Network size={22} aria-hidden />}>
        No span names an agent or calls a tool, so there is nobody to draw. The tree shows every span that was received.
      </EmptyState>
    </div>
  );
}

function Omitted({ nodes, edges }: { readonly nodes: number; readonly edges: number }) {
  const parts = [
    nodes > 0 ? `${nodes.toLocaleString('en-US')} nodes` : '',
    edges > 0 ? `${edges.toLocaleString('en-US')} edges` : '',
  ];
  return (
    <p className={styles.omitted} role="status">
      {parts.filter(Boolean).join(' and ')} not drawn: too many for one picture. Search finds every agent and brings it
      in.
    </p>
  );
}
