/** Finds what a queue asks for and puts it in its order, in slices: senders are served in between. */
import type { AnnotationRow } from '#shared/annotation.ts';
import { AppFailure } from '#shared/result.ts';
import type { QueueDraft, QueueSource } from '#shared/review.ts';
import { SPAN_KINDS } from '#shared/record.ts';
import type { TraceRow } from '#shared/trace.ts';
import { featuresOf } from '../review/clusters.ts';
import type { Disagreement } from '../review/disagreement.ts';
import { disagreements } from '../review/disagreement.ts';
import { describeKey, pairsOf, taskOf } from '../review/pairs.ts';
import type { Candidate, GraderScore, Known } from '../review/queue-order.ts';
import { orderCandidates } from '../review/queue-order.ts';
import { annotationsOf } from '../store/annotation-queries.ts';
import type { Reader } from '../store/database.ts';
import type { NewItem } from '../store/review-store.ts';
import { firstInput, lastOutput } from '../store/review-texts.ts';
import { escapeLike, getTrace, listTraces, traceKeyOf } from '../store/trace-queries.ts';

/** A queue longer than this is not reviewed by anybody. */
const MOST_ITEMS = 20_000;
const PAGE = 200;
/** Of one trace. */
const ANNOTATIONS = 10_000;

export type Built = { readonly items: readonly NewItem[]; readonly about: string | null };
type Work = {
  readonly reader: Reader;
  readonly signal: AbortSignal;
  readonly progress: (done: number, total: number) => void;
};

export async function buildQueue(
  work: Work,
  draft: Pick<QueueDraft, 'source' | 'task' | 'order' | 'seed' | 'limit'>,
): Promise<Built> {
  const { traces, cut } = await sourceTraces(work, draft.source);
  const found = await findItems(work, traces, draft);
  const most = Math.min(draft.limit ?? MOST_ITEMS, MOST_ITEMS);
  const sentences = [
    found.about,
    cut ? `Only the newest ${MOST_ITEMS} traces were looked at.` : null,
    found.items.length > most ? `The first ${most} of ${found.items.length} are in the queue.` : null,
  ].filter((sentence) => sentence !== null);
  return { items: found.items.slice(0, most), about: sentences.length === 0 ? null : sentences.join(' ') };
}

async function findItems(
  work: Work,
  traces: readonly TraceRow[],
  { task, order, seed }: Pick<QueueDraft, 'task' | 'order' | 'seed'>,
): Promise<Built> {
  if (task.kind === 'pair') {
    const keyed = await slices(work, traces, (trace, key) => ({
      traceId: trace.id,
      key:
        task.by === 'task'
          ? taskOf(trace.metadata)
          : task.by === 'workflow'
            ? trace.workflow
            : firstInput(work.reader, key),
    }));
    const pairs = pairsOf(keyed, seed);
    return {
      items: pairs.map(({ left, right }) => item({ traceId: left, spanId: null }, { otherTraceId: right })),
      about: pairs.length === 0 ? `No two of these traces have ${describeKey(task.by)}.` : null,
    };
  }
  if (task.kind === 'adjudicate') {
    const disputes = (
      await slices(work, traces, (_, key) => disputesOf(annotationsOf(work.reader, [key], ANNOTATIONS)))
    ).flat();
    return {
      items: disputes,
      about: disputes.length === 0 ? 'Nobody has said different things of the same thing.' : null,
    };
  }
  const candidates: (Candidate & { readonly known: Known })[] = (
    await slices(work, traces, (trace, key) => {
      const spans =
        task.kind === 'trace'
          ? [{ spanId: null, name: trace.name, agent: null, tool: null }]
          : spansOf(work.reader, key, task);
      if (spans.length === 0) return [];
      const knowledge = knowledgeOf(work.reader, trace, key, order);
      return spans.map((span) => ({ traceId: trace.id, spanId: span.spanId, known: knowledge(span) }));
    })
  )
    .flat()
    .slice(0, MOST_ITEMS);
  const ordered = orderCandidates(
    order,
    candidates.map(({ known }) => known),
    seed,
  );
  return {
    items: ordered.order.flatMap((at) => {
      const candidate = candidates[at];
      return candidate ? [item(candidate, { why: ordered.why.get(at) ?? null })] : [];
    }),
    about: candidates.length === 0 ? 'No span of these traces fits.' : ordered.about,
  };
}

type Piece = {
  readonly spanId: string | null;
  readonly name: string;
  readonly agent: string | null;
  readonly tool: string | null;
};

/** What an order must know of the trace as a whole, or of one of its spans. */
function knowledgeOf(
  reader: Reader,
  trace: TraceRow,
  key: number,
  order: QueueDraft['order'],
): (piece: Piece) => Known {
  switch (order) {
    case 'oldest':
    case 'random':
      return () => ({});
    case 'disagreement': {
      const rows = annotationsOf(reader, [key], ANNOTATIONS);
      const spansOfAnnotation = new Map(rows.map(({ id, place }) => [id, 'spanId' in place ? place.spanId : null]));
      const found = disagreements(rows);
      return ({ spanId }) => ({
        disagreement:
          found.find(({ ids }) => spanId === null || ids.some((id) => spansOfAnnotation.get(id) === spanId)) ?? null,
      });
    }
    case 'uncertainty': {
      const scores = scoresOf(reader, key);
      return ({ spanId }) => ({ scores: scores.filter((score) => spanId === null || score.spanId === spanId) });
    }
    case 'clusters':
      return ({ spanId, name, agent, tool }) => {
        const text = lastOutput(reader, key, spanId) ?? '';
        if (spanId === null) return { features: featuresOf({ agents: trace.agents, tools: trace.tools, name, text }) };
        const own = { agents: agent === null ? [] : [agent], tools: tool === null ? [] : [tool] };
        return { features: featuresOf({ ...own, name, text }) };
      };
  }
}

function spansOf(reader: Reader, key: number, task: Extract<QueueDraft['task'], { kind: 'span' }>): Piece[] {
  const where = ['trace_key = ?'];
  const params: (number | string)[] = [key];
  function narrow(sql: string, value: number | string | null): void {
    if (value === null) return;
    where.push(sql);
    params.push(value);
  }
  narrow('kind = ?', task.spanKind === null ? null : SPAN_KINDS.indexOf(task.spanKind));
  narrow('agent = ?', task.agent);
  narrow("name LIKE ? ESCAPE '\\'", task.text === null ? null : `%${escapeLike(task.text)}%`);
  return reader
    .rows<[string, string, string | null, string | null]>(
      `SELECT span_id, name, agent, tool FROM span WHERE ${where.join(' AND ')} ORDER BY start_ns, span_key LIMIT ${MOST_ITEMS}`,
      params,
    )
    .map(([spanId, name, agent, tool]) => ({ spanId, name, agent, tool }));
}

function scoresOf(reader: Reader, key: number): (GraderScore & { readonly spanId: string })[] {
  return reader
    .rows<[string, string, number, number | null]>(
      'SELECT span_id, name, value, passed FROM score WHERE trace_key = ? AND value IS NOT NULL',
      [key],
    )
    .map(([spanId, name, value, passed]) => ({ spanId, name, value, passed: passed === null ? null : passed === 1 }));
}

/** Annotations in conflict with themselves first, then what several say differently. */
function disputesOf(rows: readonly AnnotationRow[]): NewItem[] {
  const spans = new Map(rows.map(({ id, place }) => [id, 'spanId' in place ? place.spanId : null]));
  const conflicts = rows
    .filter(({ conflict }) => conflict)
    .map(({ traceId, id }) =>
      item(
        { traceId, spanId: spans.get(id) ?? null },
        { annotationIds: [id], why: 'Two people edited it at the same time.' },
      ),
    );
  const differing = disagreements(rows).map(({ traceId, ids, what }: Disagreement) =>
    item(
      { traceId, spanId: ids.map((id) => spans.get(id) ?? null).find((spanId) => spanId !== null) ?? null },
      { annotationIds: ids, why: `People differ on ${what}.` },
    ),
  );
  return [...conflicts, ...differing];
}

function item({ traceId, spanId }: Candidate, more: Partial<NewItem>): NewItem {
  return { traceId, spanId, otherTraceId: null, annotationIds: [], why: null, ...more };
}

/** The oldest first. */
async function sourceTraces(
  work: Work,
  source: QueueSource,
): Promise<{ readonly traces: readonly TraceRow[]; readonly cut: boolean }> {
  if (source.kind === 'traces') {
    const rows: TraceRow[] = [];
    for (let at = 0; at < source.traceIds.length; at++) {
      const row = getTrace(work.reader, source.traceIds[at] ?? '');
      if (row) rows.push(row);
      if (at % PAGE === PAGE - 1) await breathe(work.signal);
    }
    const start = ({ startNs, lastReceivedAt }: TraceRow): bigint => BigInt(startNs ?? `${lastReceivedAt}000000`);
    return {
      traces: rows.sort((a, b) => (start(a) < start(b) ? -1 : start(a) > start(b) ? 1 : a.id < b.id ? -1 : 1)),
      cut: false,
    };
  }
  const rows: TraceRow[] = [];
  let cursor: string | null = null;
  do {
    const page = listTraces(work.reader, {
      limit: PAGE,
      ...(source.query === '' ? {} : { query: source.query }),
      ...(cursor === null ? {} : { cursor }),
    });
    rows.push(...page.rows);
    cursor = page.nextCursor;
    await breathe(work.signal);
  } while (cursor !== null && rows.length < MOST_ITEMS);
  return { traces: rows.reverse(), cut: cursor !== null };
}

/** In turn, some milliseconds at a time. */
async function slices<T>(
  { reader, signal, progress }: Work,
  traces: readonly TraceRow[],
  look: (trace: TraceRow, traceKey: number) => T,
): Promise<T[]> {
  const results: T[] = [];
  let begun = performance.now();
  for (const [at, trace] of traces.entries()) {
    const key = traceKeyOf(reader, trace.id);
    if (key !== null) results.push(look(trace, key));
    if (performance.now() - begun < 8) continue;
    progress(at + 1, traces.length);
    await breathe(signal);
    begun = performance.now();
  }
  return results;
}

async function breathe(signal: AbortSignal): Promise<void> {
  if (signal.aborted) throw new AppFailure({ code: 'cancelled', message: 'Cancelled.' });
  await new Promise((resolve) => setImmediate(resolve));
}
