/** What an eval file asks for, made of what the workspace has: graders, the eval, its source. */
import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { EvalCriterion, EvalRow, EvalSource } from '#shared/eval.ts';
import { parseQuery } from '#shared/query.ts';
import { AppFailure } from '#shared/result.ts';
import type { Engine } from '../engine/create-engine.ts';
import type { EvalFileCriterion, EvalFileRow, ReadEvalFile } from '../engine/evals/exchange/eval-file.ts';
import { rowsIn } from '../engine/evals/exchange/eval-file.ts';
import { definitionHash } from '../graders/judge/hash.ts';
import type { Io } from './io.ts';
import { parseJson, readTextFile } from './json-file.ts';
import { plain } from './text.ts';

/** JSONL, a list, or a run's data source. */
export async function readRows(path: string): Promise<readonly EvalFileRow[]> {
  const text = await readTextFile(path);
  const isList = /^\s*\[/.test(text);
  const values = isList
    ? parseJson(text, path)
    : text.split('\n').flatMap((line, at) => (line.trim() === '' ? [] : [parseJson(line, `${path}, line ${at + 1},`)]));
  const rows = Array.isArray(values) ? rowsIn(values) : [];
  if (rows.length === 0)
    throw new AppFailure({
      code: 'bad_request',
      message: `${path} holds no rows.`,
      hint: 'Give one JSON object {"item","sample"} a line.',
    });
  return rows;
}

/**
 * What says the same as a grader here is that one; one of the same name and kind gets a new version. Two of a file are never
 * one grader.
 */
export async function saveCriteria(
  engine: Engine,
  io: Io,
  given: readonly EvalFileCriterion[],
): Promise<EvalCriterion[]> {
  const known = await engine.call('grader.list', {});
  const taken = new Set<string>();
  const hashes = new Set<string>();
  const criteria: EvalCriterion[] = [];
  const wanted = given.filter(({ definition }) => {
    const hash = definitionHash(definition);
    if (!hashes.has(hash)) return Boolean(hashes.add(hash));
    io.err(`warning: "${plain(definition.name)}" is in the file twice, and counts once.\n`);
    return false;
  });
  for (const { definition } of wanted) {
    const same = known.find(({ current }) => current.hash === definitionHash(definition));
    if (same) taken.add(same.id);
  }
  for (const { definition, threshold, weight } of wanted) {
    const hash = definitionHash(definition);
    const same =
      known.find(({ current }) => current.hash === hash) ??
      known.find(({ id, name, type }) => name === definition.name && type === definition.type && !taken.has(id));
    const row =
      same?.current.hash === hash
        ? same
        : await engine.call('grader.save', { definition, ...(same ? { id: same.id } : {}) });
    taken.add(row.id);
    criteria.push({ graderId: row.id, versionHash: null, threshold, weight });
  }
  return criteria;
}

export async function sourceOf(
  engine: Engine,
  file: ReadEvalFile,
  options: { readonly dataset?: string; readonly query?: string },
): Promise<EvalSource> {
  const { dataset, query } = options;
  const own = file.source ?? { kind: 'filter', query: '' };
  if (dataset !== undefined)
    return {
      kind: 'dataset',
      datasetId: await datasetNamed(engine, dataset),
      version: null,
      query: query ?? (own.kind === 'filter' ? own.query : ''),
      link: file.link ?? { by: 'any' },
    };
  if (query === undefined) return own;
  return own.kind === 'dataset' ? { ...own, query } : { kind: 'filter', query };
}

/** Id or name of one that is here; else a file, which is imported under its name. */
async function datasetNamed(engine: Engine, given: string): Promise<string> {
  const known = await engine.call('dataset.list', {});
  const here = known.find(({ id }) => id === given) ?? known.find(({ name }) => name === given);
  if (here) return here.id;
  if (!existsSync(given))
    throw new AppFailure({
      code: 'not_found',
      message: `There is no dataset and no file "${given}".`,
      hint: 'Give the id or name of a dataset, or the path of a file.',
    });
  const name = basename(given).replace(/\.[^.]+$/, '');
  const same = known.find((each) => each.name === name);
  const { dataset } = await engine.call('dataset.import', {
    path: resolve(given),
    ...(same ? { id: same.id } : { name }),
  });
  return dataset.id;
}

export function searchesFindings(source: EvalSource): boolean {
  return (
    source.kind !== 'traces' &&
    parseQuery(source.query).terms.some((term) => term.type === 'field' && term.field === 'finding')
  );
}

/** The one of this name and these criteria; what it is run over is said with each run. */
export async function evalOf(
  engine: Engine,
  { name, metadata }: ReadEvalFile,
  criteria: readonly EvalCriterion[],
  source: EvalSource,
  hasRows: boolean,
): Promise<EvalRow> {
  const known = await engine.call('eval.list', {});
  const same = known.find((each) => each.name === name && criteriaText(each.criteria) === criteriaText(criteria));
  if (same) return same;
  const definition = { name, criteria, source: hasRows ? ({ kind: 'filter', query: '' } as const) : source, metadata };
  return engine.call('eval.save', { definition });
}

function criteriaText(criteria: readonly EvalCriterion[]): string {
  return JSON.stringify(
    criteria.map(({ graderId, versionHash, threshold, weight }) => [graderId, versionHash, threshold, weight]),
  );
}
