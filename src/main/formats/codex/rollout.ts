import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { ContentItem } from '#shared/message.ts';
import type { NormalisedRecord, SpanError, SpanEvent, SpanRecord, Usage } from '#shared/record.ts';
import { countOf, idOf, numberOf, objectOf, remaining, setField, textOf } from '../fields.ts';
import { makeOrigin, titleOf, toolContent } from '../logs/span.ts';
import { spanRecord } from '../span-record.ts';
import { readContent } from '../messages/index.ts';
import { readJsonContainer } from '../messages/json-text.ts';
import { responseOf } from '../messages/part-shapes.ts';

export type Item = {
  readonly number: number;
  readonly type: string;
  readonly payload: JsonObject;
  readonly time: bigint | null;
};

/** What the screen showed of items that stand in the file too. */
const ECHOES = new Set([
  'agent_message',
  'agent_reasoning',
  'agent_reasoning_raw_content',
  'agent_reasoning_section_break',
]);
const META_TAKEN = new Set(['id', 'timestamp', 'instructions', 'base_instructions']);

export function readRollout(items: readonly Item[], fileSession: string, records: NormalisedRecord[]): void {
  const meta = items.find(({ type }) => type === 'session_meta')?.payload ?? {};
  const id = idOf(meta.id) ?? fileSession;
  const spawn = objectOf(objectOf(objectOf(meta.source).subagent).thread_spawn);
  const parent = (numberOf(spawn.depth) ?? 1) <= 1 ? textOf(spawn.parent_thread_id) : null;
  const traceId = `codex:${parent ?? id}`;
  const root = `thread:${id}`;
  const origin = makeOrigin('codex_session', { name: 'codex', version: textOf(meta.cli_version) });
  const hasItems = items.some(({ type, payload }) => type === 'response_item' && payload.type === 'message');
  const spans: SpanRecord[] = [];
  const events: SpanEvent[] = [];
  const tools = new Map<string, number>();
  let unread: ContentItem[] = instructionsOf(meta);
  let current: number | null = null;
  let before: bigint | null = null;
  let model: string | null = null;
  let asked: string | null = null;
  let total: string | null = null;
  let lastGeneration: number | null = null;

  for (const item of items) {
    const { type, payload, time, number } = item;
    const kind = textOf(payload.type) ?? '';
    if (type === 'turn_context') {
      model = textOf(payload.model) ?? model;
      note(item, type);
    } else if (type === 'response_item') {
      if (kind === 'message' && payload.role !== 'assistant') hear(readContent(payload), time);
      else if (kind.endsWith('_output')) answer(payload, time, number);
      else produce(item, kind);
    } else if (type === 'event_msg' && kind === 'token_count') {
      count(payload);
    } else if (type === 'event_msg' && kind === 'user_message') {
      asked ??= textOf(payload.message);
      if (!hasItems) hear(readContent(payload.message ?? null, { role: 'user' }), time);
    } else if (type === 'event_msg' && ECHOES.has(kind)) {
      if (!hasItems && kind === 'agent_message')
        produce({ ...item, payload: { role: 'assistant', content: payload.message ?? null } }, 'message');
    } else if (type === 'event_msg' && tools.has(idOf(payload.call_id) ?? '')) {
      detail(tools.get(idOf(payload.call_id) ?? '') ?? -1, kind, payload);
    } else if (type !== 'session_meta') {
      note(item, type === 'event_msg' ? kind : type);
    }
  }
  finish();

  function hear(found: readonly ContentItem[], time: bigint | null): void {
    current = null;
    before = time ?? before;
    for (const each of found) {
      unread.push(each);
      if (each.kind === 'message' && each.role === 'user') asked ??= promptIn(each);
    }
  }

  /** All that the model writes before it reads again is one answer. */
  function produce({ payload, time, number }: Item, kind: string): void {
    const said = readContent(payload);
    const known = current === null ? undefined : spans[current];
    if (known && current !== null) {
      // Appended in place: an answer may have many items.
      (known.output as ContentItem[]).push(...said.slice(0, 64));
      spans[current] = { ...known, end: time ?? known.end };
    } else {
      current = spans.length;
      lastGeneration = current;
      const start = before !== null && time !== null && before <= time ? before : time;
      const base = { traceId, spanId: `g${number}`, parentId: root, origin } as const;
      spans.push(
        spanRecord({
          ...base,
          kind: 'generation',
          name: model ?? 'generation',
          model,
          start,
          end: time,
          input: unread,
          output: [...said],
        }),
      );
      unread = [];
    }
    const callId = idOf(payload.call_id) ?? idOf(payload.id);
    const isCall = kind.endsWith('_call');
    if (!isCall) return;
    const name = textOf(payload.name) ?? kind.replace(/_call$/, '');
    if (callId !== null) tools.set(callId, spans.length);
    spans.push(
      spanRecord({
        traceId,
        spanId: `t${number}`,
        parentId: root,
        kind: 'tool',
        name,
        tool: name,
        toolCallId: callId,
        start: time,
        // The provider searches while it answers.
        end: kind === 'web_search_call' ? time : null,
        input: toolContent(payload.arguments ?? payload.input ?? payload.action),
        origin,
      }),
    );
  }

  function answer(payload: JsonObject, time: bigint | null, number: number): void {
    current = null;
    before = time ?? before;
    for (const each of readContent(payload)) unread.push(each);
    const callId = idOf(payload.call_id);
    const at = callId === null ? undefined : tools.get(callId);
    const tool = at === undefined ? undefined : spans[at];
    const { content, code, error: said } = readOutput(payload.output ?? null);
    // The screen's end of the command may have come first.
    const error = said ?? tool?.error ?? null;
    const status = error ? 'error' : code === 0 ? 'ok' : (tool?.status ?? 'unset');
    const facts = { end: time, status, error, output: toolContent(content) } as const;
    if (tool && at !== undefined) spans[at] = { ...tool, ...facts };
    else {
      const base = { traceId, spanId: `t${number}`, parentId: root, toolCallId: callId, start: time, origin } as const;
      spans.push(spanRecord({ ...base, kind: 'tool', name: 'tool', tool: 'tool', ...facts }));
    }
  }

  /** The screen's end of a command holds its exit code and duration. */
  function detail(at: number, kind: string, payload: JsonObject): void {
    const tool = spans[at];
    if (!tool || Object.keys(tool.attributes).length > 64) return;
    const attributes = { ...tool.attributes };
    setField(
      attributes,
      kind,
      remaining(payload, new Set(['type', 'call_id', 'formatted_output', 'aggregated_output'])),
    );
    const code = numberOf(payload.exit_code);
    const failed = code !== null && code !== 0;
    const error = failed
      ? (tool.error ?? { type: `exit code ${code}`, message: textOf(payload.stderr) ?? `exit code ${code}` })
      : tool.error;
    spans[at] = { ...tool, attributes, error, status: error ? 'error' : code === 0 ? 'ok' : tool.status };
  }

  /** Sent after each answer, some of them twice: the total tells. */
  function count(payload: JsonObject): void {
    const info = objectOf(payload.info);
    const sum = JSON.stringify(info.total_token_usage ?? null);
    if (sum === total) return;
    total = sum;
    const usage = readTokens(info.last_token_usage);
    const span = lastGeneration === null ? undefined : spans[lastGeneration];
    if (usage && span && lastGeneration !== null)
      spans[lastGeneration] = { ...span, usage: span.usage ? added(span.usage, usage) : usage };
  }

  function note({ payload, time }: Item, name: string): void {
    events.push({ time: time?.toString() ?? null, name, attributes: remaining(payload, new Set(['type'])) });
  }

  function finish(): void {
    const times = items.flatMap(({ time }) => (time === null ? [] : [time]));
    const first = times.reduce<bigint | null>((least, time) => (least === null || time < least ? time : least), null);
    const last = times.reduce<bigint | null>((most, time) => (most === null || time > most ? time : most), null);
    if (parent === null) {
      records.push({
        type: 'trace',
        traceId,
        ...(asked === null ? {} : { name: titleOf(asked) }),
        workflow: 'Codex',
        sessionId: id,
        metadata: { ...(asked === null ? {} : { task: asked }), ...remaining(meta, META_TAKEN) },
      });
    }
    const name = parent === null ? 'codex' : (textOf(spawn.agent_nickname) ?? textOf(spawn.agent_role) ?? 'sub-agent');
    records.push(
      spanRecord({
        traceId,
        spanId: root,
        parentId: parent === null ? null : `thread:${parent}`,
        kind: 'agent',
        subtype: parent === null ? 'session' : 'sub-agent',
        name,
        agent: name,
        start: first,
        end: last,
        events,
        attributes: parent === null ? {} : remaining(meta, META_TAKEN),
        origin,
      }),
    );
    for (const span of spans) records.push(span);
    if (unread.some((item) => item.kind === 'message' && item.role === 'user')) {
      const base = { traceId, parentId: root, start: before, end: before, origin } as const;
      records.push(
        spanRecord({
          ...base,
          spanId: `${root}.unanswered`,
          kind: 'custom',
          subtype: 'user',
          name: 'user',
          output: unread,
        }),
      );
    }
  }
}

function instructionsOf(meta: JsonObject): ContentItem[] {
  const text =
    textOf(objectOf(meta.base_instructions).text) ?? textOf(meta.base_instructions) ?? textOf(meta.instructions);
  return text === null ? [] : [{ kind: 'message', role: 'system', parts: [{ type: 'text', content: text }] }];
}

/** The first words of a person: what Codex adds by itself stands in tags or is a file of instructions. */
function promptIn(item: ContentItem): string | null {
  if (item.kind !== 'message') return null;
  const text = item.parts
    .map((part) => (part.type === 'text' ? part.content : ''))
    .join('\n')
    .trim();
  return text === '' || /^(?:<[a-z_]+>|# AGENTS\.md)/i.test(text) ? null : text;
}

/** JSON with an exit code (old), lines that begin with it (new), or { content, success }. */
function readOutput(output: Json): {
  readonly content: Json;
  readonly code: number | null;
  readonly error: SpanError | null;
} {
  const body = typeof output === 'string' ? readJsonContainer(output) : output;
  const object = isJsonObject(body) ? body : {};
  const content = typeof object.output === 'string' ? object.output : (object.content ?? responseOf(output));
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  const line = /(?:^Exit code: |^Process exited with code |\nProcess exited with code )(\d{1,9})/.exec(
    text.slice(0, 400),
  );
  const code = numberOf(objectOf(object.metadata).exit_code) ?? numberOf(line?.[1]);
  const failed = object.success === false || (code !== null && code !== 0);
  return { content, code, error: failed ? { type: code === null ? null : `exit code ${code}`, message: text } : null };
}

function readTokens(value: Json | undefined): Usage | null {
  const usage = objectOf(value);
  const input = countOf(usage.input_tokens);
  const output = countOf(usage.output_tokens);
  if (input === null && output === null) return null;
  const cacheRead = countOf(usage.cached_input_tokens);
  return { input, output, cacheRead, cacheWrite: null, reasoning: countOf(usage.reasoning_output_tokens) };
}

function added(a: Usage, b: Usage): Usage {
  const sum = (x: number | null, y: number | null): number | null => (x === null ? y : y === null ? x : x + y);
  return {
    input: sum(a.input, b.input),
    output: sum(a.output, b.output),
    cacheRead: sum(a.cacheRead, b.cacheRead),
    cacheWrite: sum(a.cacheWrite, b.cacheWrite),
    reasoning: sum(a.reasoning, b.reasoning),
  };
}
