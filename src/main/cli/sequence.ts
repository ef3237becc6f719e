import { Option, type Command } from 'commander';
import type { Sequence } from '#shared/sequence.ts';
import { toMermaid } from '#shared/sequence-mermaid.ts';
import { toSvg } from '#shared/sequence-svg.ts';
import { sequenceRows } from '#shared/sequence-rows.ts';
import { arrowText, doubtSentences, foldText, messageAt } from '#shared/sequence-words.ts';
import { formatDuration } from '#shared/time.ts';
import type { Context, ExitCode, Run } from './context.ts';
import { withReader } from './engine.ts';
import { plain, table } from './text.ts';

type Format = 'json' | 'mermaid' | 'svg';

export function addSequence(program: Command, run: Run): void {
  program
    .command('sequence')
    .description('Show what agents, tools and the user sent each other, in order, with the spans that prove it')
    .argument('<trace>', 'id of the trace, or session:<id>')
    .addOption(new Option('--format <format>', 'what to write').choices(['json', 'mermaid', 'svg']))
    .action((traceId: string, options: { format?: Format }, command: Command) =>
      run(command, (context) => sequence(context, traceId, options.format)),
    );
}

async function sequence(context: Context, traceId: string, format?: Format): Promise<ExitCode> {
  const { io, json } = context;
  const pages = await withReader(context, async (engine) => {
    const first = await engine.call('trace.sequence', { traceId });
    const all = [first];
    // Only what is written as data has to be whole; a picture of more than a page is none.
    for (let cursor = first.nextCursor; cursor !== null && format !== 'mermaid' && format !== 'svg';) {
      const page = await engine.call('trace.sequence', { traceId, cursor });
      all.push(page);
      cursor = page.nextCursor;
    }
    return all;
  });
  const [first] = pages;
  if (!first) return 1;
  if (format === 'mermaid' || format === 'svg') {
    const text = format === 'svg' ? toSvg(first) : toMermaid(first);
    await io.out(json ? `${JSON.stringify({ format, text })}\n` : text);
  } else if (json || format === 'json') {
    await io.out(`${JSON.stringify(toJson(pages))}\n`);
  } else {
    for (const page of pages) await io.out(render(page, io.columns));
    for (const doubt of doubtSentences(first)) io.err(`${doubt}\n`);
  }
  return 0;
}

/** Whole numbers count from 1, as in the table. */
function toJson(pages: readonly Sequence[]) {
  const participants = pages[0]?.participants ?? [];
  const id = (index: number | undefined): string => participants[index ?? 0]?.id ?? '';
  return {
    participants,
    messages: pages.flatMap((page) =>
      Array.from({ length: page.count }, (_, k) => {
        const { kind, label, spanId, status, inferred, time } = messageAt(page, k);
        const ends = { from: id(page.from[k]), to: id(page.to[k]) };
        const offsetMs = time === null ? null : time / 1e6;
        return { ...ends, kind, label, spanId, seq: page.first + k + 1, status, inferred, offsetMs };
      }),
    ),
    repeats: pages.flatMap(({ folds, first }) =>
      Array.from(folds.start, (start, k) => ({
        seq: start + 1,
        messages: folds.period[k] ?? 0,
        count: folds.count[k] ?? 0,
        errors: folds.errors[k] ?? 0,
        begunBefore: start < first,
      })).flatMap(({ begunBefore, ...repeat }) => (begunBefore ? [] : [repeat])),
    ),
    doubts: pages[0]?.doubts ?? null,
  };
}

function render(page: Sequence, width: number | null): string {
  if (page.total === 0) return 'No agents, so nobody sent anything.\n';
  const { message, depth, frames } = sequenceRows(page, new Set());
  const repeats = new Map<number, string>();
  for (const { first, fold } of frames) {
    const before = repeats.get(first);
    repeats.set(first, `${before === undefined ? '' : `${before} `}${foldText(page, fold)}`);
  }
  const rows = Array.from(message, (position, row) => ({ row, position, view: messageAt(page, position) }));
  return table(
    [
      { head: 'SEQ', align: 'right', cell: ({ position }) => String(page.first + position + 1) },
      {
        head: 'AT',
        align: 'right',
        cell: ({ view }) => (view.time === null ? '–' : formatDuration(view.time)),
      },
      { head: 'FROM', cell: ({ view }) => plain(view.from) },
      { head: 'TO', cell: ({ view }) => plain(view.to) },
      { head: 'WHAT', cell: ({ view }) => plain(arrowText(view)) },
      { head: 'REPEATS', cell: ({ row }) => `${'│'.repeat(depth[row] ?? 0)}${repeats.get(row) ?? ''}` },
    ],
    rows,
    width,
  );
}
