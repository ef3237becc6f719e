import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { ContentItem, MessagePart } from '#shared/message.ts';
import type { NormalisedRecord, SpanEvent, SpanRecord } from '#shared/record.ts';
import { readUsage } from '../agents-sdk/usage.ts';
import { countOf, idOf, issue, listOf, numberOf, objectOf, remaining, textOf, timeOf } from '../fields.ts';
import { makeOrigin, saying, titleOf, toolContent } from '../logs/span.ts';
import { spanRecord } from '../span-record.ts';
import { responseOf } from '../messages/part-shapes.ts';
import { readEvent, type Event } from './event.ts';

type Action = Extract<Event, { type: 'action' }>;
type Open = { readonly index: number; readonly parentId: string };

const ORIGIN = makeOrigin('openhands');
const ROOT = 'run';
const TAKEN = new Set(['history', 'trajectory', 'events', 'instruction', 'metrics']);

export function readRun(row: JsonObject, events: readonly Json[], traceId: string, records: NormalisedRecord[]): void {
  const spans: SpanRecord[] = [];
  const sessionEvents: SpanEvent[] = [];
  const byAction = new Map<string, Open>();
  const byCall = new Map<string, Open>();
  const byResponse = new Map<string, number>();
  const delegates: string[] = [ROOT];
  const unread = new Map<string, ContentItem[]>();
  let firstTime: bigint | null = null;
  let lastTime: bigint | null = null;
  let before: bigint | null = null;
  let asked: string | null = textOf(row.instruction);
  let lost: { readonly index: number; readonly time: bigint | null; readonly items: readonly ContentItem[] }[] = [];
  let cost: number | null = null;
  const metadata = objectOf(row.metadata);
  const model = textOf(objectOf(metadata.llm_config).model);
  const agent = textOf(metadata.agent_class) ?? 'agent';

  for (const [index, item] of events.entries()) {
    if (!isJsonObject(item)) {
      records.push(issue('error', 'invalid_item', `Event ${index} is not an object.`, { traceId, item }));
      continue;
    }
    const time = timeOf(item.timestamp);
    if (time !== null) {
      firstTime ??= time;
      if (lastTime === null || time > lastTime) lastTime = time;
    }
    cost = countOf(objectOf(item.llm_metrics).accumulated_cost) ?? cost;
    const event = readEvent(item);
    const parentId = delegates.at(-1) ?? ROOT;
    if (event.type === 'said') {
      const items = saying(event.role, event.content);
      push(parentId, items);
      if (event.role === 'user') {
        lost.push({ index, time, items });
        asked ??= textOf(responseOf(event.content));
      }
    } else if (event.type === 'action') {
      act(event, index, time, parentId);
    } else if (event.type === 'result') {
      answer(event, index, time);
    } else {
      sessionEvents.push({ time: time?.toString() ?? null, name: event.name, attributes: event.attributes });
    }
    if (event.type !== 'other') before = time ?? before;
  }
  for (const { index, time, items } of lost) {
    const base = { traceId, spanId: `e${index}`, parentId: ROOT, start: time, end: time, origin: ORIGIN } as const;
    spans.push(spanRecord({ ...base, kind: 'custom', subtype: 'user', name: 'user', output: items }));
  }
  records.push(traceRecord(), rootSpan());
  for (const span of spans) records.push(span);
  readVerdict(traceId, row, records);

  function push(side: string, items: readonly ContentItem[]): void {
    const list = unread.get(side) ?? [];
    unread.set(side, list);
    for (const item of items) list.push(item);
  }

  function act(event: Action, index: number, time: bigint | null, parentId: string): void {
    const known = event.response === null ? undefined : byResponse.get(event.response);
    const generation = known === undefined ? undefined : spans[known];
    lost = [];
    const whole = generation ? joined(generation.output, partsOf(event)) : null;
    if (generation && known !== undefined && whole !== null) {
      spans[known] = { ...generation, end: time ?? generation.end, output: whole };
    } else {
      if (event.response !== null) byResponse.set(event.response, spans.length);
      const start = before !== null && time !== null && before <= time ? before : time;
      spans.push(
        spanRecord({
          traceId,
          spanId: `e${index}.model`,
          parentId,
          kind: 'generation',
          name: textOf(event.answer.model) ?? model ?? 'generation',
          model: textOf(event.answer.model) ?? model,
          start,
          end: time,
          usage: readUsage(event.answer.usage),
          input: unread.get(parentId) ?? [],
          output: joined([], partsOf(event)) ?? [],
          attributes: event.response === null ? {} : { response_id: event.response },
          origin: ORIGIN,
        }),
      );
      unread.delete(parentId);
    }
    if (event.call === null) return;
    const open: Open = { index: spans.length, parentId };
    if (event.id !== null) byAction.set(event.id, open);
    if (event.call.id !== null) byCall.set(event.call.id, open);
    spans.push(
      spanRecord({
        traceId,
        spanId: `e${index}`,
        parentId,
        kind: 'tool',
        name: event.call.name,
        tool: event.call.name,
        toolCallId: event.call.id,
        start: time,
        input: toolContent(event.call.args),
        origin: ORIGIN,
      }),
    );
    if (event.delegate === null) return;
    const spanId = `e${index}.agent`;
    const base = { traceId, spanId, parentId: `e${index}`, start: time, origin: ORIGIN } as const;
    spans.push(
      spanRecord({
        ...base,
        kind: 'agent',
        name: event.delegate,
        agent: event.delegate,
        input: toolContent(event.call.args),
      }),
    );
    if (delegates.length < MAX_DELEGATES) delegates.push(spanId);
  }

  function answer(event: Extract<Event, { type: 'result' }>, index: number, time: bigint | null): void {
    const open =
      (event.cause === null ? undefined : byAction.get(event.cause)) ??
      (event.callId === null ? undefined : byCall.get(event.callId));
    const content = responseOf(event.content);
    const tool = open ? spans[open.index] : undefined;
    const facts = {
      end: time,
      status: event.error ? 'error' : 'ok',
      error: event.error,
      output: toolContent(content),
      attributes: event.attributes,
    } as const;
    const name = event.name ?? 'tool';
    const parentId = delegates.at(-1) ?? ROOT;
    if (tool && open && tool.output.length === 0) {
      spans[open.index] = { ...tool, ...facts };
      const started = delegates.indexOf(`${tool.spanId}.agent`, 1);
      const below = spans[open.index + 1];
      if (started > 0 && below) {
        delegates.length = started;
        spans[open.index + 1] = { ...below, end: time, output: facts.output };
      }
    } else {
      const spanId = `e${index}`;
      spans.push(
        spanRecord({
          traceId,
          spanId,
          parentId,
          kind: 'tool',
          name,
          tool: name,
          toolCallId: event.callId,
          start: time,
          origin: ORIGIN,
          ...facts,
        }),
      );
    }
    const id = tool?.toolCallId ?? event.callId;
    push(open?.parentId ?? parentId, [
      {
        kind: 'message',
        role: 'tool',
        parts: [{ type: 'tool_call_response', id, name: tool?.name ?? name, response: content }],
      },
    ]);
  }

  function traceRecord(): NormalisedRecord {
    const instance = idOf(row.instance_id);
    const name = instance ?? (asked === null ? null : titleOf(asked));
    return {
      type: 'trace',
      traceId,
      ...(name === null ? {} : { name }),
      workflow: 'OpenHands',
      metadata: { ...(asked === null ? {} : { task: asked }), ...remaining(row, TAKEN) },
    };
  }

  function rootSpan(): SpanRecord {
    const failure = textOf(row.error);
    return spanRecord({
      traceId,
      spanId: ROOT,
      kind: 'agent',
      name: agent,
      agent,
      start: firstTime,
      end: lastTime,
      status: failure === null ? 'unset' : 'error',
      error: failure === null ? null : { type: null, message: failure },
      cost: countOf(objectOf(row.metrics).accumulated_cost) ?? cost,
      attributes: remaining(objectOf(row.metrics), new Set(['accumulated_cost'])),
      events: sessionEvents,
      origin: ORIGIN,
    });
  }
}

function partsOf({ thought, reasoning, call }: Action): MessagePart[] {
  const parts: MessagePart[] = [];
  if (reasoning !== null) parts.push({ type: 'reasoning', content: reasoning });
  if (thought !== null) parts.push({ type: 'text', content: thought });
  if (call) parts.push({ type: 'tool_call', id: call.id, name: call.name, arguments: call.args });
  return parts;
}

/** Actions of one answer are one message; each may repeat the thought. Null when it holds no more. */
function joined(output: readonly ContentItem[], parts: readonly MessagePart[]): readonly ContentItem[] | null {
  const [said] = output;
  if (said?.kind !== 'message') return parts.length === 0 ? [] : [{ kind: 'message', role: 'assistant', parts }];
  if (said.parts.length > MAX_PARTS) return null;
  const known = new Set(
    said.parts.map((part) => (part.type === 'text' || part.type === 'reasoning' ? part.content : null)),
  );
  const fresh = parts.filter((part) => (part.type !== 'text' && part.type !== 'reasoning') || !known.has(part.content));
  return [{ ...said, parts: [...said.parts, ...fresh] }];
}

/** A hostile file may give thousands of actions one answer's id, or delegate without end. */
const MAX_PARTS = 256;
const MAX_DELEGATES = 64;

/** Evaluations of SWE-bench and its like: `resolved` in the report, or a number. */
function readVerdict(traceId: string, row: JsonObject, records: NormalisedRecord[]): void {
  const result = objectOf(row.test_result);
  const report = objectOf(row.report ?? result.report);
  const values = [
    ['resolved', report.resolved ?? result.resolved ?? row.resolved],
    ['score', result.score ?? row.score],
    ['result', result.result],
  ] as const;
  for (const [name, value] of values) {
    const number = typeof value === 'boolean' ? Number(value) : numberOf(value);
    if (number === null || listOf(value).length > 0) continue;
    const passed = typeof value === 'boolean' ? value : null;
    records.push({
      type: 'score',
      traceId,
      spanId: null,
      name,
      value: number,
      label: null,
      passed,
      explanation: null,
      source: 'openhands',
    });
  }
}
