/** Definitions in one order of keys, as a person would write them: stored ones come back in the order of the alphabet. */
import type { GraderKindInfo } from '#shared/grader.ts';
import type { Json } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import { printDefinition } from '../../../state/grader-drafts.ts';

const FIRST = ['type', 'name', 'id', 'role'];
const DEEPEST = 100;

export function printArranged(definition: Json, kinds: readonly GraderKindInfo[]): string {
  return printDefinition(arranged(definition, kinds, 0));
}

function arranged(value: Json, kinds: readonly GraderKindInfo[], depth: number): Json {
  if (depth > DEEPEST) return value;
  if (Array.isArray(value)) return (value as readonly Json[]).map((each) => arranged(each, kinds, depth + 1));
  if (!isJsonObject(value)) return value;
  const properties = kinds.find(({ type }) => type === value.type)?.schema.properties;
  const order = [...FIRST, ...(isJsonObject(properties) ? Object.keys(properties) : [])];
  const place = (key: string): number => {
    const at = order.indexOf(key);
    return at < 0 ? order.length : at;
  };
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => place(a) - place(b) || (a < b ? -1 : 1))
      .map(([key, each]) => [key, arranged(each, kinds, depth + 1)]),
  );
}
