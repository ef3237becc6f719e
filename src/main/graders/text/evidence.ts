/** Which span a text came from: that of the path in the template, or the one that gave the answer. */
import type { GradeEvidence, Subject, SubjectTrace } from '#shared/grader.ts';
import { parseTemplate } from '../template.ts';

const LONGEST_QUOTE = 400;
const MOST_EVIDENCE = 5;

type Said = { readonly quote: string | null; readonly note: string | null };

/** `quote` is given only where it is literally in the text of the span (without a trace: in the answer). */
export function textEvidence(subject: Subject, template: string, { quote, note }: Said): readonly GradeEvidence[] {
  const spanIds = new Set<string | null>();
  for (const part of parseTemplate(template)) {
    if ('literal' in part || part.path === null) continue;
    const spanId = spanOf(subject, part.path);
    if (spanId !== undefined && spanIds.size < MOST_EVIDENCE) spanIds.add(spanId);
  }
  const found = [...spanIds].map((spanId): GradeEvidence => ({ spanId, quote: quoteIn(subject, spanId, quote), note }));
  return found.filter((each) => each.spanId !== null || each.quote !== null);
}

/** Null = the answer, of no span that is known; undefined = the path is of no span. */
function spanOf(subject: Subject, [namespace, field, index]: readonly (string | number)[]): string | null | undefined {
  const { trace, span, handoff } = subject;
  if (namespace === 'span') return span?.id;
  if (namespace === 'handoff') return handoff?.span_id;
  if (namespace === 'sample') {
    if (field === 'output_tools' && typeof index === 'number') return trace?.tool_calls[index]?.span_id;
    return span ? span.id : trace ? answerSpan(trace) : null;
  }
  if (namespace !== 'trace' || !trace) return undefined;
  if (field === 'output_text') return answerSpan(trace);
  if (typeof index !== 'number') return undefined;
  if (field === 'spans' || field === 'error_spans') return trace[field][index]?.id;
  if (field === 'tool_calls' || field === 'handoffs' || field === 'edges' || field === 'guardrails')
    return trace[field][index]?.span_id;
  return undefined;
}

/** The last span that gave the answer; a model call before the agent around it. */
export function answerSpan({ spans, output_text: answer }: SubjectTrace): string | null {
  if (answer === '') return null;
  let best: string | null = null;
  for (let at = spans.length - 1; at >= 0; at -= 1) {
    const span = spans[at];
    if (!span?.output.includes(answer)) continue;
    if (span.kind === 'generation') return span.id;
    best ??= span.id;
  }
  return best;
}

function quoteIn(subject: Subject, spanId: string | null, quote: string | null): string | null {
  if (quote === null || quote === '' || quote.length > LONGEST_QUOTE) return null;
  const span = subject.span?.id === spanId ? subject.span : subject.trace?.spans.find(({ id }) => id === spanId);
  const texts = spanId === null ? [answerText(subject)] : span ? [span.output, span.input] : [];
  return texts.some((text) => text.includes(quote)) ? quote : null;
}

function answerText({ sample }: Subject): string {
  if (typeof sample !== 'object' || sample === null || !('output_text' in sample)) return '';
  return typeof sample.output_text === 'string' ? sample.output_text : '';
}
