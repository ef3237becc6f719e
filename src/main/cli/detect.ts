import type { Command } from 'commander';
import type { Detection, DetectorEdits } from '#shared/detect.ts';
import type { Json } from '#shared/json.ts';
import { parseQuery } from '#shared/query.ts';
import type { Context, ExitCode, Run } from './context.ts';
import { UsageError } from './context.ts';
import { withReader } from './engine.ts';
import { plain, plural, table } from './text.ts';
import { matchingTraces } from './traces.ts';

type Options = { readonly query?: string; readonly set?: readonly string[] };
type Detected = { readonly traceId: string; readonly detection: Detection };

export function addDetect(program: Command, run: Run): void {
  program
    .command('detect')
    .description('Find faults in traces by rules, without a model: loops, ignored errors, lost instructions and more')
    .argument('[trace...]', 'ids of the traces, or session:<id>')
    .option('--query <q>', 'instead: all traces that match, as in the search box')
    .option('--set <id.name=value>', 'for this time: a setting of a detector; name may be enabled or severity', collect)
    .action((traceIds: string[], options: Options, command: Command) =>
      run(command, (context) => detect(context, traceIds, options)),
    );
}

async function detect(context: Context, traceIds: readonly string[], { query, set = [] }: Options): Promise<ExitCode> {
  const { io, json } = context;
  if (traceIds.length > 0 === (query !== undefined)) throw new UsageError('Give either traces or --query.');
  const problem = parseQuery(query ?? '').problems[0];
  if (problem !== undefined) throw new UsageError(`${problem}.`);
  const edits = readSets(set);
  const all = await withReader(
    context,
    async (engine) => {
      const found: Detected[] = [];
      for (const traceId of query === undefined ? traceIds : await matchingTraces(engine, query))
        found.push({ traceId, detection: await engine.call('trace.detect', { traceId, ...edits }) });
      return found;
    },
    query,
  );
  const rows = all.flatMap(({ traceId, detection }) => detection.findings.map((finding) => ({ traceId, ...finding })));
  if (json) await io.out(`${JSON.stringify(rows)}\n`);
  else await io.out(all.map((one) => render(one, io.columns)).join('\n') || 'No traces.\n');
  for (const { traceId, detection } of all) {
    const more = Object.values(detection.more).reduce((sum, count) => sum + count, 0);
    if (more > 0) io.err(`${plain(traceId)}: ${plural(more, 'more finding')} of the same kinds.\n`);
    if (!detection.complete) io.err(`${plain(traceId)}: contents too large to be read were left out.\n`);
  }
  return 0;
}

function collect(one: string, before: readonly string[] = []): readonly string[] {
  return [...before, one];
}

/** `stall.gapSeconds=5`, `ping-pong.enabled=false`; the engine says what is wrong with names and values. */
function readSets(set: readonly string[]): { readonly edits?: DetectorEdits } {
  if (set.length === 0) return {};
  const edits: Record<string, Record<string, Json>> = {};
  for (const one of set) {
    const match = /^([\w-]+)\.(\w+)=(.+)$/s.exec(one);
    if (!match) throw new UsageError(`"${one}" is no setting.`, 'Use: --set ping-pong.atLeast=6');
    const [, id = '', name = '', text = ''] = match;
    const edit = (Object.hasOwn(edits, id) ? edits[id] : undefined) ?? {};
    const number = text.trim() === '' ? NaN : Number(text);
    if (name === 'enabled') edit[name] = text === 'true' ? true : text === 'false' ? false : text;
    else if (name === 'severity') edit[name] = text;
    else
      edit.parameters = {
        ...(edit.parameters as Record<string, Json> | undefined),
        [name]: Number.isNaN(number) ? text : number,
      };
    edits[id] = edit;
  }
  // Checked by the engine, as from any other host.
  return { edits };
}

function render({ traceId, detection: { findings, suspects } }: Detected, width: number | null): string {
  const head = `${plain(traceId)}: ${findings.length === 0 ? 'no faults found' : plural(findings.length, 'finding')}\n`;
  if (findings.length === 0) return head;
  const list = table(
    [
      { head: 'SEVERITY', cell: (finding) => finding.severity },
      { head: 'DETECTOR', cell: (finding) => finding.detector },
      { head: 'AGENT', cell: (finding) => plain(finding.agent ?? '–') },
      { head: 'SPAN', cell: (finding) => plain(finding.spanIds[0] ?? '–') },
      { head: 'REASON', cell: (finding) => plain(finding.reason) },
    ],
    findings,
    width,
  );
  const [first] = suspects;
  return (
    head +
    list +
    (first && first.findings > 0 ? `Most suspect: ${plain(first.agent)}, at ${plain(first.spanId)}\n` : '')
  );
}
