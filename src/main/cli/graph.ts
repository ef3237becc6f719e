import type { Command } from 'commander';
import type { AgentGraph, GraphNode } from '#shared/graph.ts';
import { formatDuration } from '#shared/time.ts';
import type { Context, ExitCode, Run } from './context.ts';
import { withReader } from './engine.ts';
import { compact, money, plain, table } from './text.ts';
import { isEstimated } from './trace-json.ts';
import { tokenSum } from './traces.ts';

export function addGraph(program: Command, run: Run): void {
  program
    .command('graph')
    .description('Show who handed off to, called and messaged whom in a trace or session, with the spans that prove it')
    .argument('<trace>', 'id of the trace, or session:<id>')
    .option('--expanded', 'one node for each time that an agent ran, instead of one for each agent')
    .action((traceId: string, options: { expanded?: boolean }, command: Command) =>
      run(command, (context) => graph(context, traceId, options.expanded === true)),
    );
}

async function graph(context: Context, traceId: string, expanded: boolean): Promise<ExitCode> {
  const { io, json } = context;
  const { nodes, edges } = await withReader(context, (engine) => engine.call('trace.graph', { traceId, expanded }));
  await io.out(
    json ? `${JSON.stringify({ nodes: nodes.map(nodeJson), edges })}\n` : render({ nodes, edges }, io.columns),
  );
  return 0;
}

/** With what the other commands call it. */
function nodeJson({ costBasis, ...node }: GraphNode) {
  return { ...node, costEstimated: isEstimated(costBasis) };
}

function render({ nodes, edges }: AgentGraph, width: number | null): string {
  if (nodes.length === 0) return 'No agents and no tools.\n';
  const nodeTable = table(
    [
      { head: 'NODE', cell: (node) => plain(node.id) },
      { head: 'SPANS', align: 'right', cell: (node) => String(node.spans) },
      { head: 'GENERATIONS', align: 'right', cell: (node) => String(node.generations) },
      { head: 'TOOL CALLS', align: 'right', cell: (node) => String(node.toolCalls) },
      { head: 'ERRORS', align: 'right', cell: (node) => String(node.errors) },
      { head: 'TOKENS', align: 'right', cell: (node) => compact(tokenSum(node)) },
      { head: 'COST', align: 'right', cell: (node) => money(node.cost, node.costBasis) },
      { head: 'BUSY', align: 'right', cell: (node) => formatDuration(node.busyMs === null ? null : node.busyMs * 1e6) },
    ],
    nodes,
    width,
  );
  const edgeTable = table(
    [
      { head: 'FROM', cell: (edge) => plain(edge.from) },
      { head: 'KIND', cell: (edge) => `${edge.kind}${edge.inferred ? ' (inferred)' : ''}` },
      { head: 'TO', cell: (edge) => `${plain(edge.to)}${edge.loop ? ' (back)' : ''}` },
      { head: 'COUNT', align: 'right', cell: (edge) => String(edge.count) },
      { head: 'ERRORS', align: 'right', cell: (edge) => String(edge.errors) },
      { head: 'RETRIES', align: 'right', cell: (edge) => String(edge.retries.length) },
    ],
    edges,
    width,
  );
  return edges.length === 0 ? nodeTable : `${nodeTable}\n${edgeTable}`;
}
