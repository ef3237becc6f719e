import type { Command } from 'commander';
import type { AgentRow, AgentTable, TraceLanes, TraceWaste, Wait, WasteItem } from '#shared/lanes.ts';
import { formatDuration } from '#shared/time.ts';
import type { Context, ExitCode, Run } from './context.ts';
import { withReader } from './engine.ts';
import { compact, money, plain, table } from './text.ts';
import { isEstimated } from './trace-json.ts';
import { tokenSum } from './traces.ts';

export function addAgents(program: Command, run: Run): void {
  program
    .command('agents')
    .description('Show what each agent of a trace or session did: work, waiting, critical path, and work for nothing')
    .argument('<trace>', 'id of the trace, or session:<id>')
    .action((traceId: string, _options: object, command: Command) =>
      run(command, (context) => agents(context, traceId)),
    );
}

type Answers = { readonly agents: AgentTable; readonly lanes: TraceLanes; readonly waste: TraceWaste };

async function agents(context: Context, traceId: string): Promise<ExitCode> {
  const { io, json } = context;
  const answers = await withReader(context, async (engine): Promise<Answers> => ({
    agents: await engine.call('trace.agents', { traceId }),
    lanes: await engine.call('trace.lanes', { traceId }),
    waste: await engine.call('trace.waste', { traceId }),
  }));
  await io.out(json ? `${JSON.stringify(toJson(answers))}\n` : render(answers, io.columns));
  return 0;
}

/** Durations as in all answers of the command line: milliseconds, with as many decimals as there are nanoseconds. */
function toJson({ agents, lanes, waste }: Answers) {
  const { critical, ids } = lanes;
  return {
    durationMs: toMs(agents.duration),
    running: lanes.running,
    agents: agents.rows.map(({ costBasis, busy, waiting, critical: onPath, ...row }) => ({
      ...row,
      costEstimated: isEstimated(costBasis),
      busyMs: toMs(busy),
      waitingMs: toMs(waiting),
      criticalMs: toMs(onPath),
    })),
    waits: lanes.waits.map(({ ns, ...wait }) => ({ ...wait, ms: toMs(ns) })),
    criticalPath: critical
      ? Array.from(critical.span, (row, k) => ({
          spanId: ids[row] ?? null,
          fromMs: toMs(critical.from[k] ?? 0),
          toMs: toMs(critical.to[k] ?? 0),
        }))
      : null,
    waste: {
      ...waste,
      ns: undefined,
      ms: toMs(waste.ns),
      items: waste.items.map(({ ns, ...item }) => ({ ...item, ms: toMs(ns) })),
    },
  };
}

function toMs(ns: number | null): number | null {
  return ns === null ? null : ns / 1e6;
}

function render({ agents, lanes, waste }: Answers, width: number | null): string {
  if (agents.rows.length === 0) return 'No spans.\n';
  const parts = [agentTable(agents, width)];
  if (!lanes.timed) parts.push('No span has a time: who was busy and who waited is not known.\n');
  if (lanes.waits.length > 0) parts.push(waitTable(lanes.waits, width));
  if (waste.count > 0) parts.push(`${wasteSentence(waste)}\n${wasteTable(waste.items.slice(0, 20), width)}`);
  else parts.push('No work for nothing was found.\n');
  if (!waste.judgedReading)
    parts.push('Inputs never say a result of a tool again: which ones were read is not known.\n');
  return parts.join('\n');
}

function agentTable({ rows, duration }: AgentTable, width: number | null): string {
  const time = (ns: number | null): string => formatDuration(ns);
  const share = (row: AgentRow): string =>
    row.critical === null || !duration
      ? '–'
      : `${time(row.critical)} (${Math.round((row.critical / duration) * 100)} %)`;
  return table(
    [
      { head: 'AGENT', cell: (row) => (row.agent === '' ? '(none)' : plain(row.agent)) },
      { head: 'RUNS', align: 'right', cell: (row) => String(row.stays) },
      { head: 'GENERATIONS', align: 'right', cell: (row) => String(row.generations) },
      { head: 'TOOL CALLS', align: 'right', cell: (row) => String(row.toolCalls) },
      { head: 'ERRORS', align: 'right', cell: (row) => String(row.errors) },
      { head: 'TOKENS', align: 'right', cell: (row) => compact(tokenSum(row)) },
      { head: 'COST', align: 'right', cell: (row) => money(row.cost, row.costBasis) },
      { head: 'BUSY', align: 'right', cell: (row) => time(row.busy) },
      { head: 'WAITING', align: 'right', cell: (row) => time(row.waiting) },
      { head: 'ON CRITICAL PATH', align: 'right', cell: share },
    ],
    rows,
    width,
  );
}

function waitTable(waits: readonly Wait[], width: number | null): string {
  return table(
    [
      { head: 'WHO WAITED', cell: (wait) => plain(wait.agent) },
      { head: 'FOR', cell: (wait) => (wait.for === null ? 'a person' : plain(wait.for)) },
      { head: 'HOW LONG', align: 'right', cell: (wait) => formatDuration(wait.ns) },
      { head: 'TIMES', align: 'right', cell: (wait) => String(wait.count) },
    ],
    waits,
    width,
  );
}

function wasteSentence({ count, tokens, cost, ns }: TraceWaste): string {
  const spent = [`${compact(tokens.input + tokens.output)} tokens`, formatDuration(ns)];
  if (cost !== null) spent.splice(1, 0, money(cost, null));
  return `${count} ${count === 1 ? 'call' : 'calls'} for nothing: ${spent.join(', ')}.`;
}

function wasteTable(items: readonly WasteItem[], width: number | null): string {
  return table(
    [
      { head: 'WHY', cell: ({ reason }) => reason },
      { head: 'AGENT', cell: ({ agent }) => (agent === '' ? '(none)' : plain(agent)) },
      { head: 'CALL', cell: ({ kind, name }) => `${kind} ${plain(name)}` },
      { head: 'TOKENS', align: 'right', cell: ({ tokens }) => compact(tokens.input + tokens.output) },
      { head: 'TIME', align: 'right', cell: ({ ns }) => formatDuration(ns) },
      { head: 'SPAN', cell: ({ spanId }) => plain(spanId) },
    ],
    items,
    width,
  );
}
