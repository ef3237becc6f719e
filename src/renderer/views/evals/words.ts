/** Evals and runs in words, the same wherever they are shown. */
import type {
  CriterionFigures,
  EvalDefinition,
  EvalRunRow,
  ExampleLink,
  RunCounts,
  RunItemRow,
  RunStatus,
} from '#shared/eval.ts';
import { wilson } from '#shared/wilson.ts';
import { formatCount } from '../../widgets/format.ts';
import { visibleString } from '../../widgets/visible-text.ts';

export const STATUS_WORDS: Readonly<Record<RunStatus, string>> = {
  queued: 'waits',
  running: 'runs',
  done: 'done',
  cancelled: 'cancelled',
  failed: 'failed',
};

export const ITEM_WORDS: Readonly<Record<RunItemRow['status'], string>> = {
  due: 'due',
  passed: 'passed',
  failed: 'failed',
  errored: 'errored',
  neither: 'neither',
};

export const LINK_WORDS: Readonly<Record<ExampleLink['by'], string>> = {
  any: 'by any task id, else by input',
  metadata: 'by a field of the metadata',
  input: 'by input',
};

export function isOpen({ status }: Pick<EvalRunRow, 'status'>): boolean {
  return status === 'queued' || status === 'running';
}

/** "1 trace", "2 traces". */
export function counted(count: number, word: string): string {
  return `${formatCount(count)} ${word}${count === 1 ? '' : 's'}`;
}

const QUERY_LENGTH = 120;

/** What is taken, for people. `datasets`: names by id, as far as they are known. */
export function sourceWords(source: EvalRunRow['source'], datasets: ReadonlyMap<string, string>): string {
  switch (source.kind) {
    case 'traces':
      return counted(source.traceIds.length, 'chosen trace');
    case 'filter':
      return source.query.trim() === '' ? 'all traces' : `traces for ${cut(source.query)}`;
    case 'dataset': {
      const name = datasets.get(source.datasetId);
      const version = source.version === null ? 'newest version' : `version ${source.version}`;
      const which = name === undefined ? 'a dataset' : `“${cut(name)}”`;
      return `examples of ${which}, ${version}${source.query.trim() === '' ? '' : `, traces for ${cut(source.query)}`}`;
    }
    case 'items':
      return `${counted(source.count, 'answer')} that ${source.count === 1 ? 'was' : 'were'} handed in`;
    case 'imported':
      return `imported: ${cut(source.format)}${source.path === null ? '' : `, ${cut(baseName(source.path))}`}`;
    default:
      return 'something that this version does not know';
  }
}

function cut(text: string): string {
  const characters = Array.from(text.slice(0, 2 * QUERY_LENGTH));
  const short = characters.slice(0, QUERY_LENGTH).join('');
  return visibleString(short.length < text.length ? `${short}…` : short);
}

function baseName(path: string): string {
  return path.split(/[\\/]/).filter(Boolean).at(-1) ?? path;
}

/** "sample of 50, seed 1"; '' = all. */
export function sampleWords(sample: EvalDefinition['sample']): string {
  return sample ? `sample of ${formatCount(sample.limit)}, seed ${sample.seed}` : '';
}

/** "83 %", "12.5 %", "<0.1 %", ">99.9 %": never 0 or 100 for what is not. */
export function percent(share: number): string {
  if (share > 0 && share < 0.0005) return '<0.1 %';
  if (share < 1 && share >= 0.9995) return '>99.9 %';
  return `${tenths(share)} %`;
}

/** As the command line and comparisons write it. */
function tenths(share: number): string {
  return String(Number((share * 100).toFixed(1)));
}

/** `tasks`: how many different ones; fewer than `of` where tasks were tried several times. */
export type Rate = {
  readonly share: number;
  readonly low: number;
  readonly high: number;
  readonly of: number;
  readonly tasks: number;
};

/** Share of those that passed or failed, with its 95 % interval; null = there is none. */
export function passRate({ passed, failed }: Pick<RunCounts, 'passed' | 'failed'>): Rate | null {
  const of = passed + failed;
  if (of === 0) return null;
  const { low, high } = wilson(passed, of);
  return { share: passed / of, low, high, of, tasks: of };
}

/** The same as the engine reckons it, for which trials of one task say less than as many tasks; null = it is no rate. */
export function rateOf({ measure, value, range, n, tasks }: CriterionFigures): Rate | null {
  return measure === 'pass rate' && value !== null && range !== null ? { share: value, ...range, of: n, tasks } : null;
}

/** "83 % (72.4–90.1 %)". */
export function rateWords(rate: Rate | null): string {
  if (rate === null) return '–';
  return `${percent(rate.share)} (${tenths(rate.low)}–${tenths(rate.high)} %)`;
}

/** "about 4 min left": from the pace so far; null before there is one. */
export function remainingWords(run: Pick<EvalRunRow, 'counts' | 'startedAt' | 'status'>, now: number): string | null {
  const { done, total } = run.counts;
  if (run.status !== 'running' || run.startedAt === null || done === 0 || done >= total) return null;
  const passed = now - run.startedAt;
  if (passed <= 0) return null;
  return `about ${lengthWords((passed / done) * (total - done))} left`;
}

/** Milliseconds as one number and a unit: "8 s", "4 min", "2.5 h". */
export function lengthWords(ms: number): string {
  if (ms < 1_000) return `${Math.max(1, Math.round(ms))} ms`;
  const seconds = ms / 1_000;
  if (seconds < 10) return `${seconds.toFixed(1).replace(/\.0$/, '')} s`;
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  const hours = seconds / 3_600;
  if (hours < 48) return `${hours.toFixed(1).replace(/\.0$/, '')} h`;
  return counted(Math.round(hours / 24), 'day');
}

/** What was asked of models in the run, with what it cost. */
export function modelWords(use: EvalRunRow['modelUse'], cost: (usd: number | null) => string): readonly string[] {
  return use.map(
    ({ model, calls, promptTokens, completionTokens, cost: usd }) =>
      `${visibleString(model.slice(0, 100))}: ${counted(calls, 'call')}, ${formatCount(promptTokens + completionTokens)} tokens, ${usd === null ? 'price unknown' : cost(usd)}`,
  );
}
