/** One session's lines → its trace, agents, model calls and tool calls. */
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { ContentItem } from '#shared/message.ts';
import type { NormalisedRecord, SpanEvent, SpanOrigin, SpanRecord } from '#shared/record.ts';
import { issue, listOf, objectOf, remaining, textOf } from '../fields.ts';
import { makeOrigin, saying, titleOf } from '../logs/span.ts';
import { spanRecord } from '../span-record.ts';
import type { Entry, Session } from './entries.ts';
import { generationSpan, type Generation } from './generation.ts';
import { blocksOf, callsIn, resultsIn, toolSpan, type Tool } from './tools.ts';

/** What one agent of the session does, as it is read. */
export type Actor = {
  /** Null for the main agent. */
  readonly id: string | null;
  readonly spanId: string;
  readonly entries: Entry[];
  /** What the next model call will read. */
  unread: { readonly entry: Entry; readonly items: readonly ContentItem[] }[];
  last: string | null;
  readonly events: SpanEvent[];
};

export const SESSION_SPAN = 'session';
const LINE_TAKEN = new Set([
  'type',
  'message',
  'uuid',
  'timestamp',
  'sessionId',
  'isSidechain',
  'userType',
  'version',
  'cwd',
  'gitBranch',
  'agentId',
]);

export function sessionRecords(session: Session, records: NormalisedRecord[]): void {
  const traceId = `claude-code:${session.id}`;
  const version = session.entries.map(({ line }) => textOf(line.version)).find((each) => each !== null) ?? null;
  const origin = makeOrigin('claude_code_session', { name: 'claude-code', version });
  const actors = new Map<string | null, Actor>();
  const drafts: (Generation | Tool | SpanRecord)[] = [];
  const tools = new Map<string, Tool>();
  const generations = new Map<string, Generation>();
  const placedIds = new Set<string>();

  for (const entry of session.entries) {
    const actor = actorFor(actors, entry.actor);
    actor.entries.push(entry);
    if (entry.type === 'assistant') readAssistant(entry, actor);
    else if (entry.type === 'user') readUser(entry, actor);
    else readOther(entry, actor);
    if (entry.uuid !== null) actor.last = entry.uuid;
  }
  const main = actors.get(null);
  const prompts = promptTable(tools.values());
  if (main) records.push(...mainRecords(session, main, traceId, origin));
  const started = new Set([...tools.values()].map(({ agentId }) => agentId));
  for (const actor of actors.values()) {
    for (const { entry, items } of actor.unread) drafts.push(unansweredSpan(entry, items, actor));
    if (actor.id !== null && !started.has(actor.id)) records.push(subAgentAlone(actor, prompts));
  }
  for (const draft of drafts) {
    if ('type' in draft) records.push(draft);
    else if ('blocks' in draft) records.push(generationSpan(draft, traceId, origin));
    else {
      records.push(toolSpan(draft, traceId, origin));
      if (draft.agentId !== null) records.push(subAgentOf(draft, draft.agentId));
    }
  }

  function readAssistant(entry: Entry, actor: Actor): void {
    const message = objectOf(entry.line.message);
    const blocks = blocksOf(message.content);
    if (blocks === null) return invalid(entry);
    const id = textOf(message.id) ?? entry.uuid ?? `line-${entry.number}`;
    // Results may stand between the blocks of one answer: tools start before it is complete.
    let generation = generations.get(id);
    if (!generation) {
      const inputs = actor.unread;
      actor.unread = [];
      generation = {
        id,
        actor,
        entries: [],
        blocks: [],
        input: inputs.flatMap(({ items }) => items),
        asked: inputs.at(-1)?.entry ?? null,
      };
      generations.set(id, generation);
      drafts.push(generation);
    }
    generation.entries.push(entry);
    for (const block of blocks) generation.blocks.push(block);
    for (const call of callsIn(blocks, entry, actor)) {
      if (tools.has(call.id)) continue;
      tools.set(call.id, call);
      drafts.push(call);
    }
    // Tools that the provider runs answer in the same message.
    for (const result of resultsIn(blocks)) answer(result.id, result.block, entry, actor);
  }

  function readUser(entry: Entry, actor: Actor): void {
    const { message } = entry.line;
    const content = typeof message === 'string' ? message : objectOf(message).content;
    const blocks = blocksOf(content);
    if (blocks === null) return invalid(entry);
    const results = resultsIn(blocks);
    for (const { id, block } of results) answer(id, block, entry, actor);
    const isFork = results.length === 0 && actor.last !== null && entry.parent !== null && entry.parent !== actor.last;
    if (isFork) {
      for (const { entry: left, items } of actor.unread) drafts.push(unansweredSpan(left, items, actor));
      actor.unread = [];
    }
    actor.unread.push({ entry, items: saying('user', content) });
  }

  function answer(id: string, block: JsonObject, entry: Entry, actor: Actor): void {
    const known = tools.get(id);
    if (known?.answer) return;
    if (known) known.answer = { block, entry };
    else {
      const orphan: Tool = {
        id,
        name: 'tool',
        input: null,
        asked: null,
        actor,
        answer: { block, entry },
        agentId: null,
      };
      tools.set(id, orphan);
      drafts.push(orphan);
    }
    const tool = tools.get(id);
    const agentId = textOf(objectOf(entry.line.toolUseResult).agentId);
    if (tool && agentId !== null) tool.agentId = agentId;
  }

  function readOther(entry: Entry, actor: Actor): void {
    const subtype = textOf(entry.line.subtype);
    const name = subtype === null ? entry.type : `${entry.type}/${subtype}`;
    const attributes = remaining(entry.line, LINE_TAKEN);
    if (actor.id === null) {
      actor.events.push({ time: entry.time?.toString() ?? null, name, attributes });
      return;
    }
    drafts.push(
      spanRecord({
        ...placed(entry, actor),
        kind: 'custom',
        subtype: entry.type,
        name,
        start: entry.time,
        end: entry.time,
        attributes,
      }),
    );
  }

  function placed(entry: Entry, actor: Actor) {
    // Two lines of one id that say different things are two.
    const isNew = entry.uuid !== null && !placedIds.has(entry.uuid);
    const spanId = isNew && entry.uuid !== null ? entry.uuid : `${entry.uuid ?? 'line'}-${entry.number}`;
    placedIds.add(spanId);
    return { traceId, spanId, parentId: actor.spanId, origin } as const;
  }

  function unansweredSpan(entry: Entry, items: readonly ContentItem[], actor: Actor): SpanRecord {
    const base = { ...placed(entry, actor), kind: 'custom', start: entry.time, end: entry.time } as const;
    const subtype = resultsIn(blocksOf(objectOf(entry.line.message).content) ?? []).length > 0 ? 'tool_result' : 'user';
    return spanRecord({
      ...base,
      subtype,
      name: subtype,
      output: items,
      attributes: remaining(entry.line, USER_TAKEN),
    });
  }

  function invalid(entry: Entry): void {
    const message = `Line ${entry.number} is a message without content that can be read.`;
    records.push(issue('warning', 'invalid_item', message, { traceId, item: entry.line }));
  }

  /** The sub-agent that a tool call of this file started; its own lines may stand elsewhere. */
  function subAgentOf(tool: Tool, agentId: string): SpanRecord {
    const input = objectOf(tool.input);
    const result = objectOf(tool.answer?.entry.line.toolUseResult);
    const name = textOf(input.subagent_type) ?? textOf(input.name) ?? 'sub-agent';
    return spanRecord({
      traceId,
      spanId: `agent:${agentId}`,
      parentId: tool.id,
      kind: 'agent',
      subtype: 'sub-agent',
      name,
      agent: name,
      start: tool.asked?.time ?? null,
      end: tool.answer?.entry.time ?? null,
      input: saying('user', input.prompt),
      output: saying('assistant', tool.answer?.block.content),
      attributes: { agentId, ...remaining(result, RESULT_TAKEN) },
      origin,
    });
  }

  /**
   * A sub-agent whose call is in no line of this file: in the file of the session (which then says more, and wins for
   * having an end), or told by its prompt alone, as old versions leave it.
   */
  function subAgentAlone(actor: Actor, prompts: Map<string, Tool[]>): SpanRecord {
    const [first] = actor.entries;
    const content = objectOf(first?.line.message).content;
    const prompt = first?.type === 'user' && typeof content === 'string' ? content : null;
    const tool = prompt === null ? undefined : prompts.get(prompt)?.shift();
    if (tool) return { ...subAgentOf(tool, actor.id ?? ''), spanId: actor.spanId };
    const hasId = textOf(first?.line.agentId) !== null;
    return spanRecord({
      traceId,
      spanId: actor.spanId,
      parentId: hasId || !main ? null : SESSION_SPAN,
      kind: 'agent',
      subtype: 'sub-agent',
      name: hasId ? `agent-${actor.id}` : 'sub-agent',
      agent: hasId ? `agent-${actor.id}` : 'sub-agent',
      start: first?.time ?? null,
      input: prompt === null ? [] : saying('user', prompt),
      attributes: { agentId: actor.id ?? '' },
      origin,
    });
  }
}

const USER_TAKEN = new Set([...LINE_TAKEN, 'toolUseResult']);
const RESULT_TAKEN = new Set(['agentId', 'content', 'prompt']);

function actorFor(actors: Map<string | null, Actor>, id: string | null): Actor {
  const known = actors.get(id);
  if (known) return known;
  const spanId = id === null ? SESSION_SPAN : `agent:${id}`;
  const fresh: Actor = { id, spanId, entries: [], unread: [], last: null, events: [] };
  actors.set(id, fresh);
  return fresh;
}

/** The calls that no result ties to an agent's id, by what they asked. */
function promptTable(tools: Iterable<Tool>): Map<string, Tool[]> {
  const table = new Map<string, Tool[]>();
  for (const tool of tools) {
    const prompt = textOf(objectOf(tool.input).prompt);
    if (prompt === null || tool.agentId !== null) continue;
    const same = table.get(prompt);
    if (same) same.push(tool);
    else table.set(prompt, [tool]);
  }
  return table;
}

function mainRecords({ id, entries }: Session, main: Actor, traceId: string, origin: SpanOrigin): NormalisedRecord[] {
  const times = main.entries.flatMap(({ time }) => (time === null ? [] : [time]));
  const name = titleIn(main.entries);
  const metadata: Record<string, Json> = {};
  for (const field of ['cwd', 'gitBranch', 'version', 'slug', 'entrypoint']) {
    const value = entries.map(({ line }) => textOf(line[field])).find((each) => each !== null);
    if (value) metadata[field] = value;
  }
  return [
    { type: 'trace', traceId, workflow: 'Claude Code', sessionId: id, metadata, ...(name === null ? {} : { name }) },
    spanRecord({
      traceId,
      spanId: SESSION_SPAN,
      kind: 'agent',
      subtype: 'session',
      name: 'Claude Code',
      agent: 'main',
      start: times.reduce<bigint | null>((least, time) => (least === null || time < least ? time : least), null),
      end: times.reduce<bigint | null>((most, time) => (most === null || time > most ? time : most), null),
      events: main.events,
      origin,
    }),
  ];
}

/** What the session was titled, else its first prompt that a person wrote. */
function titleIn(entries: readonly Entry[]): string | null {
  for (const field of ['customTitle', 'aiTitle']) {
    const title = entries.map(({ line }) => textOf(line[field])).find((each) => each !== null);
    if (title) return titleOf(title);
  }
  for (const { type, line } of entries) {
    if (type !== 'user' || line.isMeta === true) continue;
    const { content } = objectOf(line.message);
    const texts = typeof content === 'string' ? [content] : listOf(content).map(textOfBlock);
    const said = texts.find((text) => text !== null && text.trim() !== '' && !/^\s*(?:<|Caveat:)/.test(text));
    if (said) return titleOf(said);
  }
  return null;
}

function textOfBlock(block: Json): string | null {
  return isJsonObject(block) && block.type === 'text' ? textOf(block.text) : null;
}
