import type { Command } from 'commander';
import type { Format } from '#shared/format.ts';
import type { FormatInfo } from '#shared/rpc/contract.ts';
import { isWritten, writeOnly } from '../formats/exporters.ts';
import { formats } from '../formats/registry.ts';
import type { Context, ExitCode, Run } from './context.ts';
import { table } from './text.ts';

export function addFormats(program: Command, run: Run): void {
  program
    .command('formats')
    .description('List what can be imported, collected and exported')
    .action((_options: unknown, command: Command) => run(command, listFormats));
}

/** Needs no workspace: what the program knows, not what a file holds. */
async function listFormats({ io, json }: Context): Promise<ExitCode> {
  const infos = [...formats.map(formatInfo), ...writeOnly(formats)];
  if (json) {
    await io.out(`${JSON.stringify(infos)}\n`);
    return 0;
  }
  await io.out(
    table(
      [
        { head: 'ID', cell: (info) => info.id },
        { head: 'IMPORT', cell: (info) => (info.import ? 'yes' : '–') },
        { head: 'EXPORT', cell: (info) => (info.export ? 'yes' : '–') },
        { head: 'LABEL', cell: (info) => info.label },
        { head: 'ROUTES', cell: (info) => info.routes.join(', ') || '–' },
      ],
      infos,
      io.columns,
    ),
  );
  return 0;
}

function formatInfo(format: Format): FormatInfo {
  const routes = format.type === 'decoder' ? format.routes.map(({ method, suffix }) => `${method} ${suffix}`) : [];
  return { id: format.id, label: format.label, import: true, export: isWritten(format.id), routes };
}
