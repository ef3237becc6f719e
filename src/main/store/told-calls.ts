/** Rows of `told_call`, and the spans that were made from them. */
import type { ContentItem, MessagePart } from '#shared/message.ts';
import { unpackKeys } from './content-keys.ts';
import type { Reader, Writer } from './database.ts';
import { getContent } from './span-queries.ts';

export const MESSAGES_DIALECT = 'messages';
/** Longer ids are not followed; a message may hold any number of calls, those beyond are left to the message. */
const ID_LENGTH = 512;
const CALLS_PER_MESSAGE = 256;

/** Notes the calls and results of a message that is new in the trace. */
export function tellCalls(writer: Writer, traceKey: number, contentKey: number, item: ContentItem): void {
  if (item.kind !== 'message') return;
  let told = 0;
  for (const part of item.parts) {
    if (part.type !== 'tool_call' && part.type !== 'tool_call_response') continue;
    if (part.id === null || part.id === '' || part.id.length > ID_LENGTH || told++ >= CALLS_PER_MESSAGE) continue;
    writer.run(
      'INSERT INTO told_call (trace_key, content_key, call_id, is_result, name) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
      part.type === 'tool_call'
        ? [traceKey, contentKey, part.id, 0, part.name.slice(0, ID_LENGTH)]
        : [traceKey, contentKey, part.id, 1, null],
    );
  }
}

/** A call that one message makes and another answers; content keys of all messages that tell it, the same first in any order of arrival. */
export type ToldCall = {
  readonly id: string;
  readonly name: string;
  readonly calledIn: readonly number[];
  readonly answeredIn: readonly number[];
};

export function answeredCalls(reader: Reader, traceKey: number): ToldCall[] {
  const found = new Map<string, { id: string; name: string; calledIn: number[]; answeredIn: number[] }>();
  const rows = reader.rows<[string, number, number, string | null]>(
    `SELECT call_id, content_key, is_result, name FROM told_call JOIN content USING (content_key)
      WHERE trace_key = ? ORDER BY call_id, content.hash`,
    [traceKey],
  );
  for (const [id, contentKey, isResult, name] of rows) {
    const call = found.get(id) ?? { id, name: '', calledIn: [], answeredIn: [] };
    found.set(id, call);
    if (isResult === 1) call.answeredIn.push(contentKey);
    else call.calledIn.push(contentKey);
    if (call.name === '' && name !== null) call.name = name;
  }
  return [...found.values()].filter((call) => call.calledIn.length > 0 && call.answeredIn.length > 0);
}

export type CallPart = Extract<MessagePart, { type: 'tool_call' }>;
export type AnswerPart = Extract<MessagePart, { type: 'tool_call_response' }>;

export function callIn(reader: Reader, contentKey: number, id: string): CallPart | null {
  return (
    partsIn(reader, contentKey).find((part): part is CallPart => part.type === 'tool_call' && part.id === id) ?? null
  );
}

export function answerIn(reader: Reader, contentKey: number, id: string): AnswerPart | null {
  return (
    partsIn(reader, contentKey).find(
      (part): part is AnswerPart => part.type === 'tool_call_response' && part.id === id,
    ) ?? null
  );
}

function partsIn(reader: Reader, contentKey: number): readonly MessagePart[] {
  const item = getContent(reader, contentKey);
  return item?.kind === 'message' ? item.parts : [];
}

export type DoneCall = {
  /** Nanoseconds since the Unix epoch, in as many digits as a double has: only for order. */
  readonly start: number | null;
  readonly callId: string | null;
  readonly names: readonly string[];
  readonly handoff: boolean;
};

const HANDOFF_KIND = 3;

/** The tools, handoffs and agents that the trace has spans for: whatever may be what a call led to. */
export function doneCalls(reader: Reader, traceKey: number): DoneCall[] {
  return reader
    .rows<[number | null, number, string | null, string | null, string, string | null]>(
      `SELECT s.start_ns, s.kind, s.tool, s.agent, s.name, b.tool_call_id FROM span s JOIN span_body b USING (span_key) JOIN origin o USING (origin_key)
        WHERE s.trace_key = ? AND s.kind IN (0, 2, 3) AND o.dialect <> '${MESSAGES_DIALECT}'`,
      [traceKey],
    )
    .map(([start, kind, tool, agent, name, callId]) => ({
      start,
      callId,
      names: [tool, agent, name].filter((text) => text !== null),
      handoff: kind === HANDOFF_KIND,
    }));
}

/** A model call, with the keys of what it read and wrote. */
export type Generation = {
  readonly spanKey: number;
  readonly spanId: string;
  readonly parentId: string | null;
  readonly start: bigint | null;
  readonly end: bigint | null;
  readonly rawKey: number;
  readonly input: readonly number[];
  readonly output: readonly number[];
};

export function generationsOf(reader: Reader, traceKey: number): Generation[] {
  return reader
    .rows<[number, string, string | null, string | null, string | null, number, Uint8Array, Uint8Array]>(
      `SELECT s.span_key, s.span_id, s.parent_id, CAST(s.start_ns AS TEXT), CAST(s.end_ns AS TEXT), s.raw_key, b.input, b.output
         FROM span s JOIN span_body b USING (span_key) WHERE s.trace_key = ? AND s.kind = 1`,
      [traceKey],
    )
    .map(([spanKey, spanId, parentId, start, end, rawKey, input, output]) => ({
      spanKey,
      spanId,
      parentId,
      start: start === null ? null : BigInt(start),
      end: end === null ? null : BigInt(end),
      rawKey,
      input: unpackKeys(input),
      output: unpackKeys(output),
    }));
}

/** What was made from messages before: span id to what may change of it when more arrives. */
export function madeSpans(reader: Reader, traceKey: number): Map<string, string> {
  return new Map(
    reader
      .rows<[string, string | null, string | null, string | null]>(
        `SELECT s.span_id, s.parent_id, CAST(s.start_ns AS TEXT), CAST(s.end_ns AS TEXT) FROM span s JOIN origin o USING (origin_key)
          WHERE s.trace_key = ? AND o.dialect = '${MESSAGES_DIALECT}'`,
        [traceKey],
      )
      .map(([spanId, ...facts]) => [spanId, placeOf(...facts)]),
  );
}

export function placeOf(parentId: string | null, start: string | null, end: string | null): string {
  return JSON.stringify([parentId, start, end]);
}
