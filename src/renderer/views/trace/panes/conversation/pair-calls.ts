/**
 * Which tool call of a generation is which tool span, and which results in a later input were shown already.
 * Entries carry no call ids of their own, so a call is taken by the next tool span of that name and agent, in order.
 * Linear in entries and parts.
 */
import type { ConversationEntry } from '#shared/graph.ts';
import type { MessagePart } from '#shared/message.ts';
import type { ContentView } from '#shared/trace.ts';

export type ToolCall = Extract<MessagePart, { type: 'tool_call' }>;
export type ToolResult = Extract<MessagePart, { type: 'tool_call_response' }>;

export type Pairs = {
  /** The span that executed a call, by the call itself: its arguments and result are shown there. */
  readonly spanOfCall: ReadonlyMap<ToolCall, string>;
  /** The result of a call that no span shows, to be shown with the call. */
  readonly resultOfCall: ReadonlyMap<ToolCall, ToolResult>;
  /** Results that stand elsewhere: in a tool span, or (null) with their call. */
  readonly shown: ReadonlyMap<ToolResult, { readonly span: string | null; readonly tool: string }>;
};

type Waiting = { readonly call: ToolCall; readonly span: string | undefined };

export function pairCalls(entries: readonly ConversationEntry[]): Pairs {
  const executions = new Map<string, number[]>();
  entries.forEach((entry, at) => {
    const key =
      entry.kind === 'tool'
        ? `${entry.agent ?? ''}\n${entry.name}`
        : entry.kind === 'handoff'
          ? `${entry.agent ?? ''}\n→`
          : null;
    if (key === null) return;
    const list = executions.get(key);
    if (list) list.push(at);
    else executions.set(key, [at]);
  });
  // Positions are taken from the end of a list, so that taking the first is quick.
  for (const list of executions.values()) list.reverse();

  const spanOfCall = new Map<ToolCall, string>();
  const resultOfCall = new Map<ToolCall, ToolResult>();
  const shown = new Map<ToolResult, { span: string | null; tool: string }>();
  const byId = new Map<string, Waiting>();
  // For an agent that took over; null = several agents made calls with this id.
  const byIdAlone = new Map<string, Waiting | null>();
  entries.forEach((entry, at) => {
    if (entry.kind !== 'generation') return;
    for (const part of partsOf(entry.input)) {
      if (part.type !== 'tool_call_response' || part.id === null) continue;
      const asked = byId.get(`${entry.agent ?? ''}\n${part.id}`) ?? byIdAlone.get(part.id);
      if (!asked) continue;
      shown.set(part, { span: asked.span ?? null, tool: asked.call.name });
      if (asked.span === undefined) resultOfCall.set(asked.call, part);
    }
    for (const part of partsOf(entry.output)) {
      if (part.type !== 'tool_call') continue;
      const span =
        takeNext(executions, entries, at, `${entry.agent ?? ''}\n${part.name}`) ??
        (isHandoffTool(part.name) ? takeNext(executions, entries, at, `${entry.agent ?? ''}\n→`) : undefined);
      if (span !== undefined) spanOfCall.set(part, span);
      if (part.id === null) continue;
      const waiting = { call: part, span };
      byId.set(`${entry.agent ?? ''}\n${part.id}`, waiting);
      byIdAlone.set(part.id, byIdAlone.has(part.id) ? null : waiting);
    }
  });
  return { spanOfCall, resultOfCall, shown };
}

function takeNext(
  executions: Map<string, number[]>,
  entries: readonly ConversationEntry[],
  after: number,
  key: string,
): string | undefined {
  const list = executions.get(key);
  if (!list) return undefined;
  for (let at = list.pop(); at !== undefined; at = list.pop()) if (at > after) return entries[at]?.spanId;
  return undefined;
}

/** SDKs hand off through a tool of such a name. */
export function isHandoffTool(name: string): boolean {
  return /^(transfer|handoff)_to_/.test(name);
}

function* partsOf(views: readonly ContentView[]): Iterable<MessagePart> {
  for (const view of views) if (view.item?.kind === 'message') yield* view.item.parts;
}
