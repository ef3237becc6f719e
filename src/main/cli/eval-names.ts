/** Runs and evals by what a person has at hand of them. */
import type { EvalRow, EvalRunRow } from '#shared/eval.ts';
import { AppFailure } from '#shared/result.ts';
import type { Engine } from '../engine/create-engine.ts';

const SHORTEST = 4;

/** By its id, the beginning of one, or its name where only one has it. */
export async function runNamed(engine: Engine, given: string): Promise<EvalRunRow> {
  return chosen('run', given, await engine.call('run.list', {}), 'tracewright eval runs');
}

export async function evalNamed(engine: Engine, given: string): Promise<EvalRow> {
  return chosen('eval', given, await engine.call('eval.list', { archived: true }), 'tracewright eval list');
}

function chosen<T extends { readonly id: string; readonly name: string }>(
  what: string,
  given: string,
  all: readonly T[],
  see: string,
): T {
  const exact = all.find(({ id }) => id === given);
  if (exact) return exact;
  const named = all.filter(({ name }) => name === given);
  const found = named.length > 0 ? named : given.length >= SHORTEST ? all.filter(({ id }) => id.startsWith(given)) : [];
  const [one, ...others] = found;
  if (!one)
    throw new AppFailure({ code: 'not_found', message: `There is no ${what} "${given}".`, hint: `See "${see}".` });
  if (others.length > 0)
    throw new AppFailure({
      code: 'bad_request',
      message: `${found.length} ${what}s are meant by "${given}".`,
      hint: 'Give the whole id.',
    });
  return one;
}
