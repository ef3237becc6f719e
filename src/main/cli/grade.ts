import type { Command } from 'commander';
import type { Grade, GraderDefinition } from '#shared/grader.ts';
import { TRIAL_TRACES } from '#shared/grading.ts';
import type { Json } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import { AppFailure } from '#shared/result.ts';
import type { Engine } from '../engine/create-engine.ts';
import { checkDefinition } from '../graders/definition.ts';
import { definitionHash } from '../graders/judge/hash.ts';
import { checkQuery } from './check-query.ts';
import type { Context, ExitCode, Run } from './context.ts';
import { UsageError } from './context.ts';
import { withExistingWriter, withReader, type Asking } from './engine.ts';
import type { ServiceOptions } from './grade-services.ts';
import { readWrittenJson } from './json-file.ts';
import { addJudgeOptions, endpointOf } from './judge-options.ts';
import { addSandboxOptions, sandboxesOf } from './sandbox-options.ts';
import { plain, plural, table } from './text.ts';
import { matchingTraces } from './traces.ts';

type Options = ServiceOptions & { readonly grader: readonly string[]; readonly query?: string; readonly dryRun?: true };

export function addGrade(program: Command, run: Run): void {
  const grade = program
    .command('grade')
    .description('Grade traces and keep the verdicts. Exit 1 where a grade errored; a trace that fails is no error')
    .argument('[trace...]', 'ids of the traces (default: all that match --query, else all)')
    .requiredOption(
      '--grader <file>',
      "a grader as JSON, OpenAI's unchanged or of a kind of ours; may be repeated",
      collect,
    )
    .option('--query <q>', 'instead: all traces that match, as in the search box')
    .option('--dry-run', 'keep nothing');
  addSandboxOptions(addJudgeOptions(grade)).action((traceIds: string[], options: Options, command: Command) =>
    run(command, (context) => gradeTraces(context, traceIds, options)),
  );
}

function collect(one: string, before: readonly string[] = []): readonly string[] {
  return [...before, one];
}

/** A verdict as it is told. */
type Told = {
  readonly traceId: string;
  readonly spanId: string | null;
  readonly grader: string;
  /** Hash of the definition. */
  readonly version: string;
  readonly grade: Grade;
};

async function gradeTraces(context: Context, traceIds: readonly string[], options: Options): Promise<ExitCode> {
  const { io, json } = context;
  const { query, dryRun, grader: files } = options;
  if (traceIds.length > 0 && query !== undefined) throw new UsageError('Give traces or --query, not both.');
  checkQuery(query);
  const definitions = (await Promise.all(files.map((file) => readGraders(context, file)))).flat();
  const endpoint = endpointOf(options);
  const asking: Asking = {
    ...(endpoint === null ? {} : { judgeEndpoint: endpoint }),
    sandboxes: sandboxesOf(io, options),
  };
  const stop = new AbortController();
  io.onStop(() => {
    stop.abort();
  });
  const work = async (engine: Engine): Promise<Told[]> => {
    const unsubscribe = engine.subscribe('job', ({ done, total, unit, finished }) => {
      if (io.errIsTerminal) io.err(finished ? '\r\u001b[K' : `\r${done} of ${total} ${unit}`);
    });
    try {
      const chosen = traceIds.length > 0 ? traceIds : await matchingTraces(engine, query ?? '');
      // One that does not exist is told before any is graded.
      for (const traceId of traceIds) await engine.call('trace.get', { traceId });
      if (chosen.length === 0) return [];
      const graded = dryRun === true ? tryAll : gradeAndKeep;
      return await graded(engine, definitions, chosen, stop.signal);
    } finally {
      unsubscribe();
    }
  };
  const told =
    dryRun === true
      ? await withReader(context, work, query ?? '', asking)
      : await withExistingWriter(context, work, asking);
  if (json)
    await io.out(`${JSON.stringify({ results: told.map(resultJson), summary: summarise(definitions, told) })}\n`);
  else await io.out(told.length === 0 ? 'No traces.\n' : render(definitions, told, io.columns));
  return told.some(({ grade }) => grade.status === 'errored') ? 1 : 0;
}

/** A file holds a grader, a list of them, or an eval, whose criteria are graders. */
async function readGraders(context: Context, file: string): Promise<GraderDefinition[]> {
  const value = await readWrittenJson(context, file);
  const inside = isJsonObject(value) && value.type === undefined ? (value.testing_criteria ?? value.grader) : value;
  const list: readonly Json[] = Array.isArray(inside) ? (inside as readonly Json[]) : [inside ?? value];
  if (list.length === 0) throw unusable(file, 'It holds no grader.');
  return list.map((each) => {
    const { definition, problems } = checkDefinition(each);
    if (definition) return definition;
    const errors = problems.filter(({ severity }) => severity === 'error');
    throw unusable(file, errors.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join(' '));
  });
}

function unusable(file: string, why: string): AppFailure {
  return new AppFailure({
    code: 'bad_request',
    message: `${file}: ${why}`,
    hint: 'See "tracewright graders kinds --json" for the schema and an example of each kind.',
  });
}

async function tryAll(
  engine: Engine,
  definitions: readonly GraderDefinition[],
  traceIds: readonly string[],
  signal: AbortSignal,
): Promise<Told[]> {
  const told: Told[] = [];
  for (const definition of definitions) {
    const about = { grader: definition.name, version: definitionHash(definition) };
    for (let from = 0; from < traceIds.length; from += TRIAL_TRACES) {
      const some = traceIds.slice(from, from + TRIAL_TRACES);
      for (const { traceId, grade, grades } of await engine.call(
        'grade.try',
        { definition, traceIds: some, jobId: 'cli' },
        signal,
      )) {
        told.push({ traceId, spanId: null, ...about, grade });
        for (const { spanId, grade: part } of grades)
          if (spanId !== null) told.push({ traceId, spanId, ...about, grade: part });
      }
    }
  }
  return told;
}

/** The grader of the same name and kind has another version then; without one it is new. */
async function gradeAndKeep(
  engine: Engine,
  definitions: readonly GraderDefinition[],
  traceIds: readonly string[],
  signal: AbortSignal,
): Promise<Told[]> {
  const known = await engine.call('grader.list', { archived: true });
  const versions = new Map<string, GraderDefinition>();
  const graderIds: string[] = [];
  for (const definition of definitions) {
    const same = known.find(({ name, type }) => name === definition.name && type === definition.type);
    const row = await engine.call('grader.save', { definition, ...(same ? { id: same.id } : {}) });
    graderIds.push(row.id);
    versions.set(row.current.hash, definition);
  }
  const { id } = await engine.call('grading.start', { graderIds, traceIds });
  const cancel = (): void => {
    void engine.call('grading.cancel', { id });
  };
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  await engine.settle({ findings: false });
  const grading = (await engine.call('grading.list', undefined)).find((each) => each.id === id);
  if (signal.aborted || grading?.status === 'cancelled')
    throw new AppFailure({
      code: 'cancelled',
      message: `Cancelled: ${grading?.done ?? 0} of ${plural(grading?.total ?? 0, 'verdict')} were kept.`,
    });
  if (grading?.status === 'failed')
    throw new AppFailure({ code: 'internal', message: grading.error ?? 'Grading failed.' });
  const told: Told[] = [];
  for (const traceId of traceIds) {
    for (const row of await engine.call('grade.list', { traceId })) {
      if (!versions.has(row.versionHash) || !graderIds.includes(row.graderId)) continue;
      told.push({ traceId: row.traceId, spanId: row.spanId, grader: row.grader, version: row.versionHash, grade: row });
    }
  }
  return told;
}

function resultJson({ traceId, spanId, grader, version, grade }: Told): Json {
  const [error] = grade.errors;
  return {
    traceId,
    spanId,
    grader,
    version,
    status: grade.status,
    score: grade.score,
    label: grade.label,
    passed: grade.passed,
    explanation: grade.explanation,
    error: error ? { code: error.flag, message: error.message } : null,
    evidence: grade.evidence.map(({ spanId: at, quote, note }) => ({ spanId: at, quote, note })),
    subRewards: grade.subRewards,
  };
}

type Summary = {
  readonly grader: string;
  readonly version: string;
  readonly passed: number;
  readonly failed: number;
  readonly errored: number;
  readonly notApplicable: number;
  /** Of the scores of traces; null without any. */
  readonly mean: number | null;
};

/** Of traces as wholes: what errs or does not apply is in no mean. */
function summarise(definitions: readonly GraderDefinition[], told: readonly Told[]): Summary[] {
  return definitions.map((definition) => {
    const version = definitionHash(definition);
    const own = told.filter((each) => each.version === version && each.spanId === null).map(({ grade }) => grade);
    const scores = own.flatMap(({ status, score }) => (status === 'graded' && score !== null ? [score] : []));
    return {
      grader: definition.name,
      version,
      passed: own.filter(({ passed }) => passed === true).length,
      failed: own.filter(({ passed }) => passed === false).length,
      errored: own.filter(({ status }) => status === 'errored').length,
      notApplicable: own.filter(({ status }) => status === 'not_applicable').length,
      mean: scores.length === 0 ? null : scores.reduce((sum, score) => sum + score, 0) / scores.length,
    };
  });
}

function render(definitions: readonly GraderDefinition[], told: readonly Told[], width: number | null): string {
  const summary = table(
    [
      { head: 'GRADER', cell: (row) => plain(row.grader) },
      { head: 'PASSED', align: 'right', cell: (row) => String(row.passed) },
      { head: 'FAILED', align: 'right', cell: (row) => String(row.failed) },
      { head: 'ERRORED', align: 'right', cell: (row) => String(row.errored) },
      { head: 'N/A', align: 'right', cell: (row) => String(row.notApplicable) },
      { head: 'MEAN', align: 'right', cell: ({ mean }) => (mean === null ? '–' : mean.toFixed(3)) },
    ],
    summarise(definitions, told),
    width,
  );
  const worth = told.filter(
    ({ spanId, grade }) => spanId === null && (grade.passed === false || grade.status === 'errored'),
  );
  if (worth.length === 0) return summary;
  const list = table(
    [
      { head: 'TRACE', cell: (row) => plain(row.traceId) },
      { head: 'VERDICT', cell: ({ grade }) => (grade.status === 'errored' ? 'errored' : 'failed') },
      { head: 'SCORE', align: 'right', cell: ({ grade }) => (grade.score === null ? '–' : grade.score.toFixed(3)) },
      { head: 'GRADER', cell: (row) => plain(row.grader) },
      { head: 'EXPLANATION', cell: ({ grade }) => plain(grade.explanation) },
    ],
    worth.slice(0, SHOWN),
    width,
  );
  const more = worth.length > SHOWN ? `… and ${worth.length - SHOWN} more; --json has them all.\n` : '';
  return `${summary}\n${list}${more}`;
}

const SHOWN = 50;
