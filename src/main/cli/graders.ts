import { Option, type Command } from 'commander';
import type { Grade, GraderDefinition, GraderKindInfo, GraderProblem } from '#shared/grader.ts';
import { GRADER_GROUPS } from '#shared/grader.ts';
import type { Json } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import { AppFailure } from '#shared/result.ts';
import { checkDefinition } from '../graders/definition.ts';
import { gradeSubject } from '../graders/grade.ts';
import { GRADER_KINDS } from '../graders/registry.ts';
import { toRunResult } from '../graders/run-result.ts';
import { completeSample } from '../graders/sample.ts';
import type { Context, ExitCode, Run } from './context.ts';
import { addGraderFiles } from './grader-files.ts';
import { withServices, type ServiceOptions } from './grade-services.ts';
import { parseJson, readJsonFile, readTextFile, readWrittenJson } from './json-file.ts';
import { addJudgeOptions } from './judge-options.ts';
import { addSandboxOptions } from './sandbox-options.ts';
import { paint, plain, table } from './text.ts';

type TestOptions = ServiceOptions & { readonly item?: string; readonly sample?: string };

export function addGraders(program: Command, run: Run): void {
  const graders = program
    .command('graders')
    .description('Graders of the workspace, their import and export; try a grader on JSON files, check one');
  const test = graders
    .command('test')
    .description("Grade one answer; the result has the shape of OpenAI's grader endpoint. Exit 1 where it errored")
    .argument('<file>', "the grader as JSON: OpenAI's unchanged, or of a kind of ours")
    .option('--item <file>', 'JSON of the namespace item: a row of a dataset')
    .option('--sample <file>', "JSON of the namespace sample, or the answer's text");
  addSandboxOptions(addJudgeOptions(test)).action((file: string, options: TestOptions, command: Command) =>
    run(command, (context) => testGrader(context, file, options)),
  );
  graders
    .command('check')
    .description('Say what is wrong with a grader. Exit 1 where it cannot be used')
    .argument('<file>', 'the grader as JSON')
    .action((file: string, _options: unknown, command: Command) =>
      run(command, (context) => checkGrader(context, file)),
    );
  graders
    .command('kinds')
    .description('List the kinds of graders, with what each measures')
    .addOption(new Option('--group <group>', 'only of this group').choices(GRADER_GROUPS))
    .action((options: { readonly group?: string }, command: Command) =>
      run(command, (context) => listKinds(context, options)),
    );
  addGraderFiles(graders, run);
}

async function testGrader(context: Context, file: string, options: TestOptions): Promise<ExitCode> {
  const { io, json } = context;
  const given = await readGrader(context, file);
  const definition = usable(given.grader);
  const item = options.item === undefined ? (given.item ?? {}) : await readJsonFile(options.item);
  const sample = options.sample === undefined ? (given.sample ?? {}) : await readSample(options.sample);
  const subject = { item, sample: completeSample(sample) };
  const grade = await withServices(context, options, async (services) => {
    const controller = new AbortController();
    io.onStop(() => {
      controller.abort();
    });
    try {
      return await gradeSubject(definition, subject, services, controller.signal);
    } catch (cause) {
      if (!controller.signal.aborted) throw cause;
      throw new AppFailure({ code: 'cancelled', message: 'Cancelled.' });
    }
  });
  const result = toRunResult(definition, grade);
  // The command line names fields in its own way, and OpenAI in its: both are there.
  if (json) await io.out(`${JSON.stringify({ ...result, subRewards: result.sub_rewards })}\n`);
  else await io.out(render(context, definition, grade));
  return grade.status === 'errored' ? 1 : 0;
}

/** A definition alone, or a request of the run endpoint: `{grader, item, model_sample}`. */
async function readGrader(
  context: Context,
  file: string,
): Promise<{ grader: Json; item?: Json | undefined; sample?: Json | undefined }> {
  const value = await readWrittenJson(context, file);
  if (!isJsonObject(value) || value.type !== undefined || !isJsonObject(value.grader)) return { grader: value };
  return { grader: value.grader, item: value.item, sample: value.model_sample };
}

/** What is not written as JSON is the text of the answer. */
async function readSample(path: string): Promise<Json> {
  const text = await readTextFile(path);
  return /\.json$/i.test(path) || /^\s*["[{]/.test(text) ? parseJson(text, path) : text.replace(/\r?\n$/, '');
}

/** Errors that OpenAI has a flag for are told in the result; with all others there is nothing to grade with. */
function usable(value: Json): GraderDefinition {
  const { definition, problems } = checkDefinition(value);
  if (definition) return definition;
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (isJsonObject(value) && errors.every(({ flag }) => flag !== undefined)) return value as GraderDefinition;
  throw new AppFailure({
    code: 'bad_request',
    message: errors.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join(' '),
    hint: 'See "tracewright graders kinds --json" for the schema and an example of each kind.',
  });
}

async function checkGrader(context: Context, file: string): Promise<ExitCode> {
  const { io, json } = context;
  const { grader } = await readGrader(context, file);
  const { definition, problems } = checkDefinition(grader);
  if (json) await io.out(`${JSON.stringify({ definition, problems })}\n`);
  else await io.out(problems.map((problem) => renderProblem(problem)).join('') || 'It can be used.\n');
  return definition === null ? 1 : 0;
}

function renderProblem({ severity, path, message }: GraderProblem): string {
  return `${severity}: ${path === '' ? '' : `${plain(path)}: `}${plain(message)}\n`;
}

async function listKinds({ io, json }: Context, { group }: { readonly group?: string }): Promise<ExitCode> {
  const kinds = GRADER_KINDS.filter((kind) => group === undefined || kind.group === group);
  const infos = kinds.map(({ type, label, about, group: of, runs, schema, example }): GraderKindInfo => ({
    type,
    label,
    about,
    group: of,
    runs,
    schema,
    example,
  }));
  if (json) await io.out(`${JSON.stringify(infos)}\n`);
  else
    await io.out(
      table(
        [
          { head: 'KIND', cell: (kind) => kind.type },
          { head: 'GROUP', cell: (kind) => kind.group },
          { head: 'ABOUT', cell: (kind) => kind.about },
        ],
        infos,
        io.columns,
      ),
    );
  return 0;
}

function render({ io }: Context, { name, type }: GraderDefinition, grade: Grade): string {
  const { status, passed, score, label, explanation, errors, subRewards } = grade;
  const verdict =
    status === 'errored'
      ? paint(io, 'red', 'errored')
      : status === 'not_applicable'
        ? 'does not apply'
        : passed === null
          ? 'no pass or fail'
          : paint(io, passed ? 'green' : 'red', passed ? 'passed' : 'failed');
  const parts = Object.entries(subRewards).map(([part, value]) => `  ${plain(part)}: ${value ?? '–'}\n`);
  return [
    `${plain(name)} (${type}): ${verdict}${score === null ? '' : `, score ${score}`}${label === null ? '' : `, ${plain(label)}`}\n`,
    ...parts,
    ...(errors.length > 0
      ? errors.map(({ flag, message }) => `${flag}: ${plain(message)}\n`)
      : [explanation === '' ? '' : `${plain(explanation)}\n`]),
  ].join('');
}
