import type { Command } from 'commander';
import { AppFailure } from '#shared/result.ts';
import type { DoctorCheck } from '#shared/rpc/contract.ts';
import type { Context, ExitCode, Run } from './context.ts';
import { withReader } from './engine.ts';
import { paint, plain } from './text.ts';

export function addDoctor(program: Command, run: Run): void {
  program
    .command('doctor')
    .description('Check this installation and the workspace; exit 1 when something is wrong')
    .action((_options: unknown, command: Command) => run(command, doctor));
}

async function doctor(context: Context): Promise<ExitCode> {
  const { io, json } = context;
  const checks = await examine(context);
  if (json) await io.out(`${JSON.stringify({ checks })}\n`);
  else for (const check of checks) await io.out(line(context, check));
  return checks.every(({ ok }) => ok) ? 0 : 1;
}

/** A workspace that does not open is a finding, not a failure of the doctor. */
async function examine(context: Context): Promise<readonly DoctorCheck[]> {
  try {
    return (await withReader(context, (engine) => engine.call('engine.doctor', undefined))).checks;
  } catch (cause) {
    if (!(cause instanceof AppFailure)) throw cause;
    const { message, hint } = cause.error;
    return [
      { name: 'runtime', ok: true, detail: `Node ${process.versions.node}`, hint: null },
      { name: 'workspace', ok: false, detail: message, hint: hint ?? null },
    ];
  }
}

function line({ io }: Context, { name, ok, detail, hint }: DoctorCheck): string {
  const mark = ok ? paint(io, 'green', 'ok  ') : paint(io, 'red', 'FAIL');
  return `${mark}  ${name.padEnd(13)}  ${plain(detail)}\n${ok || hint === null ? '' : `${' '.repeat(21)}${plain(hint)}\n`}`;
}
