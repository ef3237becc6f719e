/**
 * Eval sets of Google's ADK: cases with the turns of a conversation, each with the tools and the answer that are expected
 * (snake or camel case), and the older list of `{query, expected_tool_use, reference}`. A case is one example: what the user
 * said first, the last answer, and all tool calls in their order; the turns stay in its fields.
 */
import type { ExpectedCall } from '#shared/dataset.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import { readCalls } from './calls.ts';
import { keyIn } from './texts.ts';
import type { ReadRow, RowProblem } from './types.ts';

type Turn = { readonly input: string | null; readonly output: string | null; readonly calls: readonly ExpectedCall[] };

export function isAdkCase(row: JsonObject): boolean {
  return Array.isArray(row.conversation) && (row.eval_id !== undefined || row.evalId !== undefined);
}

export function adkCase(row: JsonObject): ReadRow {
  const problems: RowProblem[] = [];
  const turns: Turn[] = [];
  for (const [index, each] of listOf(row.conversation).entries()) {
    const path = `conversation[${index}]`;
    if (!isJsonObject(each)) problems.push({ severity: 'warning', path, message: 'It is no turn, and was left out.' });
    else turns.push(turnOf(each, path, problems));
  }
  if (turns.length === 0)
    return {
      examples: [],
      problems: [...problems, { severity: 'error', path: 'conversation', message: 'It has no turn.' }],
    };
  const session = row.session_input ?? row.sessionInput;
  return caseOf(
    keyIn(row, ['eval_id', 'evalId']),
    turns,
    isJsonObject(session) ? { session_input: session } : {},
    problems,
  );
}

function turnOf(turn: JsonObject, path: string, problems: RowProblem[]): Turn {
  const data = objectOf(turn.intermediate_data ?? turn.intermediateData);
  const uses = data.tool_uses ?? data.toolUses;
  return {
    input: partsOf(turn.user_content ?? turn.userContent),
    output: partsOf(turn.final_response ?? turn.finalResponse),
    calls:
      uses !== undefined && uses !== null
        ? (readCalls(uses, `${path}.intermediate_data.tool_uses`, problems) ?? [])
        : callsInEvents(data.invocation_events ?? data.invocationEvents),
  };
}

/** Newer files keep the events of a turn; calls are parts of their contents. */
function callsInEvents(events: Json | undefined): ExpectedCall[] {
  return listOf(events).flatMap((event) => {
    const { author, content } = objectOf(event);
    return listOf(objectOf(content).parts).flatMap((part) => {
      const call = objectOf(objectOf(part).function_call ?? objectOf(part).functionCall);
      return typeof call.name === 'string'
        ? [{ name: call.name, arguments: call.args ?? null, ...(typeof author === 'string' ? { agent: author } : {}) }]
        : [];
    });
  });
}

function partsOf(content: Json | undefined): string | null {
  const texts = listOf(objectOf(content).parts).flatMap((part) => {
    const { text, thought } = objectOf(part);
    return typeof text === 'string' && text !== '' && thought !== true ? [text] : [];
  });
  return texts.length === 0 ? null : texts.join('\n');
}

/** One case of the older shape: `{name, data: [turns], initial_session}`. */
export function isAdkOldCase(row: JsonObject): boolean {
  return Array.isArray(row.data) && row.data.length > 0 && row.data.every(isAdkOldTurn);
}

export function isAdkOldTurn(row: Json): row is JsonObject {
  return isJsonObject(row) && typeof row.query === 'string' && Array.isArray(row.expected_tool_use);
}

export function adkOldCase(row: JsonObject): ReadRow {
  const session = row.initial_session;
  const fields: JsonObject = isJsonObject(session) && Object.keys(session).length > 0 ? { session_input: session } : {};
  return adkOldTurns(keyIn(row, ['name']), listOf(row.data).filter(isAdkOldTurn), fields);
}

/** A whole file of turns is one conversation. */
export function adkOldTurns(key: string | null, rows: readonly JsonObject[], fields: JsonObject = {}): ReadRow {
  const problems: RowProblem[] = [];
  const turns = rows.map((row, index): Turn => ({
    input: typeof row.query === 'string' ? row.query : null,
    output: typeof row.reference === 'string' && row.reference !== '' ? row.reference : null,
    calls: readCalls(row.expected_tool_use, `data[${index}].expected_tool_use`, problems) ?? [],
  }));
  return caseOf(key, turns, fields, problems);
}

function caseOf(
  key: string | null,
  turns: readonly Turn[],
  fields: JsonObject,
  problems: readonly RowProblem[],
): ReadRow {
  const several: JsonObject =
    turns.length < 2
      ? {}
      : {
          turns: turns.map(({ input, output, calls }) => ({
            input,
            expected_output: output,
            tools: calls.map(({ name }) => name),
          })),
        };
  return {
    examples: [
      {
        key,
        item: { ...(key === null ? {} : { eval_id: key }), ...several, ...fields },
        input: turns[0]?.input ?? null,
        expectedOutput: turns.at(-1)?.output ?? null,
        expectedTrajectory: turns.flatMap(({ calls }) => calls),
      },
    ],
    problems,
  };
}

function objectOf(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}
