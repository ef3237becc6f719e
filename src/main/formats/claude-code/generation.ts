/** One model call: all lines with one message id, each of which holds one block of the answer. */
import type { Json, JsonObject } from '#shared/json.ts';
import { contentText, type ContentItem } from '#shared/message.ts';
import type { SpanOrigin, SpanRecord, Usage } from '#shared/record.ts';
import { countOf, objectOf, remaining, textOf } from '../fields.ts';
import { spanRecord } from '../span-record.ts';
import { readContent } from '../messages/index.ts';
import type { Entry } from './entries.ts';
import type { Actor } from './session.ts';

export type Generation = {
  readonly id: string;
  readonly actor: Actor;
  readonly entries: Entry[];
  readonly blocks: JsonObject[];
  readonly input: readonly ContentItem[];
  /** The last line that it answers. */
  readonly asked: Entry | null;
};

const LINE_TAKEN = new Set([
  'type',
  'message',
  'timestamp',
  'sessionId',
  'isSidechain',
  'userType',
  'version',
  'cwd',
  'gitBranch',
  'agentId',
  'costUSD',
]);
const MESSAGE_TAKEN = new Set(['id', 'type', 'role', 'model', 'content', 'usage']);

/**
 * A line is written when its block is complete. The call began when the line that it answers was written: that is the
 * start where the line is known, else the first block's time.
 */
export function generationSpan(draft: Generation, traceId: string, origin: SpanOrigin): SpanRecord {
  const { entries, actor, asked } = draft;
  const first = entries[0];
  const last = entries.at(-1);
  const messages = entries.map(({ line }) => objectOf(line.message));
  const message = messages.at(-1) ?? {};
  const stop = messages.map((each) => textOf(each.stop_reason)).findLast((each) => each !== null) ?? null;
  const output = readContent({
    role: 'assistant',
    content: draft.blocks,
    ...(stop === null ? {} : { stop_reason: stop }),
  });
  const model = textOf(message.model);
  const failed = entries.some(({ line }) => line.isApiErrorMessage === true);
  const firstTime = first?.time ?? null;
  const askedTime = asked?.time ?? null;
  const start = askedTime !== null && firstTime !== null && askedTime <= firstTime ? askedTime : firstTime;
  const costs = entries.flatMap(({ line }) => countOf(line.costUSD) ?? []);
  return spanRecord({
    traceId,
    spanId: draft.id,
    parentId: actor.spanId,
    kind: 'generation',
    name: model ?? 'generation',
    // What Claude Code says in the model's place names no model.
    model: model === '<synthetic>' ? null : model,
    start,
    end: last?.time ?? null,
    status: failed ? 'error' : 'unset',
    error: failed ? { type: textOf(first?.line.error), message: output.map(contentText).join('\n') } : null,
    usage: bestUsage(messages.map(({ usage }) => usage)),
    cost: costs.length === 0 ? null : costs.reduce((sum, each) => sum + each, 0),
    input: draft.input,
    output,
    attributes: {
      ...(first ? remaining(first.line, LINE_TAKEN) : {}),
      ...remaining(message, MESSAGE_TAKEN),
      ...(entries.length > 1 ? { lines: entries.map(({ uuid }) => uuid) } : {}),
      ...usageDetails(message.usage),
    },
    origin,
  });
}

/** Lines written while the answer streams count what was there so far: the largest count is the whole. */
function bestUsage(usages: readonly (Json | undefined)[]): Usage | null {
  let best: Usage | null = null;
  for (const each of usages) {
    const usage = readUsage(each);
    if (usage && (best === null || (usage.output ?? 0) >= (best.output ?? 0))) best = usage;
  }
  return best;
}

/** Anthropic counts cached input apart. */
export function readUsage(value: Json | undefined): Usage | null {
  const usage = objectOf(value);
  const fresh = countOf(usage.input_tokens);
  const cacheRead = countOf(usage.cache_read_input_tokens);
  const cacheWrite = countOf(usage.cache_creation_input_tokens);
  const output = countOf(usage.output_tokens);
  if (fresh === null && output === null) return null;
  const input = fresh === null ? null : fresh + (cacheRead ?? 0) + (cacheWrite ?? 0);
  return { input, output, cacheRead, cacheWrite, reasoning: null };
}

const COUNTS = new Set(['input_tokens', 'cache_read_input_tokens', 'cache_creation_input_tokens', 'output_tokens']);

function usageDetails(value: Json | undefined): JsonObject {
  const rest = remaining(objectOf(value), COUNTS);
  return Object.keys(rest).length === 0 ? {} : { usage: rest };
}
