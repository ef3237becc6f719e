import { useEffect, useMemo, useState } from 'react';
import type { Direction, Layout, LayoutInput, LayoutPair, LayoutStyle } from './layout-types.ts';
import type { ViewGraph } from './view-graph.ts';
import { chooseDirection, layoutKey, layoutNow, requestLayout } from './layout-client.ts';

export type GraphLayout = {
  readonly layout: Layout;
  /** The graph that this layout is of: while a new one is laid out, the picture stays the old one, whole. */
  readonly view: ViewGraph;
};

type Done = { readonly view: ViewGraph; readonly pair: LayoutPair };

const WEIGHTS = { handoff: 3, agent_call: 2, message: 1, tool_call: 1, return: 1, guardrail: 1 } as const;

export function layoutInput(view: ViewGraph, style: LayoutStyle = 'layered'): LayoutInput {
  return {
    style,
    teams: view.teams.map(({ id, parent }) => ({ id, parent })),
    nodes: view.nodes.map(({ id, width, height, gap, team }) => ({ id, width, height, gap, team })),
    edges: view.edges.map(({ key, from, to, kind, labelWidth }) => ({
      key,
      from,
      to,
      back: kind === 'return',
      weight: WEIGHTS[kind],
      labelWidth,
    })),
  };
}

/** `direction` null = whichever fits the pane. Null until there is a first layout. */
export function useGraphLayout(
  view: ViewGraph,
  pane: { readonly width: number; readonly height: number } | null,
  direction: Direction | null,
  style: LayoutStyle = 'layered',
): GraphLayout | null {
  const input = useMemo(() => layoutInput(view, style), [view, style]);
  const key = useMemo(() => layoutKey(input), [input]);
  const now = useMemo(() => layoutNow(key, input), [key, input]);
  const [later, setLater] = useState<Done | null>(null);

  useEffect(() => {
    if (now) return undefined;
    return requestLayout(key, input, (pair) => setLater({ view, pair }));
  }, [now, key, input, view]);

  return useMemo(() => {
    const done = now ? { view, pair: now } : later;
    if (!done || !pane) return null;
    return { view: done.view, layout: done.pair[direction ?? chooseDirection(done.pair, pane)] };
  }, [now, later, view, pane, direction]);
}
