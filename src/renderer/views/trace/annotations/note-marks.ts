/** Annotations at the places of pictures: nodes and edges of the graph, messages of the sequence, lanes and bars. */
import type { AnnotationPlace, AnnotationRow } from '#shared/annotation.ts';
import type { NoteMark } from '../../../charts/note-mark.ts';
import { edgeKey, type ViewGraph } from '../../../charts/graph/view-graph.ts';
import { placeKey } from '../../../charts/graph/walk.ts';
import { annotationTitle } from '../../../annotate/words.ts';
import { spanOf } from './annotation-marks.ts';

const SAID = 5;

/** Marks by place; an annotation may stand at several, or at none. */
export function gatherNotes<P>(
  rows: readonly AnnotationRow[],
  placesOf: (row: AnnotationRow) => readonly P[],
): ReadonlyMap<P, NoteMark> {
  const at = new Map<P, AnnotationRow[]>();
  for (const row of rows) {
    for (const place of new Set(placesOf(row))) {
      const known = at.get(place);
      if (known) known.push(row);
      else at.set(place, [row]);
    }
  }
  return new Map([...at].map(([place, all]) => [place, noteMark(all)]));
}

export function noteMark(rows: readonly AnnotationRow[]): NoteMark {
  return {
    count: rows.length,
    root: rows.some(({ isRootCause }) => isRootCause),
    said: rows
      .slice(0, SAID)
      .map((row) => `${annotationTitle(row)}${row.note === null ? '' : `: ${row.note.slice(0, 200)}`}`),
  };
}

/** @param nodeOf the node of the graph that a span belongs to; the picture may draw it as another one */
export function graphNotes(
  view: Pick<ViewGraph, 'nodes' | 'edges' | 'home'>,
  rows: readonly AnnotationRow[],
  nodeOf: (spanId: string) => string | null,
): ReadonlyMap<string, NoteMark> {
  if (rows.length === 0) return new Map();
  const shown = new Set(view.nodes.map(({ id }) => id));
  function node(id: string | null): readonly string[] {
    const drawn = id === null ? null : (view.home.get(id) ?? id);
    return drawn !== null && shown.has(drawn) ? [placeKey({ type: 'node', id: drawn })] : [];
  }
  // Instances of an agent, in the graph as it ran, are nodes of their own.
  function agentNodes(agent: string): readonly string[] {
    const plain = node(`agent:${agent}`);
    if (plain.length > 0) return plain;
    const start = `agent:${agent}#`;
    return view.nodes.flatMap(({ id }) => (id.startsWith(start) ? [placeKey({ type: 'node', id })] : []));
  }
  return gatherNotes(rows, (row) => {
    const { place } = row;
    const places = place.kind === 'edge' ? edgesOf(view, place) : [];
    if (places.length > 0) return places;
    const spanId = spanOf(row);
    const agents = place.kind === 'agent' ? agentNodes(place.agent) : [];
    const absent = place.kind === 'absence' && place.agent !== null ? agentNodes(place.agent) : [];
    const blamed = row.kind === 'blame' && row.agent !== null ? agentNodes(row.agent) : [];
    return [...agents, ...absent, ...blamed, ...(spanId === null ? [] : node(nodeOf(spanId)))];
  });
}

type EdgePlace = Extract<AnnotationPlace, { kind: 'edge' }>;

function edgesOf(view: Pick<ViewGraph, 'edges'>, place: EdgePlace): readonly string[] {
  const key = edgeKey({ from: place.from, to: place.to, kind: place.edge });
  return view.edges.flatMap((edge) => {
    const isIt =
      edge.key === key ||
      (edge.kind === place.edge && edge.sources.includes(place.from) && edge.targets.includes(place.to)) ||
      (place.spanId !== null && edge.kind === place.edge && edge.evidence.includes(place.spanId));
    return isIt ? [placeKey({ type: 'edge', key: edge.key })] : [];
  });
}

/** Whether an annotation is about an edge, or one crossing of it. */
export function isAboutEdge(
  row: AnnotationRow,
  edge: { readonly from: readonly string[]; readonly to: readonly string[]; readonly kind: string },
): boolean {
  const { place } = row;
  return (
    place.kind === 'edge' && place.edge === edge.kind && edge.from.includes(place.from) && edge.to.includes(place.to)
  );
}
