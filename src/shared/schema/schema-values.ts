/** The rules of a JSON Schema that look at one value alone, and the words for what is wrong. */
import type { SchemaProblem } from '#shared/context.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';

export const LONGEST_QUOTED = 60;

export type Path = readonly (string | number)[];

export function checkType({ type }: JsonObject, value: Json, path: Path): SchemaProblem[] {
  const types = (Array.isArray(type) ? (type as readonly Json[]) : [type]).filter((each) => typeof each === 'string');
  if (types.length === 0 || types.some((each) => hasType(each, value))) return [];
  return [problem(path, 'type', `should be ${types.slice(0, 6).map(article).join(' or ')}, and is ${whatIs(value)}`)];
}

function hasType(type: string, value: Json): boolean {
  switch (type) {
    case 'object':
      return isJsonObject(value);
    case 'array':
      return Array.isArray(value);
    case 'string':
      return typeof value === 'string';
    case 'number':
      return typeof value === 'number';
    case 'integer':
      return Number.isInteger(value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'null':
      return value === null;
    default:
      return true;
  }
}

function article(type: string): string {
  if (type === 'null') return 'null';
  return `${/^[aeio]/.test(type) ? 'an' : 'a'} ${type.slice(0, LONGEST_QUOTED)}`;
}

function whatIs(value: Json): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return `the string ${quote(value)}`;
  if (Array.isArray(value)) return `an array of ${value.length}`;
  return typeof value === 'object' ? 'an object' : `the ${typeof value} ${String(value)}`;
}

export function checkValue(schema: JsonObject, value: Json, path: Path): SchemaProblem[] {
  const options = schema.enum;
  if (Array.isArray(options) && !(options as readonly Json[]).some((each) => isSame(each, value))) {
    const named = (options as readonly Json[]).slice(0, 8).map((each) => quote(each));
    const rest = options.length > named.length ? ` and ${options.length - named.length} more` : '';
    return [problem(path, 'enum', `is ${quote(value)}, and should be one of ${named.join(', ')}${rest}`)];
  }
  if (Object.hasOwn(schema, 'const') && !isSame(schema.const ?? null, value))
    return [problem(path, 'const', `is ${quote(value)}, and should be ${quote(schema.const ?? null)}`)];
  return [];
}

export function checkNumber(schema: JsonObject, value: number, path: Path): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  const { minimum, maximum, exclusiveMinimum: above, exclusiveMaximum: below, multipleOf } = schema;
  const wrong = (keyword: string, rule: string): void => {
    problems.push(problem(path, keyword, `is ${value}, and should be ${rule}`));
  };
  // Draft 4 has a flag beside the bound, later ones have a bound of its own.
  if (typeof minimum === 'number') {
    if (above === true && value <= minimum) wrong('exclusiveMinimum', `more than ${minimum}`);
    else if (value < minimum) wrong('minimum', `at least ${minimum}`);
  }
  if (typeof maximum === 'number') {
    if (below === true && value >= maximum) wrong('exclusiveMaximum', `less than ${maximum}`);
    else if (value > maximum) wrong('maximum', `at most ${maximum}`);
  }
  if (typeof above === 'number' && value <= above) wrong('exclusiveMinimum', `more than ${above}`);
  if (typeof below === 'number' && value >= below) wrong('exclusiveMaximum', `less than ${below}`);
  if (typeof multipleOf === 'number' && multipleOf > 0) {
    const times = value / multipleOf;
    // 0.3 is three times 0.1 to a person.
    if (Math.abs(times - Math.round(times)) > 1e-9 * Math.max(1, Math.abs(times)))
      wrong('multipleOf', `a multiple of ${multipleOf}`);
  }
  return problems;
}

function isSame(one: Json, other: Json): boolean {
  return one === other || (typeof one === 'object' && typeof other === 'object' && canonical(one) === canonical(other));
}

/** JSON with the keys of objects in one order. */
export function canonical(value: Json): string {
  return JSON.stringify(value, (_key, each: Json) =>
    isJsonObject(each) ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1))) : each,
  );
}

export function problem(path: Path, keyword: string, message: string): SchemaProblem {
  return { path, keyword, message };
}

export function quote(value: Json): string {
  const text = JSON.stringify(typeof value === 'string' ? value.slice(0, LONGEST_QUOTED + 1) : value);
  return text.length > LONGEST_QUOTED ? `${text.slice(0, LONGEST_QUOTED)}…` : text;
}

export function many(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
