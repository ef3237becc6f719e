/** Opens the engine in this process: the same one that the app runs beside its windows. */
import { parseQuery } from '#shared/query.ts';
import { AppFailure, type AppError, type Result } from '#shared/result.ts';
import { createEngine, type Engine, type EngineOptions } from '../engine/create-engine.ts';
import type { Context } from './context.ts';
import { VERSION } from './version.ts';

/** What graders may ask of the outside. */
export type Asking = Pick<EngineOptions, 'judgeEndpoint' | 'sandboxes'>;

type Opening = Asking & {
  readonly readOnly?: boolean;
  /** null = no collector */ readonly httpPort?: number | null;
  readonly grpcPort?: number;
  readonly readerThread?: boolean;
};

/** Opens the workspace to write, for as long as `work` runs. Fails when another process holds it. */
export async function withWriter<T>(
  context: Context,
  work: (engine: Engine) => Promise<T>,
  asking: Asking = {},
): Promise<T> {
  return withEngine(unwrap(await open(context, asking)), work);
}

/** As `withWriter`, for work on what is there: a wrong path must fail, not make an empty workspace. */
export async function withExistingWriter<T>(
  context: Context,
  work: (engine: Engine) => Promise<T>,
  asking: Asking = {},
): Promise<T> {
  const reading = await open(context, { readOnly: true });
  if (reading.ok) await reading.value.close();
  else if (reading.error.code === 'not_found') throw new AppFailure(reading.error);
  return withWriter(context, work, asking);
}

/**
 * Opens the workspace to read, for as long as `work` runs. Takes no lock, so that the app or a collector may hold the
 * file or start meanwhile; only what a crash or an older version left undone is finished first, when nobody holds it.
 * @param query that traces are chosen by: where it asks for findings, those are looked for first
 */
export async function withReader<T>(
  context: Context,
  work: (engine: Engine) => Promise<T>,
  query = '',
  asking: Asking = {},
): Promise<T> {
  const findings = parseQuery(query).terms.some((term) => term.type === 'field' && term.field === 'finding');
  const finish = async (engine: Engine): Promise<T> => {
    await engine.settle({ findings });
    return work(engine);
  };
  const reading = await open(context, { ...asking, readOnly: true });
  // Must be upgraded first: that is writing.
  if (!reading.ok && reading.error.code === 'workspace_locked')
    return withWriter(context, findings ? finish : work, asking);
  const reader = unwrap(reading);
  const due = findings ? await findingsDue(reader) : 0;
  if (due === 0 && !(await hasUnfinished(reader))) return withEngine(reader, work);
  const writing = await open(context, asking);
  if (!writing.ok) {
    if (due > 0) context.io.err(`Findings of ${due} traces are still being looked for by who holds the workspace.\n`);
    return withEngine(reader, work);
  }
  await reader.close();
  return withEngine(writing.value, finish);
}

export async function open(
  context: Context,
  { readOnly = false, httpPort = null, grpcPort, readerThread = false, ...asking }: Opening,
): Promise<Result<Engine>> {
  const nativeBinding = context.io.env.TRACEWRIGHT_SQLITE_BINDING ?? null;
  return createEngine({
    workspace: context.workspace,
    httpPort,
    ...(grpcPort === undefined ? {} : { grpcPort }),
    readOnly,
    nativeBinding,
    appVersion: VERSION,
    readerThread,
    ...asking,
  });
}

async function findingsDue(engine: Engine): Promise<number> {
  const [row] = await engine.call('sql.query', { sql: 'SELECT count(*) AS due FROM finding_due' });
  return Number(row?.due ?? 0);
}

/** Traces whose totals were not derived again since spans arrived, or since they could no longer be live. */
async function hasUnfinished(engine: Engine): Promise<boolean> {
  const rows = await engine.call('sql.query', {
    sql: `SELECT 1 FROM trace WHERE dirty = 1 OR live_until BETWEEN 1 AND ${Date.now()} LIMIT 1`,
  });
  return rows.length > 0;
}

async function withEngine<T>(engine: Engine, work: (engine: Engine) => Promise<T>): Promise<T> {
  try {
    return await work(engine);
  } finally {
    await engine.close();
  }
}

function unwrap(result: Result<Engine, AppError>): Engine {
  if (!result.ok) throw new AppFailure(result.error);
  return result.value;
}
