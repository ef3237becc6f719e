/** Which spans of a trace the ledger names, by what their facts alone say. */
import { at } from './at.ts';
import type { SpanFact } from './types.ts';

/** Nanoseconds. Some SDKs round times to milliseconds: a child may seem to start up to one before its parent. */
const SKEW_TOLERANCE = 2_000_000;

/** Dialects of spans that fit no known convention, or were made from messages. */
const GUESSED = new Set(['generic', 'messages']);

export function isGuessed(dialect: string): boolean {
  return GUESSED.has(dialect);
}

export type SpanLedger = {
  readonly spans: number;
  readonly understood: number;
  readonly guessed: number;
  /** Made by us, not received. */
  readonly made: number;
  readonly orphaned: readonly string[];
  readonly skewed: readonly string[];
};

export function ledgerOf(spans: readonly SpanFact[]): SpanLedger {
  const indexOf = new Map(spans.map((span, index) => [span.spanId, index]));
  let guessed = 0;
  let made = 0;
  const orphaned: string[] = [];
  const skewed: string[] = [];
  for (const span of spans) {
    if (isGuessed(span.dialect)) guessed++;
    if (span.dialect === 'messages') made++;
    const parentIndex = span.parentId === null ? undefined : indexOf.get(span.parentId);
    const parent = parentIndex === undefined ? null : at(spans, parentIndex);
    if (span.parentId !== null && parent === null && span.dialect !== 'messages') orphaned.push(span.spanId);
    if (isSkewed(span, parent)) skewed.push(span.spanId);
  }
  return { spans: spans.length, understood: spans.length - guessed, guessed, made, orphaned, skewed };
}

function isSkewed(span: SpanFact, parent: SpanFact | null): boolean {
  if (span.start === null) return false;
  if (span.end !== null && span.end < span.start) return true;
  return parent?.start !== undefined && parent.start !== null && span.start < parent.start - SKEW_TOLERANCE;
}
