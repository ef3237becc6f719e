/** What grading with a definition takes, the graders inside it included. */
import type { GraderDefinition, GraderRuns } from '#shared/grader.ts';
import type { Json } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import { kindOf } from '../../graders/registry.ts';

const DEEPEST = 8;

/** The slowest of them. */
export function runsOf(definition: GraderDefinition): GraderRuns {
  const all = definitionsIn(definition).map((each) =>
    asksEmbeddings(each) ? 'endpoint' : (kindOf(each.type)?.runs ?? 'pure'),
  );
  return all.includes('endpoint') ? 'endpoint' : all.includes('code') ? 'code' : 'pure';
}

/** Of the text metrics, one asks a model. */
export function asksEmbeddings({ type, evaluation_metric: metric }: GraderDefinition): boolean {
  return type === 'text_similarity' && metric === 'cosine';
}

/** The definition and those inside it: `multi` holds others. */
export function definitionsIn(value: Json, depth = 0): GraderDefinition[] {
  if (depth > DEEPEST || typeof value !== 'object' || value === null) return [];
  const inner = Object.values(value).flatMap((each: Json) => definitionsIn(each, depth + 1));
  if (!isJsonObject(value) || typeof value.type !== 'string' || typeof value.name !== 'string') return inner;
  const definition: GraderDefinition = { ...value, type: value.type, name: value.name };
  return kindOf(value.type) ? [definition, ...inner] : inner;
}
