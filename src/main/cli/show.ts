import type { Command } from 'commander';
import type { ContentItem } from '#shared/message.ts';
import { SPAN_KINDS, SPAN_STATUSES } from '#shared/record.ts';
import { formatDuration } from '#shared/time.ts';
import { SPAN_FLAGS, type ContentView, type SpanColumns, type TraceDetail } from '#shared/trace.ts';
import type { Engine } from '../engine/create-engine.ts';
import type { Context, ExitCode, Run } from './context.ts';
import { withReader } from './engine.ts';
import { compact, cut, money, paint, plain, plural, table } from './text.ts';
import { isoOrNull, milliseconds, traceJson } from './trace-json.ts';
import { tokenSum } from './traces.ts';

export function addShow(program: Command, run: Run): void {
  program
    .command('show')
    .description('Show one trace or session with all its spans, in tree order; --json has what each read and wrote')
    .argument('<trace>', 'id of the trace, or session:<id>')
    .action((traceId: string, _options: unknown, command: Command) =>
      run(command, (context) => show(context, traceId)),
    );
}

async function show(context: Context, traceId: string): Promise<ExitCode> {
  await withReader(context, async (engine) => {
    const detail = await engine.call('trace.open', { traceId });
    if (context.json) await writeJson(context, engine, detail);
    else await writeText(context, engine, detail);
  });
  return 0;
}

/** Written span by span: a trace may be larger than memory should hold. */
async function writeJson({ io }: Context, engine: Engine, { trace, columns }: TraceDetail): Promise<void> {
  await io.out(`{"trace":${JSON.stringify(traceJson(trace))},"spans":[`);
  for (let row = 0; row < columns.count; row++) {
    const span = await spanJson(engine, trace.id, columns, row);
    await io.out(`${row === 0 ? '' : ','}${JSON.stringify(span)}`);
  }
  await io.out(']}\n');
}

async function spanJson(engine: Engine, traceId: string, columns: SpanColumns, row: number) {
  const span = await engine.call('span.get', { traceId, spanId: columns.ids[row] ?? '' });
  return {
    id: span.id,
    parentId: span.parentId,
    kind: span.kind,
    subtype: span.subtype,
    name: span.name,
    // Its own or that of the nearest span around it.
    agent: textAt(columns, columns.agent, row),
    model: span.model,
    tool: span.tool,
    toolCallId: span.toolCallId,
    startedAt: isoOrNull(span.startNs),
    endedAt: isoOrNull(span.endNs),
    durationMs:
      span.startNs === null || span.endNs === null
        ? null
        : milliseconds(Number(BigInt(span.endNs) - BigInt(span.startNs))),
    status: span.status,
    error: span.error,
    usage: span.usage,
    reportedUsage: span.reportedUsage,
    ...costJson(span.cost, columns, row),
    handoff: span.handoff,
    depth: columns.depth[row] ?? 0,
    parentMissing: hasFlag(columns, row, SPAN_FLAGS.missingParent),
    input: await contents(engine, span.input),
    output: await contents(engine, span.output),
    attributes: span.attributes,
    events: span.events,
    links: span.links,
    dialect: span.dialect,
  };
}

/** What the source states, also where it is a total of others; else the estimate of what the span itself consumed. */
function costJson(stated: number | null, columns: SpanColumns, row: number) {
  const own = columns.cost[row] ?? NaN;
  if (stated !== null) return { cost: stated, costEstimated: false };
  return Number.isNaN(own) ? { cost: null, costEstimated: null } : { cost: own, costEstimated: true };
}

/** Large items come as previews first. */
async function contents(engine: Engine, views: readonly ContentView[]): Promise<ContentItem[]> {
  const items: ContentItem[] = [];
  for (const { key, item } of views) items.push(item ?? (await engine.call('content.get', { key })));
  return items;
}

async function writeText({ io }: Context, engine: Engine, { trace, columns }: TraceDetail): Promise<void> {
  const colour = trace.status === 'ok' ? 'green' : trace.status === 'error' ? 'red' : 'yellow';
  const facts = [
    isoOrNull(trace.startNs) ?? '–',
    formatDuration(trace.durationNs),
    plural(trace.spans, 'span'),
    plural(trace.errors, 'error'),
    `${compact(tokenSum(trace))} tokens`,
    money(trace.cost, trace.costBasis),
  ];
  await io.out(`${plain(trace.name)}  ${paint(io, colour, trace.status)}\n${plain(trace.id)}\n${facts.join('  ')}\n\n`);
  const errors = await errorTexts(engine, trace.id, columns);
  const rows = Array.from({ length: columns.count }, (_, row) => row);
  await io.out(
    table(
      [
        { head: 'SPAN', cell: (row) => `${indent(columns, row)}${plain(textAt(columns, columns.name, row) ?? '')}` },
        { head: 'KIND', cell: (row) => SPAN_KINDS[columns.kind[row] ?? 0] ?? '' },
        { head: 'AGENT', cell: (row) => plain(textAt(columns, columns.agent, row) ?? '') },
        { head: 'START', align: 'right', cell: (row) => formatDuration(columns.start[row] ?? null) },
        {
          head: 'DURATION',
          align: 'right',
          cell: (row) => formatDuration((columns.end[row] ?? NaN) - (columns.start[row] ?? NaN)),
        },
        { head: 'TOKENS', align: 'right', cell: (row) => tokens(columns, row) },
        { head: 'COST', align: 'right', cell: (row) => cost(columns, row) },
        { head: 'STATUS', cell: (row) => SPAN_STATUSES[columns.status[row] ?? 0] ?? '' },
        { head: 'ERROR', cell: (row) => errors.get(row) ?? '' },
      ],
      rows,
      io.columns,
    ),
  );
}

const ERRORS_READ = 200;
const ERROR_WIDTH = 120;

async function errorTexts(engine: Engine, traceId: string, columns: SpanColumns): Promise<Map<number, string>> {
  const failed = [...columns.status.keys()].filter((row) => SPAN_STATUSES[columns.status[row] ?? 0] === 'error');
  const texts = new Map<number, string>();
  for (const row of failed.slice(0, ERRORS_READ)) {
    const { error } = await engine.call('span.get', { traceId, spanId: columns.ids[row] ?? '' });
    texts.set(row, cut(plain(error?.message ?? ''), ERROR_WIDTH));
  }
  for (const row of failed.slice(ERRORS_READ)) texts.set(row, '(see --json)');
  return texts;
}

/** Deep trees stop moving to the right. */
function indent(columns: SpanColumns, row: number): string {
  const mark = hasFlag(columns, row, SPAN_FLAGS.missingParent) ? '? ' : '';
  return `${'  '.repeat(Math.min(columns.depth[row] ?? 0, 20))}${mark}`;
}

function tokens(columns: SpanColumns, row: number): string {
  const input = columns.inputTokens[row] ?? NaN;
  const output = columns.outputTokens[row] ?? NaN;
  return Number.isNaN(input) && Number.isNaN(output) ? '' : compact((input || 0) + (output || 0));
}

function cost(columns: SpanColumns, row: number): string {
  const usd = columns.cost[row] ?? NaN;
  if (Number.isNaN(usd)) return '';
  return money(usd, hasFlag(columns, row, SPAN_FLAGS.estimatedCost) ? 'estimated' : 'stated');
}

function textAt(columns: SpanColumns, codes: Uint32Array, row: number): string | null {
  return columns.strings[codes[row] ?? 0] || null;
}

function hasFlag(columns: SpanColumns, row: number, flag: number): boolean {
  return ((columns.flags[row] ?? 0) & flag) !== 0;
}
