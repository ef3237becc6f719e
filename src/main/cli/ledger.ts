import type { Command } from 'commander';
import type { LedgerCounts, LedgerItem, LedgerKind } from '#shared/ledger.ts';
import { LEDGER_KINDS } from '#shared/ledger.ts';
import type { Context, ExitCode, Run } from './context.ts';
import { UsageError } from './context.ts';
import { withReader } from './engine.ts';
import { plain, table } from './text.ts';

const LIMIT = 100;

export function addLedger(program: Command, run: Run): void {
  program
    .command('ledger')
    .description('Say what became of everything that was received: understood, guessed, dropped, late, sent again …')
    .argument('[trace]', 'id of one trace (default: the whole workspace)')
    .option('--kind <kind>', `list what is behind one count: ${LEDGER_KINDS.join(', ')}`)
    .action((traceId: string | undefined, options: { kind?: string }, command: Command) =>
      run(command, (context) => ledger(context, traceId, options.kind)),
    );
}

async function ledger(context: Context, traceId: string | undefined, wanted: string | undefined): Promise<ExitCode> {
  const kind = LEDGER_KINDS.find((each) => each === wanted);
  if (wanted !== undefined && kind === undefined) {
    throw new UsageError(`There is no "${wanted}" in the ledger.`, `One of ${LEDGER_KINDS.join(', ')}.`);
  }
  const of = traceId === undefined ? {} : { traceId };
  const { counts, items } = await withReader(context, async (engine) => ({
    counts: await engine.call('ledger.get', of),
    items: kind === undefined ? [] : (await engine.call('ledger.items', { ...of, kind, limit: LIMIT })).items,
  }));
  await context.io.out(context.json ? toJson(counts, kind, items) : render(counts, kind, items, context.io.columns));
  return 0;
}

function toJson(counts: LedgerCounts, kind: LedgerKind | undefined, items: readonly LedgerItem[]): string {
  if (kind === undefined) return `${JSON.stringify({ counts })}\n`;
  const told = items.map((item) => ({ ...item, receivedAt: isoTime(item.receivedAt) }));
  return `${JSON.stringify({ counts, kind, items: told })}\n`;
}

function isoTime(milliseconds: number | null): string | null {
  return milliseconds === null ? null : new Date(milliseconds).toISOString();
}

function render(
  counts: LedgerCounts,
  kind: LedgerKind | undefined,
  items: readonly LedgerItem[],
  width: number | null,
): string {
  if (kind === undefined) {
    return table(
      [
        { head: 'WHAT', cell: (each: LedgerKind) => each },
        { head: 'COUNT', align: 'right', cell: (each: LedgerKind) => counts[each].toLocaleString('en') },
      ],
      LEDGER_KINDS,
      width,
    );
  }
  if (items.length === 0) return `Nothing was ${kind}.\n`;
  const listed = table(
    [
      { head: 'TRACE', cell: (item: LedgerItem) => plain(item.traceId ?? '–') },
      { head: 'SPAN', cell: (item: LedgerItem) => plain(item.spanId ?? '–') },
      { head: 'WHAT', cell: (item: LedgerItem) => plain(item.label) },
    ],
    items,
    width,
  );
  const rest = counts[kind] - items.length;
  return rest > 0 ? `${listed}… and ${rest.toLocaleString('en')} more.\n` : listed;
}
