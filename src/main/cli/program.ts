/** Puts the commands together and turns every way to end into an exit code: 0 done, 1 failed, 2 wrong usage. */
import { Command, CommanderError } from 'commander';
import { AppFailure, type AppError } from '#shared/result.ts';
import type { Context, ExitCode, Run } from './context.ts';
import { UsageError } from './context.ts';
import { addAgents } from './agents.ts';
import { addAgreement } from './agreement.ts';
import { addAlign } from './align.ts';
import { addAnnotations } from './annotations.ts';
import { addCompare } from './compare.ts';
import { addDetect } from './detect.ts';
import { addDoctor } from './doctor.ts';
import { addEval } from './eval.ts';
import { addExport } from './export.ts';
import { addFormats } from './formats.ts';
import { addGrade } from './grade.ts';
import { addGraders } from './graders.ts';
import { addGraph } from './graph.ts';
import { addImport } from './import.ts';
import type { Io } from './io.ts';
import { addLedger } from './ledger.ts';
import { addOverview } from './overview.ts';
import { addRebuild } from './rebuild.ts';
import { addSequence } from './sequence.ts';
import { addServe } from './serve.ts';
import { addShow } from './show.ts';
import { addSql } from './sql.ts';
import { addPatterns } from './patterns.ts';
import { plain } from './text.ts';
import { addTraces } from './traces.ts';
import { VERSION } from './version.ts';
import { workspacePath } from './workspace-path.ts';

/** Adding a command is one file and one line. */
const COMMANDS: readonly ((program: Command, run: Run) => void)[] = [
  addServe,
  addImport,
  addExport,
  addFormats,
  addTraces,
  addShow,
  addGraph,
  addAlign,
  addAgents,
  addDetect,
  addPatterns,
  addGrade,
  addGraders,
  addEval,
  addCompare,
  addAnnotations,
  addOverview,
  addAgreement,
  addSequence,
  addLedger,
  addRebuild,
  addSql,
  addDoctor,
];

const HELP_WIDTH = 100;

/** @param args what follows the program's name */
export async function runCli(args: readonly string[], io: Io): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  let asked = '';
  const program = new Command('tracewright')
    .description('Collect, import and ask traces of AI agents, offline.')
    .version(VERSION, '--version', 'print the version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [command]', 'Show the help of a command')
    .option('--workspace <file>', "workspace file (default: $TRACEWRIGHT_WORKSPACE, else the app's own)")
    .option('--json', 'answer with one JSON document on stdout')
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
    .configureOutput({
      writeOut: (text) => (asked += text),
      // What commander has to say is told below, once and in one form.
      writeErr: () => undefined,
      getOutHelpWidth: () => HELP_WIDTH,
      getErrHelpWidth: () => HELP_WIDTH,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .exitOverride();

  const run: Run = async (command, work) => {
    const { json, workspace } = command.optsWithGlobals<{ json?: boolean; workspace?: string }>();
    const context: Context = { io, json: json === true, workspace: workspacePath(workspace, io.env) };
    exitCode = await work(context);
  };
  for (const add of COMMANDS) add(program, run);

  if (args.length === 0) {
    io.err(program.helpInformation());
    return 2;
  }
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (cause) {
    if (cause instanceof CommanderError && cause.exitCode === 0) {
      await io.out(asked);
      return 0;
    }
    return reportFailure(io, args.includes('--json'), cause);
  }
}

async function reportFailure(io: Io, json: boolean, cause: unknown): Promise<ExitCode> {
  const { error, exitCode } = describe(cause);
  if (json) {
    await io.out(
      `${JSON.stringify({ error: { code: error.code, message: error.message, hint: error.hint ?? null } })}\n`,
    );
  } else {
    io.err(`error: ${plain(error.message)}\n${error.hint === undefined ? '' : `${plain(error.hint)}\n`}`);
  }
  return exitCode;
}

function describe(cause: unknown): { error: AppError; exitCode: ExitCode } {
  if (cause instanceof AppFailure) return { error: cause.error, exitCode: 1 };
  if (cause instanceof UsageError) {
    return { error: { code: 'bad_request', message: cause.message, hint: cause.hint ?? SEE_HELP }, exitCode: 2 };
  }
  if (cause instanceof CommanderError) {
    // What commander says of options without a command.
    const isBare = cause.code === 'commander.help';
    const message = isBare ? 'No command is given.' : cause.message.replace(/^error: /, '');
    return { error: { code: 'bad_request', message, hint: SEE_HELP }, exitCode: 2 };
  }
  // A bug of ours: its stack is what a report needs.
  console.error(cause);
  return { error: { code: 'internal', message: cause instanceof Error ? cause.message : String(cause) }, exitCode: 1 };
}

const SEE_HELP = 'See "tracewright --help" or "tracewright <command> --help".';
