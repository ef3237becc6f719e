/** What the two kinds of code have in common: the fields of their definitions, and the length of their source. */
import type { GraderDefinition, GraderProblem } from '#shared/grader.ts';
import type { JsonObject } from '#shared/json.ts';
import { DEFAULT_TIMEOUT_S, LARGEST_MEMORY_MB, LONGEST_SOURCE, LONGEST_TIMEOUT_S, sourceOf } from './request.ts';

export function limitFields(memoryMb: number): JsonObject {
  return {
    timeout_s: {
      type: ['number', 'null'],
      title: 'Seconds for one grade',
      description: `A grade that takes longer is errored. ${DEFAULT_TIMEOUT_S} unless given, ${LONGEST_TIMEOUT_S} at most.`,
      exclusiveMinimum: 0,
      maximum: LONGEST_TIMEOUT_S,
    },
    memory_mb: {
      type: ['number', 'null'],
      title: 'Megabytes of memory',
      description: `A grade that needs more is errored. ${memoryMb} unless given.`,
      minimum: 1,
      maximum: LARGEST_MEMORY_MB,
    },
  };
}

export function sourceProblems(definition: GraderDefinition): GraderProblem[] {
  const source = sourceOf(definition);
  if (source.trim() === '') return [{ severity: 'error', path: '/source', message: 'There is no source.' }];
  if (new TextEncoder().encode(source).length >= LONGEST_SOURCE)
    return [{ severity: 'error', path: '/source', message: 'The source must be shorter than 256 KB.' }];
  // What a module exports by default is its grade, whatever its name.
  if (!/\bgrade\b|\bexport\b/.test(source))
    return [{ severity: 'error', path: '/source', message: 'The source must define grade(sample, item).' }];
  return [];
}
