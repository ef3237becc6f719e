/** What the tests of the printed snippets share: fill one in, run a real client with it, ask the engine what it shows. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SPAN_KINDS, SPAN_STATUSES } from '#shared/record.ts';
import type { Engine } from '../../src/main/engine/create-engine.ts';
import { fillSnippet } from '../../src/renderer/views/connect/fill-snippet.ts';

export const root = resolve(import.meta.dirname, '..', '..');
export const helpersFolder = join(root, 'resources', 'helpers');

/** What a person would see of everything that arrived. */
export type Seen = {
  readonly traces: number;
  readonly agents: readonly string[];
  readonly tools: readonly string[];
  /** Names of tools and model calls that show as failed. */
  readonly failed: readonly string[];
  readonly generations: number;
  /** Model calls of which both question and answer can be read. */
  readonly readable: number;
  readonly tokens: number;
};

/** The text of a snippet as the app prints it. */
export function printed(file: string, endpoint: string): string {
  const text = readFileSync(join(root, 'resources', 'snippets', file), 'utf8');
  return fillSnippet(text, { endpoint, helpers: helpersFolder });
}

export type Outcome = { readonly code: number | null; readonly output: string };

/** Runs to its end, or is ended after `seconds`. Nothing of this machine's settings for tracing reaches the client. */
export async function runProgram(
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string>>; readonly seconds: number },
): Promise<Outcome> {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(OTEL_|OPENAI_|LANG|NODE_ENV|NODE_OPTIONS|VITEST|TRACEWRIGHT_|PYTHONPATH)/.test(name),
  );
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...Object.fromEntries(inherited), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that whatever it starts ends with it.
    detached: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (piece: string) => (output = (output + piece).slice(-20_000)));
  }
  const clock = setTimeout(() => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  }, options.seconds * 1000);
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(clock);
  return { code, output };
}

/** A shell script that runs a printed block of variables and then the client, in the same shell. */
export function shellScript(block: string, command: string): string {
  return `set -e\n${block}\n${command}\n`;
}

export async function look(engine: Engine): Promise<Seen> {
  await engine.settle();
  const { rows } = await engine.call('trace.list', { limit: 200 });
  const agents = new Set<string>();
  const tools = new Set<string>();
  const failed = new Set<string>();
  let generations = 0;
  let readable = 0;
  let tokens = 0;
  for (const { id: traceId } of rows) {
    const { columns } = await engine.call('trace.open', { traceId });
    for (const [row, spanId] of columns.ids.entries()) {
      const kind = SPAN_KINDS[columns.kind[row] ?? 0];
      const text = (index: number | undefined): string => columns.strings[index ?? 0] ?? '';
      if (kind === 'agent') agents.add(text(columns.agent[row]) || text(columns.name[row]));
      if (kind === 'tool') tools.add(text(columns.tool[row]) || text(columns.name[row]));
      const isWork = kind === 'tool' || kind === 'generation';
      if (isWork && SPAN_STATUSES[columns.status[row] ?? 0] === 'error') {
        failed.add(text(columns.tool[row]) || text(columns.name[row]));
      }
      if (kind !== 'generation') continue;
      generations++;
      tokens += (columns.inputTokens[row] || 0) + (columns.outputTokens[row] || 0);
      const { input, output } = await engine.call('span.get', { traceId, spanId });
      if (input.length > 0 && output.length > 0) readable++;
    }
  }
  const sorted = (names: ReadonlySet<string>): string[] => [...names].filter((name) => name !== '').sort();
  return {
    traces: rows.length,
    agents: sorted(agents),
    tools: sorted(tools),
    failed: sorted(failed),
    generations,
    readable,
    tokens,
  };
}
