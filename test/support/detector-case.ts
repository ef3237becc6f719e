/** Traces for tests of detectors, by hand: spans with what they read and wrote. */
import type { Json } from '#shared/json.ts';
import type { ContentItem, MessagePart } from '#shared/message.ts';
import type { DetectorEdits, Finding } from '#shared/detect.ts';
import { detectFaults } from '../../src/main/analysis/detectors/detect.ts';
import type { Contents } from '../../src/main/analysis/detectors/types.ts';
import type { SpanFact } from '../../src/main/analysis/types.ts';
import { fact } from './span-facts.ts';

export type CaseSpan = SpanFact & {
  readonly input?: readonly ContentItem[];
  readonly output?: readonly ContentItem[];
  readonly error?: string;
  readonly callId?: string;
};

export function say(role: string, content: string, rest: { finishReason?: string } = {}): ContentItem {
  return { kind: 'message', role, parts: [{ type: 'text', content }], ...rest };
}

export function ask(...calls: readonly { id?: string; name: string; arguments: Json }[]): ContentItem {
  const parts = calls.map(({ id, ...call }): MessagePart => ({ type: 'tool_call', id: id ?? null, ...call }));
  return { kind: 'message', role: 'assistant', parts };
}

export function answer(id: string, response: Json): ContentItem {
  return { kind: 'message', role: 'tool', parts: [{ type: 'tool_call_response', id, response }] };
}

export const json = (value: Json): ContentItem => ({ kind: 'json', value });
export const text = (value: string): ContentItem => ({ kind: 'text', text: value });

/** Seconds of a made trace, in the nanoseconds of facts. */
export const SECOND = 1e9;

/** Spans inside one agent, a second each, in the order given. */
export function inAgent(name: string, spans: readonly (Partial<CaseSpan> & { readonly spanId: string })[]): CaseSpan[] {
  const agent = fact(`agent ${name}`, {
    kind: 'agent',
    name,
    agent: name,
    start: 0,
    end: (spans.length + 1) * SECOND,
  });
  return [agent, ...spans.map((span, k) => placed(span, agent.spanId, k))];
}

function placed(span: Partial<CaseSpan> & { readonly spanId: string }, parentId: string, k: number): CaseSpan {
  const times = { start: (k + 1) * SECOND, end: (k + 1) * SECOND + SECOND / 2 };
  return { ...fact(span.spanId, { parentId, ...times, seq: k + 1 }), ...span };
}

export function contentsOf(spans: readonly CaseSpan[], toolDefinitions: readonly Json[] = []): Contents {
  const items: ContentItem[] = [];
  const known = new Map<string, number>();
  const keyOf = (item: ContentItem): number => {
    const body = JSON.stringify(item);
    const key = known.get(body) ?? items.push(item) - 1;
    known.set(body, key);
    return key;
  };
  const all = spans.map(({ input = [], output = [], error, callId = null }) => ({
    input: input.map(keyOf),
    output: output.map(keyOf),
    error: error === undefined ? null : keyOf(json({ type: null, message: error })),
    callId,
  }));
  return {
    of: (span) => all[span] ?? { input: [], output: [], error: null, callId: null },
    item: (key) => items[key] ?? null,
    toolDefinitions,
  };
}

export function findings(
  spans: readonly CaseSpan[],
  options: { readonly tools?: readonly Json[]; readonly edits?: DetectorEdits } = {},
): readonly Finding[] {
  return detectFaults(spans, contentsOf(spans, options.tools), options.edits).findings;
}

/** Findings of one detector as `severity agent spans`. */
export function found(
  detector: string,
  spans: readonly CaseSpan[],
  options: { readonly tools?: readonly Json[]; readonly edits?: DetectorEdits } = {},
): string[] {
  return findings(spans, options)
    .filter((finding) => finding.detector === detector)
    .map(({ severity, agent, spanIds }) => `${severity} ${agent ?? '-'} ${spanIds.join(' ')}`);
}
