/** Who talked to whom in this trace: the agent graph with its toggles, bound to the one selection of all panes. */
import { useCallback, useDeferredValue, useMemo, useRef, useState } from 'react';
import { Network } from 'lucide-react';
import type { AgentGraph } from '#shared/graph.ts';
import { coursesOf } from '../../../charts/graph/course.ts';
import { type Emphasis, matching, provenEdges } from '../../../charts/graph/emphasis.ts';
import type { Choices } from '../../../charts/graph/fold.ts';
import { GraphPicture } from '../../../charts/graph/graph-picture.tsx';
import { Legend } from '../../../charts/graph/legend.tsx';
import { TextAlternative } from '../../../charts/graph/text-alternative.tsx';
import { useGraphLayout } from '../../../charts/graph/use-graph-layout.ts';
import type { Zoom } from '../../../charts/graph/use-zoom.ts';
import {
  defaultToggles,
  edgeKey,
  openTo,
  type Toggles,
  type ViewEdge,
  viewGraph,
  type ViewGraph,
  type ViewOptions,
} from '../../../charts/graph/view-graph.ts';
import type { Place } from '../../../charts/graph/walk.ts';
import { useRegisterCommands } from '../../../commands/registry.ts';
import { useEngine } from '../../../data/engine.ts';
import { type SelectedEdge, useSelection } from '../../../state/selection.ts';
import { watchTimeCursor } from '../../../state/time-cursor.ts';
import { EmptyState, ErrorState, Spinner } from '../../../widgets/states.tsx';
import type { AnnotationPlace } from '#shared/annotation.ts';
import { useAnnotationMarks } from '../annotations/annotation-marks.ts';
import { graphNotes } from '../annotations/note-marks.ts';
import { usePlaces } from '../annotations/use-places.ts';
import { useFaultMarks } from '../faults/fault-marks.ts';
import { graphMarks } from '../faults/graph-marks.ts';
import { timesOf } from '../model/moments.ts';
import { rowIndex } from '../model/row-index.ts';
import { GraphBar } from './graph-bar.tsx';
import { GraphMoment } from './graph-moment.tsx';
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
  const { tools, guardrails, user, returns, direction, style, expanded } = useGraphOptions();
  const defaults = useMemo(() => defaultToggles(graph), [graph]);
  const shows = useMemo<Toggles>(
    () => ({
      tools: tools ?? defaults.tools,
      guardrails: guardrails ?? defaults.guardrails,
      user: user ?? defaults.user,
      returns: returns ?? defaults.returns,
    }),
    [tools, guardrails, user, returns, defaults],
  );
  const [choices, setChoices] = useState<Choices>(new Map());
  const [search, setSearch] = useState('');
  const [focus, setFocus] = useState<string | null>(null);
  const [frame, pane] = usePaneSize();
  const zoom = useRef<Zoom>(null);

  const options = useMemo<ViewOptions>(() => ({ ...shows, choices, focus }), [shows, choices, focus]);
  const view = useMemo(() => viewGraph(graph, options), [graph, options]);
  const shown = useGraphLayout(view, pane, direction, style);
  const columns = useEngine('trace.open', { traceId }).data?.columns ?? null;
  const times = useMemo(() => (columns ? timesOf(columns) : null), [columns]);
  const courses = useMemo(() => {
    if (!columns || !times || !shown) return null;
    const index = rowIndex(columns);
    return coursesOf(shown.view, times, (id) => index.get(id) ?? -1);
  }, [columns, times, shown]);

  const spanId = useSelection((state) => state.spanId);
  const edge = useSelection((state) => state.edge);
  const hovered = useSelection((state) => state.hovered);
  const { selectSpan, selectEdge, hover } = useSelection.getState();
  const nodeOf = useNodeOfSpan(traceId, graph);
  const selected = useMemo<Emphasis>(() => {
    if (edge) return { nodes: new Set(), edges: new Set([edgeKey(edge)]) };
    const node = placeIn(view, nodeOf(spanId));
    const edges = provenEdges(view, spanId);
    return node === null && edges.size === 0 ? NONE : { nodes: new Set(node === null ? [] : [node]), edges };
  }, [edge, spanId, nodeOf, view]);
  const findings = useFaultMarks((state) => state.detection?.findings);
  const faults = useMemo(
    () => graphMarks(shown?.view ?? view, findings ?? [], nodeOf),
    [shown, view, findings, nodeOf],
  );
  const annotations = useAnnotationMarks((state) => state.rows);
  const notes = useMemo(() => graphNotes(shown?.view ?? view, annotations, nodeOf), [shown, view, annotations, nodeOf]);
  const section = useRef<HTMLElement>(null);
  usePlaces(section, (target) => placesIn(view, target));
  const pointedNode = placeIn(view, nodeOf(hovered));
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
      selectEdge(toSelected(view, chosen, expanded));
      return;
    }
    const node = view.nodes.find((other) => other.id === place.id);
    if (node && node.folds > 0) choose(node.id, true);
    else selectSpan(node?.members[0]?.spanIds[0] ?? null);
  }

  function choose(id: string, isOpen: boolean): void {
    setChoices((before) => new Map(before).set(id, isOpen));
  }

  function foldAll(isOpen: boolean): void {
    const teams = graph.nodes.flatMap(({ team }) => (team === null ? [] : [[`team:${team}`, isOpen] as const]));
    setChoices(new Map(teams));
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
    if (wanted === '') return;
    const single = view.nodes.find((node) => found?.nodes.has(node.id) === true && node.folds === 0)?.id;
    const id = single ?? graph.nodes.find((node) => node.name.toLowerCase().includes(wanted))?.id;
    if (id === undefined) return;
    const box = shown?.layout.nodes.get(id);
    if (box) zoom.current?.reveal(box, true);
    else {
      setChoices(openTo(graph, options, id));
      setFocus(id);
    }
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
        {
          id: 'graph.guardrails',
          title: 'Show or hide guardrails',
          group: 'Graph',
          run: () => flip('guardrails', defaults.guardrails),
        },
        { id: 'graph.layout', title: 'Graph in layers, or by force', group: 'Graph', run: flipStyle },
        { id: 'graph.expanded', title: 'Graph as it ran, or aggregated', group: 'Graph', run: flipExpanded },
      ],
      [defaults],
    ),
  );

  if (graph.nodes.length === 0) return <NoAgents />;
  return (
    <section ref={section} className={styles.pane} aria-label="Agent graph">
      <GraphBar
        graph={graph}
        view={view}
        toggles={shows}
        search={search}
        onSearch={setSearch}
        onFind={goToFound}
        matches={found?.nodes.size ?? null}
        onTeams={foldAll}
        opened={[...choices.values()].includes(true)}
        onFold={() => setChoices(new Map())}
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
            courses={courses}
            watchCursor={watchTimeCursor}
            faults={faults}
            onFault={selectSpan}
            notes={notes}
            onOpen={open}
            onFold={(team) => choose(team, false)}
            onClear={clear}
            onPoint={point}
            zoomRef={zoom}
          />
        ) : (
          <Spinner label="Laying out the graph" />
        )}
      </div>
      <footer className={styles.footer}>
        <Legend view={view} faults={faults.size > 0} />
        {(view.omitted > 0 || view.omittedEdges > 0) && <Omitted nodes={view.omitted} edges={view.omittedEdges} />}
      </footer>
      <TextAlternative view={view} />
      {shown && (
        <GraphMoment view={shown.view} courses={courses} watch={watchTimeCursor} timed={times?.timed ?? true} />
      )}
    </section>
  );
}

/** The node of the picture that stands for one of the graph. */
function placeIn(view: ViewGraph, id: string | null): string | null {
  return id === null ? null : (view.home.get(id) ?? id);
}

/** What an element of the picture stands for: an edge, an agent, or what else has spans. */
function placesIn(view: ViewGraph, target: Element): readonly AnnotationPlace[] {
  const key = target.closest('[data-place]')?.getAttribute('data-place') ?? '';
  if (key.startsWith('edge:')) {
    const edge = view.edges.find((one) => `edge:${one.key}` === key);
    const from = edge?.sources[0];
    const to = edge?.targets[0];
    if (!edge || from === undefined || to === undefined) return [];
    const spanId = edge.count === 1 ? (edge.evidence[0] ?? null) : null;
    const all = { kind: 'edge', from, to, edge: edge.kind, spanId: null } as const;
    return spanId === null ? [all] : [all, { ...all, spanId }];
  }
  const node = view.nodes.find((one) => `node:${one.id}` === key);
  const [first] = node?.members ?? [];
  if (!node || !first) return [];
  const spanId = first.spanIds[0];
  const span: AnnotationPlace[] = spanId === undefined ? [] : [{ kind: 'span', spanId }];
  if (first.kind !== 'agent') return span;
  const agents = node.members.slice(0, 6).map(({ name }) => ({ kind: 'agent', agent: name }) as const);
  return [...new Map(agents.map((place) => [place.agent, place])).values(), ...span];
}

function toSelected(view: ViewGraph, { from, to, kind, sources, targets }: ViewEdge, expanded: boolean): SelectedEdge {
  const isOne = sources.length === 1 && targets.length === 1 && sources[0] === from && targets[0] === to;
  if (isOne) return { from, to, kind };
  const nameOf = (id: string): string => view.nodes.find((node) => node.id === id)?.name ?? id;
  return {
    from,
    to,
    kind,
    among: { from: sources, to: targets, fromName: nameOf(from), toName: nameOf(to), expanded },
  };
}

function flipStyle(): void {
  useGraphOptions.setState(({ style }) => ({ style: style === 'force' ? 'layered' : 'force' }));
}

function flip(option: keyof Toggles, before: boolean): void {
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
