/**
 * The one selection and the one time cursor that all panes of a trace share. The selected span is also in the URL, so
 * that a place can be shared and Back works; this store is what panes read.
 */
import { create } from 'zustand';
import type { GraphEdgeKind } from '#shared/graph.ts';
import { currentPlace, go, onPlaceChange, replacePlace } from './place.ts';

export type SelectedEdge = {
  readonly from: string;
  readonly to: string;
  readonly kind: GraphEdgeKind;
  /** Where the graph draws several edges as one: the nodes that it joins, and what each end is called. */
  readonly among?: {
    readonly from: readonly string[];
    readonly to: readonly string[];
    readonly fromName: string;
    readonly toName: string;
    readonly expanded: boolean;
  };
};

export type Selection = {
  readonly traceId: string | null;
  readonly spanId: string | null;
  readonly edge: SelectedEdge | null;
  /** Nanoseconds after the trace's start; null = no cursor, the whole trace is shown. */
  readonly timeCursor: number | null;
  /** Id of the span whose subtree alone is looked at: panes dim what is outside of it. Null = the whole trace. */
  readonly subtree: string | null;
  /** Id of the span under the pointer, in whatever pane. */
  readonly hovered: string | null;
  readonly selectSpan: (id: string | null) => void;
  readonly selectEdge: (edge: SelectedEdge | null) => void;
  readonly setTimeCursor: (ns: number | null) => void;
  readonly hover: (id: string | null) => void;
  readonly openTrace: (id: string) => void;
};

const place = currentPlace();

export const useSelection = create<Selection>()((set, get) => ({
  traceId: place.traceId,
  spanId: place.span,
  edge: null,
  timeCursor: null,
  subtree: null,
  hovered: null,
  selectSpan(id) {
    if (get().spanId === id && get().edge === null) return;
    set({ spanId: id, edge: null });
    if (currentPlace().view === 'trace') replacePlace({ span: id });
  },
  selectEdge: (edge) => set({ edge }),
  setTimeCursor: (timeCursor) => set({ timeCursor }),
  hover(id) {
    if (get().hovered !== id) set({ hovered: id });
  },
  openTrace: (id) => go({ view: 'trace', traceId: id }),
}));

onPlaceChange(() => {
  const { view, traceId, span } = currentPlace();
  // Elsewhere the selection rests, so that coming back to the same trace finds it.
  if (view !== 'trace') return;
  const state = useSelection.getState();
  if (state.traceId !== traceId) {
    useSelection.setState({ traceId, spanId: span, edge: null, timeCursor: null, subtree: null, hovered: null });
  } else if (state.spanId !== span) {
    useSelection.setState({ spanId: span, edge: null });
  }
});
