/** The events of one invocation → spans: a generation for each answer, a tool span for each call with its response. */
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { ContentItem } from '#shared/message.ts';
import type { SpanOrigin, SpanRecord, Usage } from '#shared/record.ts';
import { countOf, idOf, isEmpty, listOf, objectOf, remaining, textOf, timeOf } from '../fields.ts';
import { readContent } from '../messages/index.ts';
import { spanRecord } from '../span-record.ts';
import { either } from './either.ts';

type Around = {
  readonly traceId: string;
  readonly root: string;
  readonly origin: SpanOrigin;
  /** What older versions logged of a model call, by event. */
  readonly logs: ReadonlyMap<string, JsonObject>;
};
type Building = { -readonly [K in keyof SpanRecord]: SpanRecord[K] };
export type EventReader = {
  readonly read: (event: JsonObject, at: number) => void;
  readonly spans: () => readonly SpanRecord[];
};

const TAKEN = new Set(
  (
    'id invocationId invocation_id author content timestamp actions usageMetadata usage_metadata errorCode error_code ' +
    'errorMessage error_message modelVersion model_version finishReason finish_reason is_greeting'
  ).split(' '),
);
const TRANSFER = /^transfer_to_(?:agent|other_agent)$/;

export function createEventReader({ traceId, root, origin, logs }: Around): EventReader {
  const spans: Building[] = [];
  const waiting = createWaiting();
  const transfers = new Set<string>();
  let heard: ContentItem[] = [];

  function add(span: SpanRecord): Building {
    const built: Building = { ...span };
    spans.push(built);
    return built;
  }

  function readAnswer(event: JsonObject, spanId: string, said: readonly ContentItem[]): void {
    const log = logs.get(idOf(event.id) ?? '') ?? {};
    const request = objectOf(log.model_request);
    const response = objectOf(log.model_response);
    const agent = textOf(event.author);
    const model = textOf(either(event, 'modelVersion')) ?? textOf(response.model_version) ?? textOf(request.model);
    const code = textOf(either(event, 'errorCode'));
    const message = textOf(either(event, 'errorMessage')) ?? code;
    const time = timeOf(event.timestamp);
    const asked = readRequest(request);
    add(
      spanRecord({
        traceId,
        spanId,
        parentId: root,
        kind: 'generation',
        name: model ?? agent ?? 'answer',
        agent,
        model,
        start: time,
        end: time,
        status: message === null ? 'unset' : 'error',
        error: message === null ? null : { type: code, message },
        usage: readUsage(objectOf(either(event, 'usageMetadata') ?? response.usage_metadata)),
        input: asked.length > 0 ? asked : heard,
        output: said,
        attributes: {
          ...remaining(event, TAKEN, 'adk.'),
          ...remaining(objectOf(event.actions), new Set(['transferToAgent', 'transfer_to_agent']), 'adk.actions.'),
          ...remaining({ finish_reason: either(event, 'finishReason') ?? null }, new Set(), 'adk.'),
        },
        origin,
      }),
    );
    heard = [];
  }

  function readCall(call: JsonObject, event: JsonObject, spanId: string): void {
    const tool = textOf(call.name);
    const agent = textOf(event.author);
    const to = tool !== null && TRANSFER.test(tool) ? textOf(either(objectOf(call.args), 'agentName')) : null;
    const isHandoff = tool !== null && TRANSFER.test(tool);
    const span = add(
      spanRecord({
        traceId,
        spanId,
        parentId: root,
        kind: isHandoff ? 'handoff' : 'tool',
        name: tool ?? 'tool',
        agent,
        tool: isHandoff ? null : tool,
        toolCallId: idOf(call.id),
        start: timeOf(event.timestamp),
        status: 'running',
        handoff: isHandoff ? { from: agent, to } : null,
        input: isEmpty(call.args) ? [] : [{ kind: 'json', value: call.args ?? null }],
        origin,
      }),
    );
    waiting.add(span);
    if (span.handoff) transfers.add(transferKey(span.handoff));
  }

  function readResponse(response: JsonObject, event: JsonObject): void {
    const span = waiting.take(idOf(response.id), textOf(response.name));
    if (!span) return;
    const value = objectOf(response.response);
    const failure = textOf(value.error);
    span.end = timeOf(event.timestamp);
    span.status = failure === null ? 'unset' : 'error';
    span.error = failure === null ? null : { type: null, message: failure };
    span.output = isEmpty(response.response) ? [] : [{ kind: 'json', value: response.response ?? null }];
    if (span.handoff && span.handoff.to === null) {
      const to = transferOf(event) ?? textOf(value.target_agent_name);
      span.handoff = { from: span.handoff.from, to };
      transfers.add(transferKey(span.handoff));
    }
  }

  function readTransfer(event: JsonObject, spanId: string): void {
    const to = transferOf(event);
    const agent = textOf(event.author);
    // The call of the transfer tool said it already.
    if (to === null || transfers.has(transferKey({ from: agent, to }))) return;
    const time = timeOf(event.timestamp);
    add(
      spanRecord({
        traceId,
        spanId,
        parentId: root,
        kind: 'handoff',
        name: `transfer to ${to}`,
        agent,
        start: time,
        end: time,
        handoff: { from: agent, to },
        origin,
      }),
    );
  }

  return {
    read(event, at) {
      // A part of an answer that follows whole.
      if (event.partial === true) return;
      const spanId = idOf(event.id) ?? `e${at}`;
      const parts = listOf(objectOf(event.content).parts).filter(isJsonObject);
      const calls = objectsIn(parts, 'functionCall');
      const responses = objectsIn(parts, 'functionResponse');
      const said = parts.length === 0 ? [] : readContent(event.content, { role: 'assistant' });
      const isAnswer = event.author !== 'user' && responses.length === 0;
      const hasFailed = either(event, 'errorCode') !== undefined;
      if (isAnswer && (parts.length > 0 || hasFailed)) readAnswer(event, spanId, said);
      else
        for (const item of event.author === 'user' ? readContent(event.content, { role: 'user' }) : said)
          heard.push(item);
      calls.forEach((call, index) => {
        readCall(call, event, `${spanId}.${index}`);
      });
      for (const response of responses) readResponse(response, event);
      if (isAnswer && calls.length > 0) for (const item of said) heard.push(item);
      readTransfer(event, `${spanId}.transfer`);
    },
    spans: () => spans,
  };
}

function transferKey({ from, to }: { readonly from: string | null; readonly to: string | null }): string {
  return JSON.stringify([from, to]);
}

/** Calls that wait for their response, which names them by id, or (in older versions) by name in their order. */
function createWaiting(): {
  readonly add: (span: Building) => void;
  readonly take: (id: string | null, name: string | null) => Building | undefined;
} {
  const byId = new Map<string, Building>();
  const byName = new Map<string, { readonly list: Building[]; next: number }>();
  return {
    add(span) {
      if (span.toolCallId !== null) {
        byId.set(span.toolCallId, span);
        return;
      }
      const queue = byName.get(span.name);
      if (queue) queue.list.push(span);
      else byName.set(span.name, { list: [span], next: 0 });
    },
    take(id, name) {
      const known = id === null ? undefined : byId.get(id);
      if (known && id !== null) {
        byId.delete(id);
        return known;
      }
      const queue = name === null ? undefined : byName.get(name);
      return queue?.list[queue.next++];
    },
  };
}

function objectsIn(parts: readonly JsonObject[], field: string): JsonObject[] {
  return parts.flatMap((part) => {
    const value = either(part, field);
    return isJsonObject(value) ? [value] : [];
  });
}

function transferOf(event: JsonObject): string | null {
  return textOf(either(objectOf(event.actions), 'transferToAgent'));
}

/** What older versions logged as sent: `{ model, contents, config: { system_instruction, tools } }`. */
function readRequest(request: JsonObject): ContentItem[] {
  if (!Array.isArray(request.contents)) return [];
  const system = textOf(objectOf(request.config).system_instruction);
  const instructions = system === null ? [] : readContent(system, { role: 'system' });
  return [...instructions, ...(request.contents as readonly Json[]).flatMap((each) => readContent(each))];
}

/** Gemini counts thoughts beside the candidates, and the cache inside the prompt. */
function readUsage(usage: JsonObject): Usage | null {
  const input = countOf(either(usage, 'promptTokenCount'));
  const candidates = countOf(either(usage, 'candidatesTokenCount'));
  const reasoning = countOf(either(usage, 'thoughtsTokenCount'));
  if (input === null && candidates === null) return null;
  const output = candidates === null ? reasoning : candidates + (reasoning ?? 0);
  return { input, output, cacheRead: countOf(either(usage, 'cachedContentTokenCount')), cacheWrite: null, reasoning };
}
