/** Loads the facts of one trace and runs analysis on them; the result for the newest trace revision is kept for the next call. */
import { AppFailure } from '#shared/result.ts';
import type { ConversationEntry, ConversationPage, EdgeCrossing, GraphEdgeKind } from '#shared/graph.ts';
import type { ContentView, TraceDetail } from '#shared/trace.ts';
import type { EffectiveAgents } from '../../analysis/agents.ts';
import { effectiveAgents } from '../../analysis/agents.ts';
import { toColumns } from '../../analysis/columns.ts';
import { conversationTurns, createFolder } from '../../analysis/conversation.ts';
import type { Crossing } from '../../analysis/graph.ts';
import { buildGraph, crossingsOf } from '../../analysis/graph.ts';
import type { SpanTree } from '../../analysis/tree.ts';
import { buildTree } from '../../analysis/tree.ts';
import type { Reader } from '../../store/database.ts';
import type { StoredSpanFact } from '../../store/span-queries.ts';
import { findContents, getSpan, readContentKeys, readFacts, viewContents } from '../../store/span-queries.ts';
import { getTrace, traceKeyOf } from '../../store/trace-queries.ts';

type Loaded = {
  readonly traceKey: number;
  readonly revision: number;
  readonly originNs: bigint | null;
  readonly spans: readonly StoredSpanFact[];
  readonly tree: SpanTree;
  readonly agents: EffectiveAgents;
};

const gone = {
  code: 'not_found',
  message: 'This trace does not exist, or was deleted.',
  hint: 'Go back to Traces.',
} as const;

/** One trace is kept: the one that is open. Graph, conversation and search of a view then share one load. */
export function createTraceViews(): {
  readonly open: (reader: Reader, traceId: string) => TraceDetail;
  readonly graph: (reader: Reader, traceId: string, expanded: boolean) => ReturnType<typeof buildGraph>;
  readonly edge: (reader: Reader, edge: EdgeArgs) => { crossings: EdgeCrossing[]; total: number };
  readonly conversation: (reader: Reader, traceId: string, cursor: number, limit: number) => ConversationPage;
  readonly find: (reader: Reader, traceId: string, text: string) => { spanIds: string[] };
} {
  let kept: Loaded | null = null;

  function load(reader: Reader, traceId: string): Loaded {
    const traceKey = traceKeyOf(reader, traceId);
    if (traceKey === null) throw new AppFailure(gone);
    const revision =
      reader.get<{ revision: number }>('SELECT revision FROM trace WHERE trace_key = ?', [traceKey])?.revision ?? 0;
    if (kept?.traceKey === traceKey && kept.revision === revision) return kept;
    const facts = readFacts(reader, traceKey);
    const tree = buildTree(facts.spans);
    kept = {
      traceKey,
      revision,
      originNs: facts.originNs,
      spans: facts.spans,
      tree,
      agents: effectiveAgents(facts.spans, tree),
    };
    return kept;
  }

  return {
    open(reader, traceId) {
      const trace = getTrace(reader, traceId);
      if (!trace) throw new AppFailure(gone);
      const loaded = load(reader, traceId);
      // The row may be a moment behind what has arrived; the view shows what has.
      const startNs = trace.startNs ?? loaded.originNs?.toString() ?? null;
      return {
        trace: { ...trace, startNs, spans: loaded.spans.length },
        columns: toColumns(loaded.spans, loaded.tree, loaded.agents),
      };
    },
    graph: (reader, traceId, expanded) => buildGraph(load(reader, traceId).spans, { expanded }),
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
      const keys = readContentKeys(reader, loaded.traceKey);
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
    conversation(reader, traceId, cursor, limit) {
      const loaded = load(reader, traceId);
      const turns = conversationTurns(loaded.spans, loaded.tree, loaded.agents);
      const keys = readContentKeys(reader, loaded.traceKey);
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
          error: span.status === 'error' ? errorText(reader, traceId, span.spanId) : null,
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
      const contents = findContents(reader, loaded.traceKey, text);
      const keys = contents.size > 0 ? readContentKeys(reader, loaded.traceKey) : new Map<number, never>();
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

function errorText(reader: Reader, traceId: string, spanId: string): string | null {
  return getSpan(reader, traceId, spanId)?.error?.message ?? null;
}
