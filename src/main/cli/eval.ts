/** Evals and their runs: graders over many traces, and a gate for build servers. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import { RUN_EXPORTS } from '#shared/eval.ts';
import type { Run } from './context.ts';
import { wholeNumber } from './context.ts';
import { addEvalFiles } from './eval-files.ts';
import { gateRun, resumeRun, runEval, type GateOptions, type RunOptions } from './eval-run.ts';
import { cancelRun, listEvals, listRuns, showRun, type ShowOptions } from './eval-show.ts';
import { addJudgeOptions } from './judge-options.ts';
import { addSandboxOptions } from './sandbox-options.ts';

const MOST_SEED = 2 ** 32 - 1;
const A_RUN = 'id of a run, the beginning of one, or its name';

export function addEval(program: Command, run: Run): void {
  const evals = program
    .command('eval')
    .description('Grade many traces with several graders, keep what came of it, and hold it to thresholds');

  const start = evals
    .command('run')
    .description(
      'Run an eval and wait for it. Exit 1 when it fails, with --gate when a criterion misses its threshold, with --baseline when one is significantly worse',
    )
    .argument('<file>', "the eval as JSON: OpenAI's unchanged, with fields of ours beside; see docs/evals.md")
    .option('--name <name>', 'of the run')
    .option('--query <q>', 'run over the traces that match, as in the search box')
    .option('--dataset <id>', "over the traces of a dataset's examples: its id or name, or a file to import it from")
    .option('--data <file>', "instead of traces: rows {item, sample} as JSONL or JSON, as in OpenAI's data sources")
    .option('--limit <n>', 'only a sample of so many', wholeNumber(1, 100_000))
    .option('--seed <s>', 'that the sample is drawn with (default: 0)', wholeNumber(0, MOST_SEED));
  addSandboxOptions(addJudgeOptions(withGate(start))).action((file: string, options: RunOptions, command: Command) =>
    run(command, (context) => runEval(context, file, options)),
  );

  const resume = evals
    .command('resume')
    .description('Go on with a run that was cancelled, failed or killed; items that errored are graded again')
    .argument('<run>', A_RUN);
  addSandboxOptions(addJudgeOptions(withGate(resume))).action((id: string, options: RunOptions, command: Command) =>
    run(command, (context) => resumeRun(context, id, options)),
  );

  withAsked(
    evals
      .command('gate')
      .description('Say whether a run holds its thresholds. Exit 1 when not')
      .argument('<run>', A_RUN),
  ).action((id: string, options: GateOptions, command: Command) =>
    run(command, (context) => gateRun(context, id, options)),
  );

  evals
    .command('list')
    .description('List the evals of the workspace')
    .option('--archived', 'archived ones, too')
    .action((options: { readonly archived?: true }, command: Command) =>
      run(command, (context) => listEvals(context, options.archived === true)),
    );
  evals
    .command('runs')
    .description('List runs, the newest first')
    .argument('[eval]', 'only of this eval: its id or name')
    .action((id: string | undefined, _options: unknown, command: Command) =>
      run(command, (context) => listRuns(context, id)),
    );
  evals
    .command('show')
    .description('Show what came of a run')
    .argument('<run>', A_RUN)
    .option('--items', 'and each item, with what each criterion said')
    .addOption(
      new Option('--status <status>', 'only items of this status').choices(['passed', 'failed', 'errored', 'neither']),
    )
    .action((id: string, options: ShowOptions, command: Command) =>
      run(command, (context) => showRun(context, id, options)),
    );
  evals
    .command('cancel')
    .description('Give up a run that was left unfinished; what it has so far is kept')
    .argument('<run>', A_RUN)
    .action((id: string, _options: unknown, command: Command) => run(command, (context) => cancelRun(context, id)));

  addEvalFiles(evals, run, RUN_EXPORTS);
}

function withGate(command: Command): Command {
  return withAsked(
    command.option(
      '--gate',
      'exit 1 when a criterion misses its threshold; where none has one and there is no baseline, when an item fails',
    ),
  )
    .option('--junit <path>', 'write a report for build servers')
    .option('--markdown <path>', 'write a summary for a pull request');
}

function withAsked(command: Command): Command {
  return command
    .option('--threshold <share>', 'for criteria that have none, such as 0.9', shareFrom)
    .option(
      '--baseline <run>',
      'exit 1 when a criterion is significantly worse than in this run; "last" = the last one of the same eval',
    );
}

function shareFrom(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError('It must be a share from 0 to 1.');
}
