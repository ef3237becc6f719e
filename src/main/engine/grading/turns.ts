/**
 * Which graders grade together. Each Python source has an interpreter of its own, which takes seconds to start, and only so
 * many are kept: more of them than that would start one for each trace. Such graders come one group after the other.
 */
import type { GraderDefinition } from '#shared/grader.ts';
import { INTERPRETERS } from '../../sandbox/python/runner.ts';
import { definitionsIn } from './runs.ts';

/** One is left to whoever tries a grader meanwhile. */
const SOURCES = INTERPRETERS - 1;

/** The versions in groups, none of which is empty; all others are in the first. */
export function inTurns(
  versionKeys: readonly number[],
  definitionOf: (versionKey: number) => GraderDefinition,
): number[][] {
  const first: number[] = [];
  const turns: number[][] = [first];
  let sources = 0;
  for (const key of versionKeys) {
    const own = new Set(
      definitionsIn(definitionOf(key))
        .filter(({ type }) => type === 'python')
        .map(({ source }) => source),
    ).size;
    if (own === 0) {
      first.push(key);
      continue;
    }
    if (sources > 0 && sources + own > SOURCES) {
      turns.push([]);
      sources = 0;
    }
    turns.at(-1)?.push(key);
    sources += own;
  }
  return turns.filter((turn) => turn.length > 0);
}
