import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { ImportReport } from '#shared/rpc/contract.ts';
import type { Context, ExitCode, Run } from './context.ts';
import { withWriter } from './engine.ts';
import { plain, plural } from './text.ts';

/** Issue codes that say that a file as a whole was not taken. */
const REFUSALS: ReadonlySet<string> = new Set([
  'unreadable_file',
  'unsupported_format',
  'too_large',
  'bad_request',
  'internal',
]);
const LINES_SHOWN = 20;
/** Files named with an issue that several have. */
const FILES_SHOWN = 3;

export function addImport(program: Command, run: Run): void {
  program
    .command('import')
    .description('Read files and folders of traces into the workspace; reading them again changes nothing')
    .argument('<path...>', 'files, or folders to walk')
    .option('--format <id>', 'read all files as this format instead of finding out (see "formats")')
    .action((paths: string[], options: { format?: string }, command: Command) =>
      run(command, (context) => importPaths(context, paths, options.format)),
    );
}

export async function importPaths(
  context: Context,
  given: readonly string[],
  format: string | undefined,
): Promise<ExitCode> {
  const { io } = context;
  const paths = given.map((path) => resolve(path));
  const { report, refused } = await readPaths(context, paths, format);
  const { files, traces, spans, annotations, scores, merged, issues, traceIds, reports, supported } = report;
  if (context.json) {
    const answer = { files, traces, spans, annotations, scores, merged, issues, traceIds, reports, supported };
    await io.out(`${JSON.stringify(answer)}\n`);
  } else {
    const labels = [
      ...(annotations > 0 ? [plural(annotations, 'annotation')] : []),
      ...(scores > 0 ? [plural(scores, 'score')] : []),
    ];
    await io.out(`${[plural(files, 'file'), plural(traces, 'trace'), plural(spans, 'span'), ...labels].join(', ')}\n`);
  }
  warn(context, report);
  return refused ? 1 : 0;
}

/** `refused`: a file that was named, or all files, could not be taken. */
export async function readPaths(
  context: Context,
  paths: readonly string[],
  format: string | undefined,
  withEngine: typeof withWriter = withWriter,
): Promise<{ readonly report: ImportReport; readonly refused: boolean }> {
  const { io } = context;
  const stop = new AbortController();
  io.onStop(() => {
    stop.abort();
  });
  const report = await withEngine(context, async (engine) => {
    const unsubscribe = engine.subscribe('job', ({ done, total, unit, finished }) => {
      if (io.errIsTerminal) io.err(finished ? '\r\u001b[K' : `\r\u001b[K${progress(done, total, unit)}`);
    });
    try {
      const args = { jobId: 'cli', paths, ...(format === undefined ? {} : { format }) };
      const answer = await engine.call('import.run', args, stop.signal);
      // So that a search right after finds what was read.
      // Whoever asks for findings has them looked for; the app does so in the background.
      await engine.settle({ findings: false });
      return answer;
    } finally {
      unsubscribe();
    }
  });
  const { files, issues, reports } = report;
  // A label file without its traces gives none, and was taken.
  const read = new Set(reports.filter((each) => each.traces > 0 || each.annotations > 0).map((each) => each.file));
  const refused = issues.some(({ file, code }) => REFUSALS.has(code) && paths.includes(file) && !read.has(file));
  return { report, refused: refused || (files === 0 && issues.length > 0) };
}

function progress(done: number, total: number, unit: string): string {
  if (unit !== 'bytes') return `${done} of ${total} ${unit}`;
  const percent = total === 0 ? 100 : Math.floor((done / total) * 100);
  return `${megabytes(done)} of ${megabytes(total)} MB (${percent} %)`;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);
}

/**
 * Other files in a folder may be anything; a file that was asked for and not taken makes the command fail. What no format
 * takes is told file by file and the formats once; an issue that several files have is told once.
 */
function warn({ io }: Context, { issues, reports, supported }: ImportReport): void {
  const unknown = new Set(reports.filter((each) => each.looksLike !== null).map((each) => each.file));
  const groups = new Map<string, { readonly text: string; readonly files: string[]; count: number }>();
  for (const { file, code, message, count = 1 } of issues) {
    const text = `${plain(message)} (${code})`;
    // Each of these says something else about its file.
    const key = unknown.has(file) ? `${file} ${text}` : text;
    const group = groups.get(key) ?? { text, files: [], count: 0 };
    groups.set(key, group);
    group.files.push(file);
    group.count += count;
  }
  const lines = [...groups.values()].map(({ text, files, count }) => {
    const named = files.slice(0, FILES_SHOWN).map(plain).join(', ');
    const more = files.length > FILES_SHOWN ? ` and ${plural(files.length - FILES_SHOWN, 'other file')}` : '';
    return `${named}${more}: ${text}${count > files.length ? ` × ${count}` : ''}\n`;
  });
  for (const line of lines.slice(0, LINES_SHOWN)) io.err(line);
  if (lines.length > LINES_SHOWN) io.err(`… and ${lines.length - LINES_SHOWN} more issues; --json lists them.\n`);
  if (supported.length > 0) io.err(`Supported: ${supported.join(', ')}.\n`);
}
