/** Patterns: read, and looked for in many traces. A search answers in parts, so that who asks can stop and show how far it is. */
import { createMatcher } from '#shared/pattern-match.ts';
import { parsePattern } from '#shared/pattern-parse.ts';
import type { PatternPage } from '#shared/pattern.ts';
import type { SubjectEdge } from '#shared/grader.ts';
import { AppFailure } from '#shared/result.ts';
import { subjectEdges } from '../../analysis/crossings.ts';
import type { Reader } from '../../store/database.ts';
import { cursorBehind, listTraces } from '../../store/trace-queries.ts';
import { arcsOf, loadAt, locate } from './load-trace.ts';
import type { DomainHandlers } from './types.ts';

/** How long one part may take; one trace at least is looked at. */
const PART_MS = 250;
const MOST_FOUND = 500;
const MOST_EVIDENCE = 100;
const PAGE = 100;
/** A cancelled search ends within this. */
const BREATH_MS = 25;

export const patternReads: DomainHandlers<'pattern'> = {
  'pattern.parse': (_context, { text }) => parsePattern(text),
  'pattern.search': async ({ reader, signal }, { pattern: text, query, cursor, limit }): Promise<PatternPage> => {
    const { pattern, problems } = parsePattern(text);
    if (!pattern)
      throw new AppFailure({
        code: 'bad_request',
        message: problems[0]?.message ?? 'The pattern is not understood.',
        hint: 'Such as: Planner hands to Researcher, Researcher calls search 3 or more times.',
      });
    const matches = createMatcher(pattern);
    const most = Math.max(1, Math.min(limit ?? MOST_FOUND, MOST_FOUND));
    const begun = performance.now();
    let breath = -Infinity;
    let looked = 0;
    let total: number | null | undefined;
    const traces: PatternPage['traces'][number][] = [];
    for (let from = cursor; ;) {
      const page = listTraces(reader, {
        limit: PAGE,
        ...(query === undefined ? {} : { query }),
        ...(from === undefined ? {} : { cursor: from }),
      });
      total ??= page.total;
      for (const [k, { id }] of page.rows.entries()) {
        const edges = edgesOf(reader, id);
        const match = edges && matches(edges);
        looked++;
        if (match?.found) traces.push({ traceId: id, spanIds: [...new Set(match.spanIds)].slice(0, MOST_EVIDENCE) });
        const now = performance.now();
        const isLast = k === page.rows.length - 1;
        if (traces.length >= most || (now - begun > PART_MS && !(isLast && page.nextCursor === null))) {
          const nextCursor = isLast ? page.nextCursor : cursorBehind(reader, id);
          return { traces, looked, total: total ?? null, nextCursor };
        }
        if (now - breath < BREATH_MS) continue;
        await new Promise((resolve) => setImmediate(resolve));
        if (signal.aborted) throw new AppFailure({ code: 'cancelled', message: 'Cancelled.' });
        breath = performance.now();
      }
      if (page.nextCursor === null) return { traces, looked, total: total ?? null, nextCursor: null };
      from = page.nextCursor;
    }
  },
};

/** Null when the trace was deleted meanwhile. */
function edgesOf(reader: Reader, traceId: string): SubjectEdge[] | null {
  try {
    return subjectEdges(arcsOf(loadAt(reader, traceId, locate(reader, traceId)), false));
  } catch (cause) {
    if (cause instanceof AppFailure && cause.error.code === 'not_found') return null;
    throw cause;
  }
}
