/** What is wrong with the definition of an eval, said in one sentence each. Unknown fields are left out. */
import type { EvalCriterion, EvalDefinition, EvalSource, ExampleLink } from '#shared/eval.ts';
import { MOST_ITEMS } from '#shared/eval.ts';
import type { GraderVersion } from '#shared/grader.ts';
import { AppFailure } from '#shared/result.ts';
import type { Reader } from '../../store/database.ts';
import { datasetById } from '../../store/dataset-store.ts';
import { graderById, versionsOf } from '../../store/grader-store.ts';
import { readQuery } from '../../store/trace-queries.ts';

const NAME = 200;
const MOST_CRITERIA = 50;
/** OpenAI's bounds of metadata. */
const PAIRS = 16;
const KEY = 64;
const VALUE = 512;

/** Throws an AppFailure of `bad_request`, or of `not_found` where it names what is not there. */
export function checkEval(reader: Reader, given: EvalDefinition): EvalDefinition {
  const { sample } = given;
  return {
    name: checkName(given.name),
    criteria: checkCriteria(reader, given.criteria),
    source: checkSource(reader, given.source),
    ...(sample === undefined || sample === null ? {} : { sample: checkSample(sample) }),
    metadata: checkMetadata(given.metadata),
  };
}

export function checkName(given: unknown): string {
  const name = typeof given === 'string' ? given.trim() : '';
  if (name === '') throw bad('A name is needed.', 'Say in a few words what is measured.');
  if ([...name].length > NAME) throw bad(`A name has at most ${NAME} characters.`, 'Shorten it.');
  return name;
}

export function checkCriteria(reader: Reader, given: unknown): readonly EvalCriterion[] {
  const list: readonly unknown[] = Array.isArray(given) ? given : [];
  if (list.length === 0) throw bad('An eval needs at least one criterion.', 'Add a grader.');
  if (list.length > MOST_CRITERIA) throw bad(`An eval has at most ${MOST_CRITERIA} criteria.`, 'Make two evals of it.');
  const seen = new Set<string>();
  return list.map((each, index) => {
    const where = `Criterion ${index + 1}`;
    const { graderId, versionHash = null, threshold = null, weight = 1 } = (each ?? {}) as Record<string, unknown>;
    if (typeof graderId !== 'string' || !(versionHash === null || typeof versionHash === 'string'))
      throw bad(`${where} names no grader.`, 'Choose one.');
    versionOf(reader, { graderId, versionHash }, where);
    if (threshold !== null && !(typeof threshold === 'number' && threshold >= 0 && threshold <= 1))
      throw bad(`${where}: a threshold is a share from 0 to 1.`, 'Write 0.9 for 90 %.');
    if (!(typeof weight === 'number' && Number.isFinite(weight) && weight >= 0))
      throw bad(`${where}: a weight is a number from 0 up.`, 'Write 1 unless it counts more or less than others.');
    const key = `${graderId} ${versionHash ?? ''}`;
    if (seen.has(key)) throw bad(`${where} is there twice.`, 'Remove one of the two.');
    seen.add(key);
    return { graderId, versionHash, threshold, weight };
  });
}

/** The one that is named, else the one in use. */
export function versionOf(
  reader: Reader,
  { graderId, versionHash }: Pick<EvalCriterion, 'graderId' | 'versionHash'>,
  where: string,
): GraderVersion {
  const grader = graderById(reader, graderId);
  if (!grader)
    throw new AppFailure({
      code: 'not_found',
      message: `${where} names a grader that does not exist.`,
      hint: 'Choose another one.',
    });
  if (versionHash === null) return grader.current;
  const version = versionsOf(reader, graderId).find(({ hash }) => hash === versionHash);
  if (!version)
    throw new AppFailure({
      code: 'not_found',
      message: `${where}: "${grader.name}" has no such version.`,
      hint: 'Choose another version.',
    });
  return version;
}

export function checkSource(reader: Reader, given: unknown): EvalSource {
  const source = (typeof given === 'object' && given !== null ? given : {}) as Record<string, unknown>;
  switch (source.kind) {
    case 'traces': {
      const { traceIds } = source;
      if (!Array.isArray(traceIds) || traceIds.length === 0 || traceIds.some((id) => typeof id !== 'string'))
        throw bad('No trace is chosen.', 'Choose traces, or a filter.');
      if (traceIds.length > MOST_ITEMS)
        throw bad(`At most ${MOST_ITEMS.toLocaleString('en')} traces can be chosen.`, 'Use a filter with a sample.');
      return { kind: 'traces', traceIds: [...new Set(traceIds as readonly string[])] };
    }
    case 'filter':
      return { kind: 'filter', query: checkQuery(source.query) };
    case 'dataset': {
      const { datasetId, version = null } = source;
      if (typeof datasetId !== 'string') throw bad('No dataset is chosen.', 'Choose one.');
      const dataset = datasetById(reader, datasetId);
      if (!dataset)
        throw new AppFailure({
          code: 'not_found',
          message: 'This dataset does not exist.',
          hint: 'Choose another source.',
        });
      if (version !== null && !(Number.isSafeInteger(version) && Number(version) >= 1))
        throw bad('A version of a dataset is a whole number from 1 up.', 'Leave it out for the newest.');
      const chosen = version === null ? null : Number(version);
      if (chosen !== null && chosen > dataset.version)
        throw bad(`"${dataset.name}" has no version ${chosen}.`, `The newest is ${dataset.version}.`);
      const query = checkQuery(source.query ?? '');
      return { kind: 'dataset', datasetId, version: chosen, query, link: checkLink(source.link) };
    }
    default:
      throw bad('An eval needs a source of traces.', 'Choose traces, a filter or a dataset.');
  }
}

function checkQuery(given: unknown): string {
  if (typeof given !== 'string') throw bad('A filter is a search text.', 'Leave it empty for all traces.');
  const [problem] = readQuery(given).problems;
  if (problem !== undefined) throw bad(`${problem}.`, 'Correct the search.');
  return given.trim();
}

function checkLink(given: unknown): ExampleLink {
  const { by, field } = (typeof given === 'object' && given !== null ? given : {}) as Record<string, unknown>;
  if (by === 'input' || by === 'any') return { by };
  if (by !== 'metadata')
    throw bad('Traces are known to be of an example by metadata, by input, or by any of them.', 'Choose one.');
  if (typeof field !== 'string' || field.trim() === '')
    throw bad('The field of the metadata is missing.', 'Name the field that holds the key of the example.');
  return { by, field: field.trim() };
}

function checkSample(given: unknown): NonNullable<EvalDefinition['sample']> {
  const { limit, seed } = given as Record<string, unknown>;
  return { limit: checkLimit(limit) ?? MOST_ITEMS, seed: checkSeed(seed) };
}

/** Null = all. */
export function checkLimit(limit: unknown): number | null {
  if (limit === null || limit === undefined) return null;
  if (Number.isSafeInteger(limit) && Number(limit) >= 1 && Number(limit) <= MOST_ITEMS) return Number(limit);
  throw bad(`A sample has from 1 to ${MOST_ITEMS.toLocaleString('en')} traces.`, 'Leave it out for all.');
}

function checkSeed(seed: unknown): number {
  if (Number.isSafeInteger(seed) && Number(seed) >= 0) return Number(seed);
  throw bad('A seed is a whole number from 0 up.', 'Any will do; the same one draws the same sample.');
}

function checkMetadata(given: unknown): EvalDefinition['metadata'] {
  if (given === undefined || given === null) return {};
  if (typeof given !== 'object' || Array.isArray(given)) throw bad('Metadata are names with texts.', 'Correct them.');
  const pairs = Object.entries(given);
  if (pairs.length > PAIRS) throw bad(`Metadata have at most ${PAIRS} pairs.`, 'Remove some.');
  const metadata: Record<string, string> = {};
  for (const [key, value] of pairs) {
    const text: unknown = value;
    if (key === '' || key.length > KEY) throw bad(`A name in the metadata has 1 to ${KEY} characters.`, 'Shorten it.');
    if (typeof text !== 'string' || text.length > VALUE)
      throw bad(`A value in the metadata is a text of at most ${VALUE} characters.`, 'Shorten it.');
    Object.defineProperty(metadata, key, { value: text, enumerable: true, configurable: true, writable: true });
  }
  return metadata;
}

function bad(message: string, hint: string): AppFailure {
  return new AppFailure({ code: 'bad_request', message, hint });
}
