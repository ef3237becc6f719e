/** The facts of one trace, or of a whole session as one, as analysis and graders begin with them. */
import { AppFailure } from '#shared/result.ts';
import type { PriceBook } from '#shared/estimate.ts';
import type { TraceWaste } from '#shared/lanes.ts';
import type { EffectiveAgents } from '../../analysis/agents.ts';
import type { GenerationOrder } from '../../analysis/generation-order.ts';
import { effectiveAgents } from '../../analysis/agents.ts';
import type { Arcs } from '../../analysis/graph.ts';
import { findArcs } from '../../analysis/graph.ts';
import type { LaneFacts } from '../../analysis/lane-views.ts';
import type { WholeSequence } from '../../analysis/sequence.ts';
import type { SpanTree } from '../../analysis/tree.ts';
import { buildTree } from '../../analysis/tree.ts';
import type { Reader } from '../../store/database.ts';
import { readSessionFacts, sessionAt, sessionKeys } from '../../store/session-facts.ts';
import type { StoredSpanFact } from '../../store/span-queries.ts';
import { readFacts } from '../../store/span-queries.ts';
import type { Answers } from './answers-view.ts';
import type { KeptDetection } from './detect-view.ts';
import type { WholeEvents } from './event-view.ts';

export type Loaded = {
  readonly address: string;
  /** One, or those of the session that the address means. */
  readonly traceKeys: readonly number[];
  /** Changes whenever they do. */
  readonly stamp: string;
  readonly originNs: bigint | null;
  readonly spans: readonly StoredSpanFact[];
  readonly tree: SpanTree;
  readonly agents: EffectiveAgents;
  readonly orphans: ReadonlySet<string>;
  /** How many of the spans stand for a trace of a session and were not received. */
  readonly groups: number;
  /** Built when it is first asked for. */
  sequence?: WholeSequence;
  detection?: KeptDetection;
  /** With agents expanded or not, as it was last asked for. */
  arcs?: { readonly expanded: boolean; readonly found: Arcs };
  lanes?: LaneFacts;
  /** With the prices that it was made with. */
  waste?: { readonly book: PriceBook; readonly found: TraceWaste };
  events?: WholeEvents;
  answers?: Answers;
  generations?: GenerationOrder;
  byId?: ReadonlyMap<string, StoredSpanFact>;
};

const NONE: ReadonlySet<string> = new Set();

export const gone = {
  code: 'not_found',
  message: 'This trace does not exist, or was deleted.',
  hint: 'Go back to Traces.',
} as const;

export type TracePlace = { readonly traceKeys: number[]; readonly stamp: string; readonly session: boolean };

/** Throws an AppFailure of `not_found`. */
export function locate(reader: Reader, address: string): TracePlace {
  const session = sessionAt(reader, address);
  if (session !== null) return { ...sessionKeys(reader, session), session: true };
  const trace = reader.get<{ trace_key: number; revision: number }>(
    'SELECT trace_key, revision FROM trace WHERE trace_id = ?',
    [address],
  );
  if (!trace) throw new AppFailure(gone);
  return { traceKeys: [trace.trace_key], stamp: `${trace.trace_key} ${trace.revision}`, session: false };
}

export function loadAt(reader: Reader, address: string, { traceKeys, stamp, session }: TracePlace): Loaded {
  const { originNs, spans, orphans, groups } = session
    ? readSessionFacts(reader, traceKeys)
    : { ...readFacts(reader, traceKeys), orphans: NONE, groups: 0 };
  const tree = buildTree(spans);
  return { address, traceKeys, stamp, originNs, spans, tree, agents: effectiveAgents(spans, tree), orphans, groups };
}

/** Graph, edges and sequence are drawn from the same. */
export function arcsOf(loaded: Loaded, expanded: boolean): Arcs {
  if (loaded.arcs?.expanded !== expanded) {
    loaded.arcs = { expanded, found: findArcs(loaded.spans, { expanded }, loaded.tree, loaded.agents) };
  }
  return loaded.arcs.found;
}
