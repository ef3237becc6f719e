/** What the cells of the grid show, and what an edited one says of its example. Pure. */
import type { DatasetExample, ExpectedCall } from '#shared/dataset.ts';
import { EXPECTED_FIELDS, fieldNamed, INPUT_FIELDS } from '#shared/dataset-item.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import type { Result } from '#shared/result.ts';
import { fail, ok } from '#shared/result.ts';

export type Column =
  | { readonly kind: 'key' | 'input' | 'expected' | 'trajectory' | 'origin'; readonly label: string }
  | { readonly kind: 'field'; readonly name: string; readonly label: string };

/** Of fields of the item; the others are in the panel. */
export const MOST_FIELDS = 24;
/** A cell is edited in its place up to this length. */
export const SHORT = 160;

/** The columns that are always there, and fields of the items in the order in which they occur. */
export function columnsOf(examples: readonly DatasetExample[]): {
  readonly columns: readonly Column[];
  readonly more: number;
} {
  const names = new Map<string, boolean>();
  for (const { key, item, input, expectedOutput } of examples) {
    for (const [name, value] of Object.entries(item)) {
      // What stands in the columns of key, input and expected output needs no second one.
      const repeats =
        fieldText(value) === key ||
        (value === input && name === fieldNamed(item, INPUT_FIELDS)) ||
        (value === expectedOutput && name === fieldNamed(item, EXPECTED_FIELDS));
      names.set(name, (names.get(name) ?? false) || !repeats);
    }
  }
  const fields = [...names].flatMap(([name, shown]) => (shown ? [name] : []));
  return {
    columns: [
      { kind: 'key', label: 'Key' },
      { kind: 'input', label: 'Input' },
      { kind: 'expected', label: 'Expected output' },
      { kind: 'trajectory', label: 'Expected trajectory' },
      ...fields.slice(0, MOST_FIELDS).map((name): Column => ({ kind: 'field', name, label: name })),
      { kind: 'origin', label: 'Origin' },
    ],
    more: Math.max(0, fields.length - MOST_FIELDS),
  };
}

/** All of it, as it is edited. */
export function cellText(example: DatasetExample, column: Column): string {
  switch (column.kind) {
    case 'key':
      return example.key;
    case 'input':
      return example.input ?? '';
    case 'expected':
      return example.expectedOutput ?? '';
    case 'trajectory':
      return example.expectedTrajectory === null ? '' : JSON.stringify(example.expectedTrajectory, null, 2);
    case 'field':
      return fieldText(Object.hasOwn(example.item, column.name) ? example.item[column.name] : undefined);
    case 'origin':
      return originText(example);
  }
}

function fieldText(value: Json | undefined): string {
  return value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
}

export function originText({ origin }: DatasetExample): string {
  if (origin.kind === 'trace') return 'trace';
  return origin.kind === 'file' ? `${origin.file}, row ${origin.row}` : 'by hand';
}

/** "3: search, book, pay". */
export function trajectoryText(calls: readonly ExpectedCall[] | null): string {
  if (calls === null) return '';
  if (calls.length === 0) return 'no tool call';
  const names = calls.slice(0, 6).map(({ name }) => name.slice(0, 40));
  return `${calls.length}: ${names.join(', ')}${calls.length > names.length ? ', …' : ''}`;
}

/** Whether it is edited in the cell itself. */
export function isShort(example: DatasetExample, column: Column): boolean {
  if (column.kind === 'trajectory') return false;
  const text = cellText(example, column);
  return text.length <= SHORT && !text.includes('\n');
}

/** The example with the cell as it was edited, or what is wrong with the text. */
export function withCell(example: DatasetExample, column: Column, text: string): Result<DatasetExample, string> {
  switch (column.kind) {
    case 'origin':
      return ok(example);
    case 'key':
      return ok({ ...example, key: text.trim().slice(0, 300) });
    case 'input':
      return ok({ ...example, input: orNull(text), item: following(example.item, INPUT_FIELDS, example.input, text) });
    case 'expected':
      return ok({
        ...example,
        expectedOutput: orNull(text),
        item: following(example.item, EXPECTED_FIELDS, example.expectedOutput, text),
      });
    case 'trajectory': {
      const calls = readTrajectory(text);
      return calls.ok ? ok({ ...example, expectedTrajectory: calls.value }) : calls;
    }
    case 'field': {
      const value = readField(example.item[column.name], text);
      return value.ok ? ok({ ...example, item: withField(example.item, column.name, value.value) }) : value;
    }
  }
}

/** The field that the text was taken from goes along. */
function following(item: JsonObject, names: readonly string[], before: string | null, text: string): JsonObject {
  const name = fieldNamed(item, names);
  return name !== null && before !== null && item[name] === before
    ? withField(item, name, orNull(text) ?? undefined)
    : item;
}

function withField(item: JsonObject, name: string, value: Json | undefined): JsonObject {
  const entries = Object.entries(item);
  const at = entries.findIndex(([each]) => each === name);
  if (value === undefined) return Object.fromEntries(entries.filter((_, index) => index !== at));
  if (at < 0) return Object.fromEntries([...entries, [name, value]]);
  return Object.fromEntries(entries.map((entry, index) => (index === at ? [name, value] : entry)));
}

/** What was no text stays none: it is read as JSON. */
function readField(before: Json | undefined, text: string): Result<Json | undefined, string> {
  if (text === '') return ok(undefined);
  if (before === undefined || typeof before === 'string') return ok(text);
  const read = readJson(text);
  return read === undefined ? fail('This field is no text: give JSON, such as 5, true or ["a"].') : ok(read);
}

/** Empty = none is expected to be known; `[]` = no tool call is expected. */
export function readTrajectory(text: string): Result<readonly ExpectedCall[] | null, string> {
  if (text.trim() === '') return ok(null);
  const value = readJson(text);
  if (!Array.isArray(value))
    return fail('A trajectory is a list of tool calls: [{"name": "search", "arguments": {}}].');
  const calls: ExpectedCall[] = [];
  for (const [index, each] of (value as readonly Json[]).entries()) {
    if (typeof each === 'string' && each !== '') {
      calls.push({ name: each, arguments: null });
      continue;
    }
    if (!isJsonObject(each) || typeof each.name !== 'string' || each.name === '')
      return fail(`Call ${index + 1} needs a "name".`);
    const { name, agent } = each;
    calls.push({
      name,
      arguments: each.arguments ?? null,
      ...(typeof agent === 'string' && agent !== '' ? { agent } : {}),
    });
  }
  return ok(calls);
}

export function readItem(text: string): Result<JsonObject, string> {
  const value = text.trim() === '' ? {} : readJson(text);
  return isJsonObject(value) ? ok(value) : fail('The fields are an object: {"name": "value"}.');
}

function readJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function orNull(text: string): string | null {
  return text === '' ? null : text;
}
