/** What a run of OpenAI measured: the criteria of its eval, and those that only its results name. */
import type { Json, JsonObject } from '#shared/json.ts';
import { shareOf, weightOf } from './criterion-of.ts';
import type { FoundCriterion } from './types.ts';
import { objectsIn, textOf } from './types.ts';

export type KeyedCriterion = FoundCriterion & { /** How results name it. */ readonly keys: readonly string[] };

/** OpenAI names a criterion in results by its name with an id behind it. */
export const WITH_ID = /-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Those of the eval, then those that only results name. */
export function criteriaOf(run: JsonObject, items: readonly JsonObject[], of: JsonObject): KeyedCriterion[] {
  const criteria: KeyedCriterion[] = [];
  const names = new Set<string>();
  const known = new Set<string>();
  function add(wanted: string, keys: readonly string[], definition: JsonObject): void {
    let name = wanted;
    for (let copy = 2; names.has(name); copy++) name = `${wanted} (${copy})`;
    names.add(name);
    for (const key of keys) known.add(key);
    const { threshold, weight, id: _id, ...rest } = definition;
    const type = textOf(rest.type) ?? 'imported';
    criteria.push({
      name,
      keys,
      definition: { ...rest, type, name: textOf(rest.name) ?? wanted },
      threshold: shareOf(threshold),
      weight: weightOf(weight),
    });
  }
  objectsIn(of.testing_criteria).forEach((each, at) => {
    const name = textOf(each.name) ?? textOf(each.id) ?? `Criterion ${at + 1}`;
    // The name too: of two criteria with one name, results tell the id.
    add(
      name,
      [textOf(each.id), name].filter((key) => key !== null),
      each,
    );
  });
  const stated = objectsIn(run.per_testing_criteria_results).map((each) => ({
    name: each.testing_criteria,
    type: 'imported',
  }));
  for (const { name, type } of [...stated, ...items.flatMap(({ results }) => objectsIn(results))]) {
    const key = textOf(name);
    if (key === null || known.has(key) || known.has(key.replace(WITH_ID, ''))) continue;
    const bare = key.replace(WITH_ID, '');
    add(bare === '' ? key : bare, [key], { type: typeOf(type), name: bare === '' ? key : bare });
  }
  return criteria;
}

/** "string-check-grader" is the type string_check. */
function typeOf(type: Json | undefined): string {
  return (textOf(type) ?? 'imported').replace(/-grader$/, '').replaceAll('-', '_');
}
