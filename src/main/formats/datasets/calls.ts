/** Lists of expected tool calls, in the shapes of OpenAI, LangChain, ADK, tau-bench and by hand. */
import type { ExpectedCall } from '#shared/dataset.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import type { RowProblem } from './types.ts';

const NAMES = ['name', 'tool_name', 'toolName', 'tool', 'function_name', 'function'] as const;
const ARGUMENTS = ['arguments', 'args', 'kwargs', 'tool_input', 'input', 'parameters', 'params'] as const;
const MOST_CALLS = 10_000;

/** Null when `value` is no list of calls; members that are no calls are left out, each with a problem at its path. */
export function readCalls(value: Json | undefined, path: string, problems: RowProblem[]): ExpectedCall[] | null {
  const list = typeof value === 'string' ? parsedList(value) : value;
  if (list === undefined || list === null) return null;
  if (!Array.isArray(list)) {
    problems.push({ severity: 'warning', path, message: 'It is no list of tool calls, and was left in the row.' });
    return null;
  }
  const calls: ExpectedCall[] = [];
  for (const [index, each] of (list as readonly Json[]).slice(0, MOST_CALLS).entries()) {
    const call = readCall(each);
    if (call) calls.push(call);
    else
      problems.push({
        severity: 'warning',
        path: `${path}[${index}]`,
        message: 'A tool call needs a name; this was left out.',
      });
  }
  if (list.length > MOST_CALLS)
    problems.push({ severity: 'warning', path, message: `Calls beyond ${MOST_CALLS} were left out.` });
  return calls;
}

function readCall(value: Json): ExpectedCall | null {
  if (typeof value === 'string') return value.trim() === '' ? null : { name: value.trim(), arguments: null };
  if (!isJsonObject(value)) return null;
  // OpenAI's chat format keeps name and arguments together.
  const inner = isJsonObject(value.function) ? value.function : value;
  const name = firstText(inner, NAMES);
  if (name === null) return null;
  const agent = value.agent ?? value.author;
  return { name, arguments: argumentsOf(inner), ...(typeof agent === 'string' && agent !== '' ? { agent } : {}) };
}

function firstText(value: JsonObject, names: readonly string[]): string | null {
  for (const name of names) {
    const text = Object.hasOwn(value, name) ? value[name] : null;
    if (typeof text === 'string' && text.trim() !== '') return text;
  }
  return null;
}

function argumentsOf(value: JsonObject): Json {
  const field = ARGUMENTS.find((name) => Object.hasOwn(value, name));
  const given = field === undefined ? null : (value[field] ?? null);
  if (typeof given !== 'string') return given;
  const read = parsed(given);
  return isJsonObject(read) || Array.isArray(read) ? read : given;
}

function parsedList(text: string): Json | undefined {
  if (text.trim() === '') return undefined;
  const read = parsed(text);
  if (read !== undefined) return read;
  // A cell such as `search, book`.
  return text
    .split(/[,;\n]/)
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
