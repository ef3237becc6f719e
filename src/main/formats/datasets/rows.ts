/**
 * What kinds of rows files of examples have, each known by its own fields: ours, OpenAI's eval rows, ADK eval cases, tau
 * tasks, promptfoo tests, and bare rows whose fields are known by their usual names. Pure.
 */
import type { Json, JsonObject } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import { EXPECTED_FIELDS, fieldNamed, INPUT_FIELDS, TRAJECTORY_FIELDS } from '#shared/dataset-item.ts';
import { adkCase, adkOldCase, isAdkCase, isAdkOldCase } from './adk.ts';
import { readCalls } from './calls.ts';
import { isTau2Task, isTauRow, tau2Task, tauRow } from './tau.ts';
import { keyIn, textFrom } from './texts.ts';
import type { DraftExample, ReadRow, RowProblem } from './types.ts';

export type RowKind = {
  readonly id: string;
  /** For people, of a file: "ADK eval set". */
  readonly label: string;
  readonly is: (row: JsonObject) => boolean;
  readonly read: (row: JsonObject) => ReadRow;
};

/** The first that takes a row has it. */
const KINDS: readonly RowKind[] = [
  { id: 'tracewright', label: 'Tracewright examples', is: isOwn, read: readOwn },
  { id: 'adk', label: 'ADK eval set', is: isAdkCase, read: adkCase },
  { id: 'adk', label: 'ADK eval set', is: isAdkOldCase, read: adkOldCase },
  { id: 'tau', label: 'tau-bench tasks', is: isTauRow, read: tauRow },
  { id: 'tau', label: 'tau-bench tasks', is: isTau2Task, read: tau2Task },
  { id: 'promptfoo', label: 'promptfoo tests', is: isPromptfoo, read: readPromptfoo },
  { id: 'openai', label: 'OpenAI eval rows', is: isOpenAi, read: readOpenAi },
];

/** A bare row has no kind of its own. */
export function kindOf(row: JsonObject): RowKind | null {
  return KINDS.find(({ is }) => is(row)) ?? null;
}

/** Never throws, whatever the row holds. */
export function readRow(row: Json): ReadRow {
  if (typeof row === 'string' && row.trim() !== '') return one(bare({ input: row }, []), []);
  if (!isJsonObject(row)) return none('A row is an object with fields, such as {"input": "…"}.');
  if (Object.keys(row).length === 0) return none('The row is empty.');
  const kind = kindOf(row);
  if (kind) return kind.read(row);
  const problems: RowProblem[] = [];
  return one(bare(row, problems), problems);
}

function bare(item: JsonObject, problems: RowProblem[]): DraftExample {
  const inputField = fieldNamed(item, INPUT_FIELDS);
  const expectedField = fieldNamed(item, EXPECTED_FIELDS);
  const trajectoryField = fieldNamed(item, TRAJECTORY_FIELDS);
  const messages = inputField === null ? null : (item[inputField] ?? null);
  const expected = expectedField === null ? lastAnswer(messages) : textFrom(item[expectedField] ?? null, 'last');
  const trajectory = trajectoryField === null ? null : readCalls(item[trajectoryField], trajectoryField, problems);
  return {
    key: keyIn(item),
    item,
    input: inputField === null ? null : textFrom(messages, 'first'),
    expectedOutput: expected,
    expectedTrajectory: trajectory,
  };
}

/** A chat that ends with an answer says what is expected. */
function lastAnswer(messages: Json): string | null {
  const last = Array.isArray(messages) ? (messages as readonly Json[]).at(-1) : null;
  return isJsonObject(last) && last.role === 'assistant' ? textFrom(last.content ?? null, 'last') : null;
}

function isOwn(row: JsonObject): boolean {
  return typeof row.key === 'string' && isJsonObject(row.item) && Object.hasOwn(row, 'expected_trajectory');
}

function readOwn(row: JsonObject): ReadRow {
  const problems: RowProblem[] = [];
  const text = (value: Json | undefined): string | null => (typeof value === 'string' && value !== '' ? value : null);
  return one(
    {
      key: text(row.key),
      item: isJsonObject(row.item) ? row.item : {},
      input: text(row.input),
      expectedOutput: text(row.expected_output),
      expectedTrajectory: readCalls(row.expected_trajectory, 'expected_trajectory', problems),
    },
    problems,
  );
}

function isOpenAi(row: JsonObject): boolean {
  return isJsonObject(row.item) || isJsonObject(row.datasource_item);
}

function readOpenAi(row: JsonObject): ReadRow {
  const problems: RowProblem[] = [];
  const item = isJsonObject(row.item) ? row.item : isJsonObject(row.datasource_item) ? row.datasource_item : {};
  // A row of a stored eval may be wrapped once more.
  const inner = Object.keys(item).length === 1 && isJsonObject(item.item) ? item.item : item;
  if (Object.keys(inner).length === 0) return none('Its item is empty.', 'item');
  const draft = bare(inner, problems);
  return one({ ...draft, key: draft.key ?? keyIn(row, ['datasource_item_id', 'key']) }, problems);
}

function isPromptfoo(row: JsonObject): boolean {
  return isJsonObject(row.vars) && Object.keys(row).every((name) => PROMPTFOO.has(name));
}

const PROMPTFOO = new Set([
  'vars',
  'assert',
  'description',
  'options',
  'threshold',
  'metadata',
  'provider',
  'prompts',
  'providerOutput',
  'assertScoringFunction',
  'id',
]);
const SAYS_ANSWER = ['equals', 'similar', 'contains', 'icontains', 'factuality', 'rouge-n', 'bleu', 'levenshtein'];

function readPromptfoo(row: JsonObject): ReadRow {
  const problems: RowProblem[] = [];
  const vars = isJsonObject(row.vars) ? row.vars : {};
  const draft = bare(vars, problems);
  const asserts = (Array.isArray(row.assert) ? (row.assert as readonly Json[]) : []).filter(isJsonObject);
  const answer = SAYS_ANSWER.map((type) => asserts.find((each) => each.type === type)).find((each) => each);
  const metadata = isJsonObject(row.metadata) ? row.metadata : {};
  const only = Object.values(vars).filter((value) => typeof value === 'string');
  return one(
    {
      ...draft,
      key: draft.key ?? keyIn(row) ?? keyIn(metadata),
      item: {
        ...metadata,
        ...vars,
        ...(row.assert === undefined ? {} : { assert: row.assert }),
        ...(row.description === undefined ? {} : { description: row.description }),
      },
      // A test with one variable is about that.
      input: draft.input ?? (only.length === 1 ? (only[0] ?? null) : null),
      expectedOutput: answer === undefined ? draft.expectedOutput : textFrom(answer.value ?? null, 'last'),
    },
    problems,
  );
}

function one(example: DraftExample, problems: readonly RowProblem[]): ReadRow {
  return { examples: [example], problems };
}

function none(message: string, path = ''): ReadRow {
  return { examples: [], problems: [{ severity: 'error', path, message }] };
}
