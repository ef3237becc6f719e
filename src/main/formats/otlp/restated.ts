/**
 * A model call often arrives twice: as clean messages, and as the raw request or response with the same messages in
 * it. Keeping the raw copy as an attribute would make storage quadratic in the length of a conversation, so only what
 * the messages do not say is kept. Nothing goes that is not proven to be said: one unknown message keeps the copy whole.
 */
import { isJsonObject, type Json } from '#shared/json.ts';
import { type ContentItem, contentText, type Message } from '#shared/message.ts';
import { readContent } from '../messages/index.ts';
import { roleOf } from './dialects/readers.ts';
import type { ContentContext } from './dialects/types.ts';

type Unsaid = {
  /** What the raw value says beyond the items; undefined = nothing. */
  readonly rest: Json | undefined;
  /** The items, with names, call ids and finish reasons that only the raw value has. */
  readonly items: readonly ContentItem[];
};

export function unsaid(value: Json, said: readonly ContentItem[], context: ContentContext): Unsaid {
  const whole: Unsaid = { rest: value, items: said };
  const places = new Map<string, number[]>();
  said.forEach((item, at) => {
    if (item.kind !== 'message') return;
    const key = gist(item);
    const known = places.get(key);
    if (known) known.push(at);
    else places.set(key, [at]);
  });
  const items = [...said];
  const used = new Map<string, number>();
  const rest: Json[] = [];
  const read = readContent(value, roleOf(context));
  if (read.every((item) => item.kind === 'json')) return whole;
  for (const item of read) {
    if (item.kind === 'json') rest.push(item.value);
    else if (item.kind === 'text') {
      if (!said.some((each) => contentText(each) === item.text)) return whole;
    } else {
      // Equal messages are matched in their order.
      const key = gist(item);
      const turn = used.get(key) ?? 0;
      used.set(key, turn + 1);
      const at = places.get(key)?.[turn];
      const known = at === undefined ? undefined : said[at];
      if (at === undefined || known?.kind !== 'message' || !sameCalls(known, item)) return whole;
      if (JSON.stringify(item).length > JSON.stringify(known).length) items[at] = item;
    }
  }
  return { rest: rest.length > 1 ? rest : rest[0], items };
}

/** A message without what flattening loses: names, finish reasons, ids of calls, the name beside a tool's answer. */
function gist({ role, parts }: Message): string {
  return JSON.stringify([
    role,
    parts.map((part) => {
      if (part.type === 'tool_call') return [part.type, part.name, part.arguments];
      return part.type === 'tool_call_response' ? [part.type, answerIn(part.response)] : part;
    }),
  ]);
}

/** LangChain marks a tool's answer as failed; flattened, the answer stands alone. */
function answerIn(response: Json): Json {
  return isJsonObject(response) && response.is_error === true ? (response.content ?? null) : response;
}

/** Call ids may be missing on one side; two that differ are two calls. */
function sameCalls(a: Message, b: Message): boolean {
  return a.parts.every((part, at) => {
    const other = b.parts[at];
    const [id, otherId] = [part, other].map((each) => (each && 'id' in each ? each.id : null));
    return id === null || otherId === null || id === otherId;
  });
}
