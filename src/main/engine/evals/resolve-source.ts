/** What a source holds at this moment: its traces in the order of time, each as a trial of a task. */
import { exampleItem } from '#shared/dataset-item.ts';
import type { EvalSource } from '#shared/eval.ts';
import { MOST_ITEMS } from '#shared/eval.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import { AppFailure } from '#shared/result.ts';
import { shuffled } from '../../review/queue-order.ts';
import { taskOf } from '../../review/pairs.ts';
import type { Reader } from '../../store/database.ts';
import { datasetById } from '../../store/dataset-store.ts';
import type { NewItem } from '../../store/eval-run-writer.ts';
import type { SourceTrace } from '../../store/eval-sources.ts';
import { tracesThatFit, tracesWithIds } from '../../store/eval-sources.ts';
import { readQuery } from '../../store/trace-queries.ts';
import { selectedTraceIds } from '../export-bundles.ts';
import { linkTraces } from './link-traces.ts';
import { resting } from './rest.ts';

export type ResolvedSource = {
  /** With the dataset's version, where one is meant. */
  readonly source: EvalSource;
  readonly items: readonly NewItem[];
  /** Examples, or chosen traces, that were not found. */
  readonly missing: number;
};

export type Sample = {
  /** Null = all. */
  readonly limit: number | null;
  readonly seed: number;
};

type Found = { readonly trace: SourceTrace; readonly task: string; readonly item: Json };

/** Throws an AppFailure: a search that cannot be read, a dataset that is not there, or too many traces. */
export async function resolveSource(
  reader: Reader,
  source: EvalSource,
  { limit, seed }: Sample,
  signal: AbortSignal,
): Promise<ResolvedSource> {
  const { found, missing, version } = await findTraces(reader, source, signal);
  const most = Math.min(found.length, limit ?? found.length);
  if (most > MOST_ITEMS) throw new AppFailure(tooMany);
  return {
    source: source.kind === 'dataset' ? { ...source, version } : source,
    items: numbered(sampled(found, most, seed)),
    missing,
  };
}

const tooMany = {
  code: 'too_large',
  message: `One run takes at most ${MOST_ITEMS.toLocaleString('en')} traces.`,
  hint: 'Narrow the search, or take a sample.',
} as const;

async function findTraces(
  reader: Reader,
  source: EvalSource,
  signal: AbortSignal,
): Promise<{ readonly found: readonly Found[]; readonly missing: number; readonly version: number | null }> {
  const rest = resting(signal);
  if (source.kind === 'dataset') {
    const dataset = datasetById(reader, source.datasetId);
    if (!dataset)
      throw new AppFailure({
        code: 'not_found',
        message: 'The dataset of this eval does not exist.',
        hint: 'Choose another source.',
      });
    const version = source.version ?? dataset.version;
    if (version > dataset.version)
      throw new AppFailure({
        code: 'not_found',
        message: `"${dataset.name}" has no version ${version}; the newest is ${dataset.version}.`,
        hint: 'Choose another version.',
      });
    const traces = fitting(reader, source.query);
    const { datasetId, link } = source;
    const { linked, missing } = await linkTraces(reader, { datasetId, version, link, traces }, rest);
    return {
      found: linked.map(({ trace, example }) => ({ trace, task: example.key, item: exampleItem(example) })),
      missing,
      version,
    };
  }
  const ids = source.kind === 'traces' ? selectedTraceIds(reader, { traceIds: source.traceIds }) : null;
  const traces = source.kind === 'filter' ? fitting(reader, source.query) : tracesWithIds(reader, ids ?? []);
  const found: Found[] = [];
  for (const trace of traces) {
    await rest();
    const metadata = trace.metadata === null ? null : (JSON.parse(trace.metadata) as JsonObject);
    found.push({ trace, task: taskOf(metadata) ?? trace.id, item: null });
  }
  return { found, missing: ids === null ? 0 : ids.length - traces.length, version: null };
}

/** Far above what one run takes: it may be a sample of them. */
const MOST_FITTING = 10 * MOST_ITEMS;

function fitting(reader: Reader, query: string): SourceTrace[] {
  const parsed = readQuery(query);
  const [problem] = parsed.problems;
  if (problem !== undefined)
    throw new AppFailure({ code: 'bad_request', message: `${problem}.`, hint: 'Correct the search.' });
  return tracesThatFit(reader, parsed, MOST_FITTING);
}

/** Drawn with the seed; they stay in the order of time. */
function sampled(found: readonly Found[], most: number, seed: number): readonly Found[] {
  if (found.length <= most) return found;
  const places = found.map((_, place) => place);
  const drawn = shuffled(places, seed)
    .slice(0, most)
    .sort((a, b) => a - b);
  return drawn.flatMap((place) => found[place] ?? []);
}

function numbered(found: readonly Found[]): NewItem[] {
  const trials = new Map<string, number>();
  return found.map(({ trace, task, item }) => {
    const trial = (trials.get(task) ?? 0) + 1;
    trials.set(task, trial);
    const { id: traceId, name: title, cost, durationMs } = trace;
    return { task, trial, title, traceId, cost, durationMs, item, sample: null };
  });
}
