import { parseQuery } from '#shared/query.ts';
import { UsageError } from './context.ts';

/** A search that cannot be what a person meant is wrong usage, and no search for something else. */
export function checkQuery(query: string | undefined): void {
  const problem = parseQuery(query ?? '').problems[0];
  if (problem !== undefined) throw new UsageError(`${problem}.`);
}
