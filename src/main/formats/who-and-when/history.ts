/** The messages of a log, one span each. */
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { ContentItem } from '#shared/message.ts';
import type { NormalisedRecord, SpanRecord } from '#shared/record.ts';
import { issue, remaining, textOf } from '../fields.ts';
import { makeOrigin, saying } from '../logs/span.ts';
import { spanRecord } from '../span-record.ts';

const TERMINAL = /^computer[_ ]?terminal$/i;
const DIRECTED = /^(.{1,200}?) \(-> (.{1,200})\)$/;
const ASIDE = /^(.{1,200}?) \(([^()]{1,200})\)$/;
const TAKEN = new Set(['content', 'role', 'name']);
/** Speakers of the chat roles, who are nobody in particular. */
const ROLES = new Set(['user', 'assistant', 'system', 'tool']);
const ORIGIN = makeOrigin('who_and_when');

type Entry = {
  readonly traceId: string;
  readonly spanId: string;
  readonly content: Json | undefined;
  readonly attributes: JsonObject;
};

/** The transfer that the next message answers. */
type Open = { readonly spanId: string; readonly to: string; readonly said: readonly ContentItem[] } | null;

export function readHistory(
  traceId: string,
  history: readonly Json[],
  prompts: JsonObject,
  records: NormalisedRecord[],
): void {
  let before: readonly ContentItem[] = [];
  let open: Open = null;
  for (const [index, item] of history.entries()) {
    const spanId = `m${index}`;
    if (!isJsonObject(item)) {
      const message = `Message ${index} is not an object.`;
      records.push(issue('error', 'invalid_item', message, { traceId, item }));
      continue;
    }
    const role = textOf(item.role) ?? '';
    const named = textOf(item.name);
    const entry: Entry = {
      traceId,
      spanId,
      content: item.content,
      attributes: { ...remaining(item, TAKEN), ...(role === '' ? {} : { role }) },
    };
    const span: SpanRecord =
      named === null ? readRole(entry, role, open, before) : readNamed(entry, named, prompts, before);
    records.push(span);
    before = span.output;
    if (span.handoff?.to) open = { spanId, to: span.handoff.to, said: span.output };
    else if (open !== null && span.parentId === open.spanId) open = null;
  }
}

/** Algorithm-Generated: who speaks is the name; the role only says from whose side the log was taken. */
function readNamed(entry: Entry, name: string, prompts: JsonObject, before: readonly ContentItem[]): SpanRecord {
  if (TERMINAL.test(name)) return toolSpan(entry, name, null, before);
  const prompt = Object.hasOwn(prompts, name) ? prompts[name] : undefined;
  return generation(entry, name, [...saying('system', prompt), ...before]);
}

/** Hand-Crafted: the role says who speaks, and to whom. */
function readRole(entry: Entry, role: string, open: Open, before: readonly ContentItem[]): SpanRecord {
  const directed = DIRECTED.exec(role);
  if (directed) {
    const [, from = '', to = ''] = directed;
    return spanRecord({
      ...base(entry),
      kind: 'handoff',
      name: `${from} → ${to}`,
      agent: from,
      handoff: { from, to },
      output: saying('assistant', entry.content),
    });
  }
  const aside = ASIDE.exec(role);
  if (aside) {
    const [, agent = '', what = ''] = aside;
    if (what !== 'thought') {
      const subtype = what.replace(/\s+/g, '_');
      const output = saying('assistant', entry.content);
      return spanRecord({ ...base(entry), kind: 'custom', subtype, name: what, agent, output });
    }
    return spanRecord({
      ...base(entry),
      kind: 'generation',
      subtype: 'thought',
      name: agent,
      agent,
      input: before,
      output: thought(entry.content),
    });
  }
  const answers = open !== null && open.to === role ? open : null;
  if (TERMINAL.test(role)) return toolSpan(entry, role, answers?.spanId ?? null, answers?.said ?? before);
  if (role === '' || role === 'human' || ROLES.has(role)) {
    const isModel = role === 'assistant';
    return spanRecord({
      ...base(entry),
      kind: isModel ? 'generation' : 'custom',
      subtype: isModel ? null : role === 'human' ? 'user' : role || null,
      name: role || 'message',
      agent: isModel ? role : null,
      input: isModel ? before : [],
      output: saying(role === 'human' || role === '' ? 'user' : role, entry.content),
    });
  }
  return generation(entry, role, answers?.said ?? before, answers?.spanId ?? null);
}

function base(entry: Entry) {
  const { traceId, spanId, attributes } = entry;
  return { traceId, spanId, attributes, origin: ORIGIN } as const;
}

function generation(
  entry: Entry,
  agent: string,
  input: readonly ContentItem[],
  parentId: string | null = null,
): SpanRecord {
  const output = saying('assistant', entry.content);
  return spanRecord({ ...base(entry), parentId, kind: 'generation', name: agent, agent, input, output });
}

/** The terminal runs what the message before it holds; it stands among the speakers, so it is named as one of them. */
function toolSpan(entry: Entry, name: string, parentId: string | null, input: readonly ContentItem[]): SpanRecord {
  const output = typeof entry.content === 'string' ? textItem(entry.content) : saying('tool', entry.content);
  const failure = typeof entry.content === 'string' ? EXIT_CODE.exec(entry.content) : null;
  const code = failure?.[1] ?? '0';
  return spanRecord({
    ...base(entry),
    parentId,
    kind: 'tool',
    name,
    agent: name,
    tool: name,
    input,
    output,
    status: failure === null ? 'unset' : Number(code) === 0 ? 'ok' : 'error',
    error: Number(code) === 0 ? null : { type: 'exitcode', message: `exitcode: ${code}` },
  });
}

/** What the terminal says first, in both shapes. */
const EXIT_CODE =
  /^\s{0,16}(?:exitcode|The script ran, then exited with Unix exit code|The script exited with Unix exit code): ?(\d{1,9})/i;

function textItem(text: string): ContentItem[] {
  return text === '' ? [] : [{ kind: 'text', text }];
}

function thought(content: Json | undefined): ContentItem[] {
  if (typeof content !== 'string') return saying('assistant', content);
  return content === '' ? [] : [{ kind: 'message', role: 'assistant', parts: [{ type: 'reasoning', content }] }];
}
