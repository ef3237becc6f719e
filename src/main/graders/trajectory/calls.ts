/** Tool calls as graders compare them: of a trace, or as a definition, a dataset or a chat writes them down. */
import type { Subject } from '#shared/grader.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';

export type Call = {
  readonly name: string;
  /** Null = not known: a bare name was given, or nothing was recorded. */
  readonly arguments: Json;
  /** Null where no span tells of it. */
  readonly spanId: string | null;
};

/** One after the other; calls of one turn were made at once, so that their order says nothing. */
export type Turn = { readonly role: string; readonly calls: readonly Call[] };

export type CallList = {
  readonly turns: readonly Turn[];
  /** Given as messages: roles count as well where a comparison is strict. */
  readonly messages: boolean;
};

/**
 * Reads a list of calls: names, `{name, arguments}` (or `args`, `input`), tool calls of a chat, or whole messages, whose calls
 * are grouped by message. Null when it is nothing of the kind.
 */
export function readCalls(value: Json): CallList | null {
  if (!Array.isArray(value)) return null;
  const list = value as readonly Json[];
  const messages = list.length > 0 && list.every((each) => isJsonObject(each) && typeof each.role === 'string');
  const turns: Turn[] = [];
  for (const each of list) {
    if (messages && isJsonObject(each)) {
      const calls = Array.isArray(each.tool_calls) ? (each.tool_calls as readonly Json[]).map(readCall) : [];
      if (calls.includes(null)) return null;
      turns.push({
        role: typeof each.role === 'string' ? each.role : '',
        calls: calls.filter((call) => call !== null),
      });
    } else {
      const call = readCall(each);
      if (!call) return null;
      turns.push({ role: 'assistant', calls: [call] });
    }
  }
  return { turns, messages };
}

function readCall(value: Json): Call | null {
  if (typeof value === 'string') return { name: value, arguments: null, spanId: null };
  if (!isJsonObject(value)) return null;
  const inner = isJsonObject(value.function) ? value.function : value;
  const { name } = inner;
  if (typeof name !== 'string') return null;
  return { name, arguments: argumentsOf(inner), spanId: null };
}

function argumentsOf(call: JsonObject): Json {
  const given = call.arguments ?? call.args ?? call.input ?? null;
  return typeof given === 'string' ? parsed(given) : given;
}

/** Arguments often cross as JSON text; what is none stays the text that it is. */
export function parsed(text: string): Json {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

/** The calls of what is graded: of the trace in order of time, else `output_tools` of the sample. */
export function callsOf({ trace, sample }: Subject): readonly Call[] {
  if (trace)
    return trace.tool_calls.map(({ name, arguments: given, span_id: spanId }) => ({
      name,
      arguments: typeof given === 'string' ? parsed(given) : given,
      spanId,
    }));
  const tools = isJsonObject(sample) ? sample.output_tools : null;
  return flat(readCalls(tools ?? []) ?? { turns: [], messages: false });
}

export function flat({ turns }: CallList): readonly Call[] {
  return turns.flatMap(({ calls }) => calls);
}

/** A name in a definition: exactly so, or with `*` for any part of it. Linear in the name for each `*`. */
export function nameTest(pattern: string): (name: string) => boolean {
  if (!pattern.includes('*')) return (name) => name === pattern;
  const parts = pattern.split('*');
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  return (name) => {
    if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false;
    let place = first.length;
    const end = name.length - last.length;
    for (const part of parts.slice(1, -1)) {
      const found = name.indexOf(part, place);
      if (found < 0 || found + part.length > end) return false;
      place = found + part.length;
    }
    return true;
  };
}
