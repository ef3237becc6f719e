/**
 * Whether a value fits a JSON Schema (draft 4 to 2020-12, and `nullable` of OpenAPI), and if not, where and why. Both
 * come from a trace: work and depth are bounded, nothing is fetched, and what was not checked is said.
 */
import type { Json, JsonObject } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import type { SchemaProblem } from '#shared/context.ts';
import { compilePattern, type Pattern } from './schema-pattern.ts';
import {
  canonical,
  checkNumber,
  checkType,
  checkValue,
  LONGEST_QUOTED,
  many,
  problem,
  quote,
  type Path,
} from './schema-values.ts';

export type SchemaVerdict = {
  /** The first ones; none = it fits, as far as it was checked. */
  readonly problems: readonly SchemaProblem[];
  /** Words of the schema that were left out: `format "date"`, a reference to another place. */
  readonly unchecked: readonly string[];
};

const MOST_STEPS = 100_000;
const MOST_PROBLEMS = 20;
const DEEPEST = 100;
/** Longer texts are not matched with a pattern. */
const LONGEST_MATCHED = 10_000;

type Run = {
  readonly root: Json;
  readonly unchecked: Set<string>;
  readonly patterns: Map<string, Pattern | null>;
  /** References that are being followed for the same value: a circle says nothing about it. */
  readonly following: Set<string>;
  steps: number;
};

export function checkSchema(schema: Json, value: Json): SchemaVerdict {
  const run: Run = {
    root: schema,
    unchecked: new Set(),
    patterns: new Map(),
    following: new Set(),
    steps: MOST_STEPS,
  };
  const problems = check(run, schema, value, [], 0);
  if (run.steps <= 0) run.unchecked.add('the rest: schema and arguments are too large');
  return { problems: problems.slice(0, MOST_PROBLEMS), unchecked: [...run.unchecked].slice(0, MOST_PROBLEMS) };
}

function check(run: Run, schema: Json, value: Json, path: Path, depth: number): SchemaProblem[] {
  if (schema === true || run.steps-- <= 0) return [];
  if (schema === false) return [problem(path, 'false', 'is not allowed')];
  if (!isJsonObject(schema)) return [];
  if (depth > DEEPEST) {
    run.unchecked.add('what is nested too deep');
    return [];
  }
  if (value === null && schema.nullable === true) return [];
  const problems = [
    ...checkReference(run, schema, value, path, depth),
    ...checkType(schema, value, path),
    ...checkValue(schema, value, path),
  ];
  // What has the wrong type breaks other rules as well, which says nothing more.
  if (problems.some((each) => each.keyword === 'type' && each.path.length === path.length)) return problems;
  if (typeof value === 'string') problems.push(...checkText(run, schema, value, path));
  else if (typeof value === 'number') problems.push(...checkNumber(schema, value, path));
  else if (Array.isArray(value)) problems.push(...checkList(run, schema, value as readonly Json[], path, depth));
  else if (isJsonObject(value)) problems.push(...checkObject(run, schema, value, path, depth));
  problems.push(...checkCombined(run, schema, value, path, depth));
  for (const word of ['unevaluatedProperties', 'unevaluatedItems', '$dynamicRef', '$recursiveRef']) {
    if (Object.hasOwn(schema, word)) run.unchecked.add(word);
  }
  return problems.length > MOST_PROBLEMS ? problems.slice(0, MOST_PROBLEMS) : problems;
}

function checkReference(run: Run, schema: JsonObject, value: Json, path: Path, depth: number): SchemaProblem[] {
  const { $ref } = schema;
  if (typeof $ref !== 'string') return [];
  const target = resolve(run.root, $ref);
  if (target === undefined) {
    run.unchecked.add(`the reference ${quote($ref)}`);
    return [];
  }
  const step = JSON.stringify([$ref, path]);
  if (run.following.has(step)) return [];
  run.following.add(step);
  const problems = check(run, target, value, path, depth + 1);
  run.following.delete(step);
  return problems;
}

/** A place inside the schema itself, by JSON pointer or by name; undefined for any other. */
function resolve(root: Json, reference: string): Json | undefined {
  if (!reference.startsWith('#')) return undefined;
  if (reference === '#') return root;
  if (!reference.startsWith('#/')) return named(root, reference.slice(1));
  let place: Json | undefined = root;
  for (const part of reference.slice(2).split('/').slice(0, DEEPEST)) {
    const key = decoded(part).replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof place !== 'object' || place === null || !Object.hasOwn(place, key)) return undefined;
    place = (place as JsonObject)[key];
  }
  return place;
}

function named(root: Json, name: string): Json | undefined {
  if (!isJsonObject(root)) return undefined;
  for (const holder of [root.$defs, root.definitions]) {
    if (!isJsonObject(holder)) continue;
    for (const each of Object.values(holder))
      if (isJsonObject(each) && (each.$anchor === name || each.$id === `#${name}`)) return each;
  }
  return undefined;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function checkText(run: Run, schema: JsonObject, value: string, path: Path): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  const { minLength, maxLength, pattern, format } = schema;
  const length = typeof minLength === 'number' || typeof maxLength === 'number' ? [...value].length : 0;
  if (typeof minLength === 'number' && length < minLength)
    problems.push(
      problem(path, 'minLength', `has ${many(length, 'character')}, and should have at least ${minLength}`),
    );
  if (typeof maxLength === 'number' && length > maxLength)
    problems.push(problem(path, 'maxLength', `has ${many(length, 'character')}, and should have at most ${maxLength}`));
  if (typeof pattern === 'string' && matches(run, pattern, value) === false)
    problems.push(problem(path, 'pattern', `is ${quote(value)}, which does not match ${quote(pattern)}`));
  if (typeof format === 'string') run.unchecked.add(`format ${quote(format)}`);
  for (const word of ['contentEncoding', 'contentMediaType', 'contentSchema'])
    if (Object.hasOwn(schema, word)) run.unchecked.add(word);
  return problems;
}

/** Null when it was not found out. */
function matches(run: Run, pattern: string, value: string): boolean | null {
  let compiled = run.patterns.get(pattern);
  if (compiled === undefined) {
    compiled = compilePattern(pattern);
    run.patterns.set(pattern, compiled);
  }
  run.steps -= 10 + (value.length >> 3);
  if (compiled === null || value.length > LONGEST_MATCHED || run.steps <= 0) {
    run.unchecked.add(`pattern ${quote(pattern)}`);
    return null;
  }
  return compiled(value);
}

function checkList(run: Run, schema: JsonObject, value: readonly Json[], path: Path, depth: number): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  const { minItems, maxItems, items, contains } = schema;
  if (typeof minItems === 'number' && value.length < minItems)
    problems.push(problem(path, 'minItems', `has ${many(value.length, 'item')}, and should have at least ${minItems}`));
  if (typeof maxItems === 'number' && value.length > maxItems)
    problems.push(problem(path, 'maxItems', `has ${many(value.length, 'item')}, and should have at most ${maxItems}`));
  const first = Array.isArray(schema.prefixItems) ? schema.prefixItems : Array.isArray(items) ? items : [];
  const rest = Array.isArray(items) ? schema.additionalItems : items;
  for (let index = 0; index < value.length && problems.length < MOST_PROBLEMS && run.steps > 0; index++) {
    const rule = index < first.length ? (first as readonly Json[])[index] : rest;
    if (rule !== undefined) problems.push(...check(run, rule, value[index] ?? null, [...path, index], depth + 1));
    else if (first.length === 0) break;
  }
  if (contains !== undefined && !value.some((each) => check(run, contains, each, path, depth + 1).length === 0))
    problems.push(problem(path, 'contains', 'has no item of the kind that it should contain'));
  if (schema.uniqueItems === true) {
    run.steps -= value.length;
    if (new Set(value.map(canonical)).size < value.length)
      problems.push(problem(path, 'uniqueItems', 'holds the same item twice'));
  }
  return problems;
}

function checkObject(run: Run, schema: JsonObject, value: JsonObject, path: Path, depth: number): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  const properties = isJsonObject(schema.properties) ? schema.properties : {};
  const patterns = isJsonObject(schema.patternProperties) ? Object.entries(schema.patternProperties) : [];
  const others = schema.additionalProperties;
  const required = Array.isArray(schema.required) ? (schema.required as readonly Json[]) : [];
  for (const key of required) {
    if (typeof key === 'string' && !Object.hasOwn(value, key))
      problems.push(problem([...path, key], 'required', 'is missing'));
  }
  const keys = Object.keys(value);
  for (const key of keys) {
    if (problems.length >= MOST_PROBLEMS || run.steps <= 0) break;
    const own = value[key] ?? null;
    const at = [...path, key];
    let known = Object.hasOwn(properties, key);
    if (known) problems.push(...check(run, properties[key] ?? true, own, at, depth + 1));
    for (const [pattern, rule] of patterns) {
      if (matches(run, pattern, key) === false) continue;
      // What could not be matched may be what was meant.
      if (run.patterns.get(pattern) !== null) problems.push(...check(run, rule, own, at, depth + 1));
      known = true;
    }
    if (known || others === undefined) continue;
    if (others === false)
      problems.push(problem(at, 'additionalProperties', `is not known${nearest(key, Object.keys(properties))}`));
    else problems.push(...check(run, others, own, at, depth + 1));
  }
  const { minProperties, maxProperties, propertyNames } = schema;
  if (typeof minProperties === 'number' && keys.length < minProperties)
    problems.push(
      problem(path, 'minProperties', `has ${many(keys.length, 'key')}, and should have at least ${minProperties}`),
    );
  if (typeof maxProperties === 'number' && keys.length > maxProperties)
    problems.push(
      problem(path, 'maxProperties', `has ${many(keys.length, 'key')}, and should have at most ${maxProperties}`),
    );
  if (propertyNames !== undefined) {
    const wrong = keys
      .slice(0, MOST_PROBLEMS)
      .find((key) => check(run, propertyNames, key, path, depth + 1).length > 0);
    if (wrong !== undefined)
      problems.push(problem([...path, wrong], 'propertyNames', 'is no name that is allowed here'));
  }
  problems.push(...checkDependent(run, schema, value, path, depth));
  return problems;
}

function checkDependent(run: Run, schema: JsonObject, value: JsonObject, path: Path, depth: number): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  for (const word of ['dependentRequired', 'dependentSchemas', 'dependencies']) {
    const rules = schema[word];
    if (!isJsonObject(rules)) continue;
    for (const [key, rule] of Object.entries(rules)) {
      if (!Object.hasOwn(value, key)) continue;
      if (!Array.isArray(rule)) problems.push(...check(run, rule, value, path, depth + 1));
      else
        for (const each of rule as readonly Json[])
          if (typeof each === 'string' && !Object.hasOwn(value, each))
            problems.push(problem([...path, each], 'required', `is missing, beside ${quote(key)}`));
    }
  }
  return problems;
}

function checkCombined(run: Run, schema: JsonObject, value: Json, path: Path, depth: number): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  const { allOf, anyOf, oneOf, not } = schema;
  if (Array.isArray(allOf))
    for (const each of allOf as readonly Json[]) problems.push(...check(run, each, value, path, depth + 1));
  if (Array.isArray(anyOf)) problems.push(...checkOptions(run, anyOf as readonly Json[], value, path, depth, 'anyOf'));
  if (Array.isArray(oneOf)) problems.push(...checkOptions(run, oneOf as readonly Json[], value, path, depth, 'oneOf'));
  if (not !== undefined && run.steps > 0 && check(run, not, value, path, depth + 1).length === 0 && run.steps > 0)
    problems.push(problem(path, 'not', 'is what the schema excludes'));
  if (schema.if !== undefined) {
    const branch = check(run, schema.if, value, path, depth + 1).length === 0 ? schema.then : schema.else;
    if (branch !== undefined) problems.push(...check(run, branch, value, path, depth + 1));
  }
  return problems;
}

function checkOptions(
  run: Run,
  options: readonly Json[],
  value: Json,
  path: Path,
  depth: number,
  keyword: 'anyOf' | 'oneOf',
): SchemaProblem[] {
  if (options.length === 0) return [];
  let closest: SchemaProblem[] | null = null;
  let fitting = 0;
  for (const option of options) {
    const found = check(run, option, value, path, depth + 1);
    if (found.length === 0) fitting++;
    else if (closest === null || isCloser(found, closest, path)) closest = found;
    if (fitting > 0 && keyword === 'anyOf') return [];
  }
  if (fitting === 1 || run.steps <= 0) return [];
  if (fitting > 1) return [problem(path, 'oneOf', `fits ${fitting} alternatives, and should fit one`)];
  const real = options.filter((option) => !isJsonObject(option) || option.type !== 'null');
  // Of "this or null" only this was meant.
  if (real.length === 1 && closest) return closest;
  const [first] = closest ?? [];
  const why = first ? `; the nearest: ${sentence(first, path)}` : '';
  return [problem(path, keyword, `fits none of ${options.length} alternatives${why}`)];
}

/** One that is wrong deeper inside is nearer to what was meant than one of another type; then fewer problems are. */
function isCloser(one: readonly SchemaProblem[], other: readonly SchemaProblem[], path: Path): boolean {
  const inside = (problems: readonly SchemaProblem[]): boolean =>
    !problems.some((each) => each.path.length === path.length && each.keyword === 'type') &&
    !problems.some((each) => each.keyword === 'const' || each.keyword === 'enum');
  return inside(one) !== inside(other) ? inside(one) : one.length < other.length;
}

function sentence({ path, message }: SchemaProblem, above: Path): string {
  const inner = path.slice(above.length);
  return inner.length === 0 ? message : `${inner.join('.').slice(0, LONGEST_QUOTED)} ${message}`;
}

/** A known key that differs in letter case and separators alone is what was meant. */
function nearest(key: string, known: readonly string[]): string {
  const plain = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  if (key.length > LONGEST_QUOTED) return '';
  const meant = known.slice(0, 200).find((each) => plain(each) === plain(key));
  return meant === undefined ? '' : `; the schema has ${quote(meant)}`;
}
