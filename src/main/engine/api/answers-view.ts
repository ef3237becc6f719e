/** Answers from the contents of a trace: what was read for one question is kept for the next, while the trace is open. */
import type { HandoffFacts, Origin } from '#shared/answers.ts';
import { AppFailure } from '#shared/result.ts';
import { findArcs } from '../../analysis/graph.ts';
import type { Arc } from '../../analysis/graph-arcs.ts';
import { findHandoffFacts } from '../../analysis/handoff-facts.ts';
import type { OriginIndex } from '../../analysis/origin-index.ts';
import { indexOrigins } from '../../analysis/origin-index.ts';
import type { OriginQuestion } from '../../analysis/provenance.ts';
import { findOrigin } from '../../analysis/provenance.ts';
import type { TraceTexts } from '../../analysis/trace-texts.ts';
import { createTexts } from '../../analysis/trace-texts.ts';
import type { Reader } from '../../store/database.ts';
import type { StoredSpanFact } from '../../store/span-queries.ts';
import { readTraceBodies } from '../../store/trace-bodies.ts';

export type Answers = { readonly index: OriginIndex; readonly texts: TraceTexts; readonly arcs: readonly Arc[] };

type Loaded = { readonly traceKeys: readonly number[]; readonly spans: readonly StoredSpanFact[] };

export function answersIn(reader: Reader, { traceKeys, spans }: Loaded): Answers {
  const { of, body, complete } = readTraceBodies(reader, traceKeys);
  const texts = createTexts({ of: (span) => of(spans[span]?.spanKey ?? -1), body, complete });
  const { scene, contacts, arcs } = findArcs(spans, { expanded: false });
  return { index: indexOrigins(scene, contacts, texts), texts, arcs };
}

export function handoffIn({ index, texts, arcs }: Answers, spanId: string): HandoffFacts {
  const found = findHandoffFacts(index, texts, arcs, spanId);
  if (!found) {
    throw new AppFailure({
      code: 'not_found',
      message: 'This span proves no handoff and no call of an agent.',
      hint: 'Select a crossing of an edge in the graph.',
    });
  }
  return found;
}

export function provenanceIn({ index, texts }: Answers, question: OriginQuestion): Origin {
  const found = findOrigin(index, texts, question);
  if (!found) throw new AppFailure({ code: 'not_found', message: 'This span does not exist, or was deleted.' });
  return found;
}
