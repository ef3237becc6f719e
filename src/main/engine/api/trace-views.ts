/**
 * Loads the facts of one trace, or of a whole session as one, and runs analysis on them; the result for the newest
 * revision is kept for the next call.
 */
import { AppFailure } from '#shared/result.ts';
import type { Detection } from '#shared/detect.ts';
import type { AgentTable, TraceLanes, TraceWaste } from '#shared/lanes.ts';
import type { ConversationEntry, ConversationPage, EdgeCrossing, GraphEdgeKind } from '#shared/graph.ts';
import type { Sequence } from '#shared/sequence.ts';
import type { ContentView, TraceDetail } from '#shared/trace.ts';
import { SPAN_FLAGS } from '#shared/trace.ts';
import type { EffectiveAgents } from '../../analysis/agents.ts';
import { effectiveAgents } from '../../analysis/agents.ts';
import { toColumns } from '../../analysis/columns.ts';
import { conversationTurns, createFolder } from '../../analysis/conversation.ts';
import { detectFaults } from '../../analysis/detectors/detect.ts';
import type { Crossing } from '../../analysis/graph.ts';
import { buildGraph, crossingsOf } from '../../analysis/graph.ts';
import type { LaneFacts } from '../../analysis/lane-views.ts';
import { laneFacts, toAgentTable, toTraceLanes } from '../../analysis/lane-views.ts';
import type { WholeSequence } from '../../analysis/sequence.ts';
import { buildSequence, pageOf } from '../../analysis/sequence.ts';
import type { SpanTree } from '../../analysis/tree.ts';
import { buildTree } from '../../analysis/tree.ts';
import type { Reader } from '../../store/database.ts';
import { readDetectorContents } from '../../store/detector-contents.ts';
import type { Prices } from '../prices.ts';
import { wasteIn } from './waste-view.ts';
import type { StoredSpanFact } from '../../store/span-queries.ts';
import { readSessionFacts, sessionAt, sessionKeys } from '../../store/session-facts.ts';
import { getTraceOrSession } from '../../store/session-row.ts';
import { findContents, readContentKeys, readError, readFacts, viewContents } from '../../store/span-queries.ts';

type Loaded = {
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
  detection?: Detection;
  lanes?: LaneFacts;
  waste?: TraceWaste;
};

const NONE: ReadonlySet<string> = new Set();

const gone = {
  code: 'not_found',
  message: 'This trace does not exist, or was deleted.',
  hint: 'Go back to Traces.',
} as const;

/** One trace is kept: the one that is open. Graph, conversation and search of a view then share one load. */
export function createTraceViews(prices: Pick<Prices, 'estimator'>): {
  readonly open: (reader: Reader, traceId: string) => TraceDetail;
  readonly graph: (reader: Reader, traceId: string, expanded: boolean) => ReturnType<typeof buildGraph>;
  readonly edge: (reader: Reader, edge: EdgeArgs) => { crossings: EdgeCrossing[]; total: number };
  readonly sequence: (reader: Reader, traceId: string, cursor: number, limit: number) => Sequence;
  readonly detect: (reader: Reader, traceId: string) => Detection;
  readonly lanes: (reader: Reader, traceId: string) => TraceLanes;
  readonly agents: (reader: Reader, traceId: string) => AgentTable;
  readonly waste: (reader: Reader, traceId: string) => TraceWaste;
  readonly conversation: (reader: Reader, traceId: string, cursor: number, limit: number) => ConversationPage;
  readonly find: (reader: Reader, traceId: string, text: string) => { spanIds: string[] };
} {
  let kept: Loaded | null = null;

  function load(reader: Reader, address: string): Loaded {
    const { traceKeys, stamp, session } = locate(reader, address);
    if (kept?.address === address && kept.stamp === stamp) return kept;
    const { originNs, spans, orphans, groups } = session
      ? readSessionFacts(reader, traceKeys)
      : { ...readFacts(reader, traceKeys), orphans: NONE, groups: 0 };
    const tree = buildTree(spans);
    kept = { address, traceKeys, stamp, originNs, spans, tree, agents: effectiveAgents(spans, tree), orphans, groups };
    return kept;
  }

  return {
    open(reader, traceId) {
      const trace = getTraceOrSession(reader, traceId);
      if (!trace) throw new AppFailure(gone);
      const loaded = load(reader, traceId);
      // The row may be a moment behind what has arrived; the view shows what has.
      const startNs = trace.startNs ?? loaded.originNs?.toString() ?? null;
      const columns = toColumns(loaded.spans, loaded.tree, loaded.agents, prices.estimator());
      if (loaded.orphans.size > 0) {
        columns.ids.forEach((id, row) => {
          if (loaded.orphans.has(id)) columns.flags[row] = (columns.flags[row] ?? 0) | SPAN_FLAGS.missingParent;
        });
      }
      return { trace: { ...trace, startNs, spans: loaded.spans.length - loaded.groups }, columns };
    },
    graph: (reader, traceId, expanded) => buildGraph(load(reader, traceId).spans, { expanded }, prices.estimator()),
    edge(reader, args) {
      const loaded = load(reader, args.traceId);
      const crossings = crossingsOf(loaded.spans, { expanded: args.expanded === true }, args);
      if (crossings.length === 0) {
        throw new AppFailure({
          code: 'not_found',
          message: 'This edge is no longer in the graph.',
          hint: 'Select another one.',
        });
      }
      const offset = args.offset ?? 0;
      const page = crossings.slice(offset, offset + Math.min(args.limit ?? 50, 500));
      const keys = readContentKeys(reader, loaded.traceKeys);
      const bySpanId = new Map(loaded.spans.map((span) => [span.spanId, span]));
      function contents(places: Crossing['passed']): ContentView[] {
        for (const { spanId, side } of places) {
          const span = bySpanId.get(spanId);
          const found = span ? (keys.get(span.spanKey)?.[side] ?? []) : [];
          if (found.length > 0) return viewContents(reader, found);
        }
        return [];
      }
      return {
        total: crossings.length,
        crossings: page.map((crossing) => {
          const evidence = bySpanId.get(crossing.spanId);
          return {
            spanId: crossing.spanId,
            startNs: absolute(loaded, evidence?.start ?? null),
            label: crossing.label,
            status: evidence?.status ?? 'unset',
            passed: contents(crossing.passed),
            returned: contents(crossing.returned),
          };
        }),
      };
    },
    sequence(reader, traceId, cursor, limit) {
      const loaded = load(reader, traceId);
      loaded.sequence ??= buildSequence(loaded.spans);
      return pageOf(loaded.sequence, cursor, limit);
    },
    lanes: (reader, traceId) => toTraceLanes(lanesOf(load(reader, traceId))),
    agents: (reader, traceId) => toAgentTable(lanesOf(load(reader, traceId)), prices.estimator()),
    waste(reader, traceId) {
      const loaded = load(reader, traceId);
      loaded.waste ??= wasteIn(reader, loaded, lanesOf(loaded), prices.estimator());
      return loaded.waste;
    },
    detect(reader, traceId) {
      const loaded = load(reader, traceId);
      loaded.detection ??= detectIn(reader, loaded);
      return loaded.detection;
    },
    conversation(reader, traceId, cursor, limit) {
      const loaded = load(reader, traceId);
      const turns = conversationTurns(loaded.spans, loaded.tree, loaded.agents);
      const keys = readContentKeys(reader, loaded.traceKeys);
      const fold = createFolder();
      const entries: ConversationEntry[] = [];
      const end = Math.min(turns.length, cursor + limit);
      // Folding needs the turns before the page; only the page's contents are read.
      for (let position = 0; position < end; position++) {
        const turn = turns[position];
        const span = turn ? loaded.spans[turn.index] : undefined;
        if (!turn || !span) continue;
        const content = keys.get(span.spanKey) ?? { input: [], output: [], error: null };
        const folded = fold(turn, content.input, content.output);
        if (position < cursor) continue;
        entries.push({
          spanId: span.spanId,
          agent: turn.agent,
          kind: turn.kind,
          name: span.name,
          depth: turn.depth,
          startNs: absolute(loaded, span.start),
          status: span.status,
          error: span.status === 'error' && content.error !== null ? readError(reader, content.error).message : null,
          input: viewContents(reader, folded.input),
          repeated: folded.repeated,
          output: viewContents(reader, content.output),
        });
      }
      return { entries, nextCursor: end < turns.length ? end : null, total: turns.length };
    },
    find(reader, traceId, text) {
      const loaded = load(reader, traceId);
      const wanted = text.toLowerCase();
      if (wanted === '') return { spanIds: [] };
      const contents = findContents(reader, loaded.traceKeys, text);
      const keys = contents.size > 0 ? readContentKeys(reader, loaded.traceKeys) : new Map<number, never>();
      const spanIds: string[] = [];
      for (const index of loaded.tree.order) {
        const span = loaded.spans[index];
        if (!span) continue;
        const named = [span.name, span.agent, span.tool, span.model].some((name) =>
          name?.toLowerCase().includes(wanted),
        );
        const content = keys.get(span.spanKey);
        const held =
          content !== undefined &&
          [...content.input, ...content.output, ...(content.error === null ? [] : [content.error])].some((key) =>
            contents.has(key),
          );
        if (named || held) spanIds.push(span.spanId);
      }
      return { spanIds };
    },
  };
}

function lanesOf(loaded: Loaded): LaneFacts {
  loaded.lanes ??= laneFacts(loaded.spans, loaded.tree, loaded.agents);
  return loaded.lanes;
}

function detectIn(reader: Reader, { traceKeys, spans, tree, agents }: Loaded): Detection {
  const { of, item, toolDefinitions, leftOut } = readDetectorContents(reader, traceKeys);
  const contents = { of: (span: number) => of(spans[span]?.spanKey ?? -1), item, toolDefinitions };
  const found = detectFaults(spans, contents, {}, tree, agents);
  return { ...found, complete: leftOut === 0 };
}

export type EdgeArgs = {
  readonly traceId: string;
  readonly from: string;
  readonly to: string;
  readonly kind: GraphEdgeKind;
  readonly expanded?: boolean;
  readonly limit?: number;
  readonly offset?: number;
};

function absolute(loaded: Loaded, offset: number | null): string | null {
  return loaded.originNs === null || offset === null ? null : (loaded.originNs + BigInt(Math.round(offset))).toString();
}

function locate(reader: Reader, address: string): { traceKeys: number[]; stamp: string; session: boolean } {
  const session = sessionAt(reader, address);
  if (session !== null) return { ...sessionKeys(reader, session), session: true };
  const trace = reader.get<{ trace_key: number; revision: number }>(
    'SELECT trace_key, revision FROM trace WHERE trace_id = ?',
    [address],
  );
  if (!trace) throw new AppFailure(gone);
  return { traceKeys: [trace.trace_key], stamp: `${trace.trace_key} ${trace.revision}`, session: false };
}
