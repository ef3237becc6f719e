/**
 * Loads the facts of one trace, or of a whole session as one, and runs analysis on them; the result for the newest
 * revision is kept for the next call.
 */
import { AppFailure } from '#shared/result.ts';
import type { HandoffFacts, Origin } from '#shared/answers.ts';
import type { CallCheck, SpanContext } from '#shared/context.ts';
import type { Detection, DetectorEdits, FindingSummary } from '#shared/detect.ts';
import type { EventPage, SpanPreview } from '#shared/event-log.ts';
import type { AgentTable, TraceLanes, TraceWaste } from '#shared/lanes.ts';
import type { ConversationEntry, ConversationPage, EdgeCrossing, GraphEdgeKind } from '#shared/graph.ts';
import type { Sequence } from '#shared/sequence.ts';
import type { ContentView, TraceDetail } from '#shared/trace.ts';
import { SPAN_FLAGS } from '#shared/trace.ts';
import { toColumns } from '../../analysis/columns.ts';
import { conversationTurns, createFolder } from '../../analysis/conversation.ts';
import type { Crossing } from '../../analysis/graph.ts';
import { buildGraph, crossingsOf } from '../../analysis/graph.ts';
import type { LaneFacts } from '../../analysis/lane-views.ts';
import { laneFacts, toAgentTable, toTraceLanes } from '../../analysis/lane-views.ts';
import { buildSequence, pageOf } from '../../analysis/sequence.ts';
import type { OriginQuestion } from '../../analysis/provenance.ts';
import type { Reader } from '../../store/database.ts';
import type { Prices } from '../prices.ts';
import type { Answers } from './answers-view.ts';
import { answersIn, handoffIn, provenanceIn } from './answers-view.ts';
import { callsOf, contextIn } from './context-view.ts';
import { detectIn, summarise } from './detect-view.ts';
import { eventPage, eventsIn, previewsIn } from './event-view.ts';
import type { Loaded } from './load-trace.ts';
import { arcsOf, gone, loadAt, locate } from './load-trace.ts';
import { wasteIn } from './waste-view.ts';
import { getTraceOrSession } from '../../store/session-row.ts';
import { findContents, readContentKeys, readError, viewContents } from '../../store/span-queries.ts';

/** One trace is kept: the one that is open. Graph, conversation and search of a view then share one load. */
export function createTraceViews(prices: Pick<Prices, 'book' | 'estimator'>): {
  readonly open: (reader: Reader, traceId: string) => TraceDetail;
  readonly graph: (reader: Reader, traceId: string, expanded: boolean) => ReturnType<typeof buildGraph>;
  readonly edge: (reader: Reader, edge: EdgeArgs) => { crossings: EdgeCrossing[]; total: number };
  readonly sequence: (reader: Reader, traceId: string, cursor: number, limit: number) => Sequence;
  readonly detect: (reader: Reader, traceId: string, edits?: DetectorEdits) => Detection;
  /** Of a trace that nobody has open: what is kept stays. */
  readonly findings: (reader: Reader, traceId: string) => FindingSummary;
  readonly lanes: (reader: Reader, traceId: string) => TraceLanes;
  readonly agents: (reader: Reader, traceId: string) => AgentTable;
  readonly waste: (reader: Reader, traceId: string) => TraceWaste;
  readonly conversation: (reader: Reader, traceId: string, cursor: number, limit: number) => ConversationPage;
  readonly events: (reader: Reader, traceId: string, cursor: number, limit: number) => EventPage;
  readonly previews: (reader: Reader, traceId: string, spanIds: readonly string[]) => SpanPreview[];
  readonly find: (reader: Reader, traceId: string, text: string) => { spanIds: string[] };
  readonly handoff: (reader: Reader, traceId: string, spanId: string) => HandoffFacts;
  readonly provenance: (reader: Reader, traceId: string, question: OriginQuestion) => Origin;
  readonly context: (reader: Reader, traceId: string, spanId: string) => SpanContext | null;
  readonly calls: (reader: Reader, traceId: string, spanId: string) => CallCheck[];
} {
  let kept: Loaded | null = null;

  function load(reader: Reader, address: string): Loaded {
    const place = locate(reader, address);
    if (kept?.address === address && kept.stamp === place.stamp) return kept;
    kept = loadAt(reader, address, place);
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
    graph(reader, traceId, expanded) {
      const loaded = load(reader, traceId);
      return buildGraph(loaded.spans, { expanded }, prices.estimator(), arcsOf(loaded, expanded));
    },
    edge(reader, args) {
      const loaded = load(reader, args.traceId);
      const expanded = args.expanded === true;
      const crossings = crossingsOf(loaded.spans, { expanded }, args, arcsOf(loaded, expanded));
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
      loaded.sequence ??= buildSequence(loaded.spans, arcsOf(loaded, false));
      return pageOf(loaded.sequence, cursor, limit);
    },
    lanes: (reader, traceId) => toTraceLanes(lanesOf(load(reader, traceId))),
    agents: (reader, traceId) => toAgentTable(lanesOf(load(reader, traceId)), prices.estimator()),
    waste(reader, traceId) {
      const loaded = load(reader, traceId);
      const book = prices.book();
      if (loaded.waste?.book !== book)
        loaded.waste = { book, found: wasteIn(reader, loaded, lanesOf(loaded), prices.estimator()) };
      return loaded.waste.found;
    },
    detect: (reader, traceId, edits) => detectIn(reader, load(reader, traceId), edits).detection,
    findings(reader, traceId) {
      const trace = reader.get<{ revision: number }>('SELECT revision FROM trace WHERE trace_id = ?', [traceId]);
      if (!trace) throw new AppFailure(gone);
      const before = kept;
      const loaded = load(reader, traceId);
      if (before !== null && before.address !== traceId) kept = before;
      return summarise(trace.revision, detectIn(reader, loaded));
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
    events(reader, traceId, cursor, limit) {
      const loaded = load(reader, traceId);
      loaded.events ??= eventsIn(reader, loaded);
      return eventPage(loaded.events, cursor, limit);
    },
    previews(reader, traceId, spanIds) {
      const loaded = load(reader, traceId);
      const byId = (loaded.byId ??= new Map(loaded.spans.map((span) => [span.spanId, span])));
      return previewsIn(reader, (spanId) => byId.get(spanId), spanIds);
    },
    context(reader, traceId, spanId) {
      const loaded = load(reader, traceId);
      return contextIn(reader, loaded, placeOf(loaded, spanId));
    },
    calls(reader, traceId, spanId) {
      const loaded = load(reader, traceId);
      return callsOf(reader, loaded, placeOf(loaded, spanId));
    },
    handoff: (reader, traceId, spanId) => handoffIn(answersOf(reader, load(reader, traceId)), spanId),
    provenance: (reader, traceId, question) => provenanceIn(answersOf(reader, load(reader, traceId)), question),
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

function answersOf(reader: Reader, loaded: Loaded): Answers {
  loaded.answers ??= answersIn(reader, loaded);
  return loaded.answers;
}

function lanesOf(loaded: Loaded): LaneFacts {
  loaded.lanes ??= laneFacts(loaded.spans, loaded.tree, loaded.agents);
  return loaded.lanes;
}

export type EdgeArgs = {
  readonly traceId: string;
  readonly from: string | readonly string[];
  readonly to: string | readonly string[];
  readonly kind: GraphEdgeKind;
  readonly expanded?: boolean;
  readonly limit?: number;
  readonly offset?: number;
};

function absolute(loaded: Loaded, offset: number | null): string | null {
  return loaded.originNs === null || offset === null ? null : (loaded.originNs + BigInt(Math.round(offset))).toString();
}

function placeOf({ spans }: Loaded, spanId: string): number {
  const place = spans.findIndex((span) => span.spanId === spanId);
  if (place < 0) throw new AppFailure({ code: 'not_found', message: 'This span does not exist, or was deleted.' });
  return place;
}
