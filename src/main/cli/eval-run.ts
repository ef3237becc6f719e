/** Runs an eval from a file and waits for it; the gate. */
import { resolve } from 'node:path';
import type { EvalRunRow, GateVerdict } from '#shared/eval.ts';
import { AppFailure } from '#shared/result.ts';
import type { Engine } from '../engine/create-engine.ts';
import type { ReadEvalFile } from '../engine/evals/exchange/eval-file.ts';
import { readEvalFile } from '../engine/evals/exchange/eval-file.ts';
import { checkQuery } from './check-query.ts';
import type { Context, ExitCode } from './context.ts';
import { UsageError } from './context.ts';
import { withExistingWriter, withReader, withWriter, type Asking } from './engine.ts';
import { runNamed } from './eval-names.ts';
import { evalOf, readRows, saveCriteria, searchesFindings, sourceOf } from './eval-setup.ts';
import { figuresOfRun, runJson, runText } from './eval-text.ts';
import type { ServiceOptions } from './grade-services.ts';
import type { Io } from './io.ts';
import { readJsonFile } from './json-file.ts';
import { endpointOf } from './judge-options.ts';
import { sandboxesOf } from './sandbox-options.ts';
import { plain } from './text.ts';

export type GateOptions = { readonly baseline?: string; readonly threshold?: number };

type Waiting = ServiceOptions &
  GateOptions & {
    readonly gate?: true;
    readonly junit?: string;
    readonly markdown?: string;
  };

export type RunOptions = Waiting & {
  readonly name?: string;
  readonly query?: string;
  readonly dataset?: string;
  readonly data?: string;
  readonly limit?: number;
  readonly seed?: number;
};

export async function runEval(context: Context, path: string, options: RunOptions): Promise<ExitCode> {
  const { query, dataset, data, threshold } = options;
  if (data !== undefined && (query !== undefined || dataset !== undefined || options.limit !== undefined))
    throw new UsageError('--data takes no --query, --dataset or --limit: all of its rows are graded.');
  checkQuery(query);
  // What is wrong with the files is told apart from a gate that does not hold.
  const read = readEvalFile(await usable(readJsonFile(path)));
  if (!read.ok) throw new UsageError(`${path}: ${read.error.message}`, read.error.hint);
  const file = withThreshold(read.value, threshold);
  if (file.source?.kind === 'filter') checkQuery(file.source.query);
  const rows = data === undefined ? file.rows : await usable(readRows(data));
  for (const { path: at, message } of file.problems) context.io.err(`warning: ${at}: ${plain(message)}\n`);
  // Rows need no traces: they may be the first that a workspace holds.
  const open = rows === null ? withExistingWriter : withWriter;
  return open(
    context,
    async (engine) => {
      const criteria = await saveCriteria(engine, context.io, file.criteria);
      const source = await sourceOf(engine, file, options);
      if (searchesFindings(source)) await engine.settle();
      const of = await evalOf(engine, file, criteria, source, rows !== null);
      // Named before the run starts, so that a wrong name wastes no work.
      const baseline = await baselineOf(engine, options.baseline ?? file.baseline, of.id);
      const started = await engine.call('run.start', {
        evalId: of.id,
        ...(options.name === undefined ? {} : { name: options.name }),
        ...(rows === null
          ? { source, limit: options.limit ?? file.limit, seed: options.seed ?? file.seed ?? 0 }
          : { items: rows }),
      });
      return finish(context, engine, started.id, baseline, options);
    },
    askingOf(context.io, options),
  );
}

export function resumeRun(context: Context, name: string, options: Waiting): Promise<ExitCode> {
  return withExistingWriter(
    context,
    async (engine) => {
      const run = await runNamed(engine, name);
      const baseline = await baselineOf(engine, options.baseline, run.evalId, run.id);
      // One that was killed is still queued or running, and goes on when it is asked for.
      await engine.call('run.resume', { id: run.id });
      return finish(context, engine, run.id, baseline, options);
    },
    askingOf(context.io, options),
  );
}

async function usable<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (cause) {
    throw cause instanceof AppFailure ? new UsageError(cause.message, cause.error.hint) : cause;
  }
}

export function gateRun(context: Context, name: string, options: GateOptions): Promise<ExitCode> {
  return withReader(context, async (engine) => {
    const run = await runNamed(engine, name);
    const baseline = await baselineOf(engine, options.baseline, run.evalId, run.id);
    const asked = askedOf(run, baseline, { ...options, gate: true });
    return tell(context, engine, run, await engine.call('run.gate', { id: run.id, ...asked }), { gate: true });
  });
}

function askingOf(io: Io, options: ServiceOptions): Asking {
  const endpoint = endpointOf(options);
  return { ...(endpoint === null ? {} : { judgeEndpoint: endpoint }), sandboxes: sandboxesOf(io, options) };
}

function withThreshold(file: ReadEvalFile, threshold: number | undefined): ReadEvalFile {
  if (threshold === undefined) return file;
  return { ...file, criteria: file.criteria.map((each) => ({ ...each, threshold: each.threshold ?? threshold })) };
}

/** "last" = the newest finished one of the eval, before this one. */
async function baselineOf(
  engine: Engine,
  given: string | null | undefined,
  evalId: string,
  except?: string,
): Promise<EvalRunRow | null> {
  if (given === null || given === undefined) return null;
  if (given !== 'last') return runNamed(engine, given);
  const runs = await engine.call('run.list', { evalId });
  const at = except === undefined ? -1 : runs.findIndex(({ id }) => id === except);
  return runs.slice(at + 1).find(({ status }) => status === 'done') ?? null;
}

async function finish(
  context: Context,
  engine: Engine,
  id: string,
  baseline: EvalRunRow | null,
  options: Waiting,
): Promise<ExitCode> {
  const { io } = context;
  if (options.baseline === 'last' && baseline === null) io.err('There is no earlier run to compare with.\n');
  await settled(engine, io, id);
  const run = await engine.call('run.get', { id });
  if (run.status === 'cancelled')
    throw new AppFailure({
      code: 'cancelled',
      message: `Cancelled: ${run.counts.done} of ${run.counts.total} items are graded, and kept.`,
      hint: `Go on with "tracewright eval resume ${id}".`,
    });
  const wanted = options.gate === true || baseline !== null;
  const asked = askedOf(run, baseline, options);
  const verdict = wanted ? await engine.call('run.gate', { id, ...asked }) : null;
  for (const [path, format] of [
    [options.junit, 'junit'],
    [options.markdown, 'markdown'],
  ] as const)
    if (path !== undefined) await engine.call('run.export', { id, path: resolve(path), format, ...asked });
  return tell(context, engine, run, verdict, options);
}

/** Waits until the queue is empty; being asked to stop cancels what runs. */
async function settled(engine: Engine, io: Io, id: string): Promise<void> {
  const unsubscribe = engine.subscribe('job', ({ jobId, done, total, unit, finished }) => {
    if (io.errIsTerminal && jobId === id) io.err(finished ? '\r\u001b[K' : `\r${done} of ${total} ${unit}`);
  });
  io.onStop(() => {
    void engine.call('run.cancel', { id });
  });
  try {
    await engine.settle({ findings: false });
  } finally {
    unsubscribe();
  }
}

/** A gate that nothing else is asked of lets only runs through in which every item passed. */
function askedOf(
  run: EvalRunRow,
  baseline: EvalRunRow | null,
  { gate, threshold }: Pick<Waiting, 'gate' | 'threshold'>,
): { readonly baselineId?: string; readonly threshold?: number } {
  const bare = baseline === null && run.criteria.every((criterion) => criterion.threshold === null);
  const fallback = threshold ?? (gate === true && bare ? 1 : undefined);
  return {
    ...(baseline === null ? {} : { baselineId: baseline.id }),
    ...(fallback === undefined ? {} : { threshold: fallback }),
  };
}

async function tell(
  context: Context,
  engine: Engine,
  run: EvalRunRow,
  verdict: GateVerdict | null,
  { gate }: { readonly gate?: true },
): Promise<ExitCode> {
  const { io, json } = context;
  const figures = await figuresOfRun(engine, run);
  // Without --gate, a baseline alone asks for no thresholds.
  const checks = verdict?.checks.filter(({ kind }) => gate === true || kind !== 'threshold') ?? [];
  const told = verdict === null ? null : { holds: checks.every(({ holds }) => holds), checks };
  if (gate === true && !checks.some(({ kind }) => kind === 'threshold' || kind === 'baseline'))
    io.err('warning: no criterion has pass or fail: the gate only asks that something was graded.\n');
  await io.out(json ? `${JSON.stringify(runJson(run, figures, told))}\n` : runText(io, run, figures, told));
  if (run.status === 'failed') return 1;
  if (told !== null) return told.holds ? 0 : 1;
  return run.counts.total > 0 && run.counts.errored === run.counts.total ? 1 : 0;
}
