/** The real clients, pointed here by the variables of the snippets that Connect shows, and by nothing else. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import type { Engine } from '../../src/main/engine/create-engine.ts';
import { startEngine } from '../support/workspace.ts';

const ROOT = join(import.meta.dirname, '../..');

type App = { readonly posted: string; readonly finish: () => Promise<string> };

/** Runs the app until it has sent what it began; `finish` lets it go on and waits for its end. */
async function startApp(engine: Engine, name: string, snippet: string): Promise<App> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'clients', `${name}.mjs`)], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...variablesOf(snippet, engine.info().httpUrl ?? '') },
    stdio: 'pipe',
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  child.stderr.on('data', (data: Buffer) => (output += data.toString()));
  const posted = await firstLine(
    child,
    (line) => /^posted (.+)$/.exec(line)?.[1],
    () => output,
  );
  return {
    posted,
    async finish() {
      child.stdout.on('data', (data: Buffer) => (output += data.toString()));
      child.stdin.write('go\n');
      const [code] = (await once(child, 'close')) as [number];
      expect(code, output).toBe(0);
      return output;
    },
  };
}

function firstLine(
  child: ChildProcess,
  find: (line: string) => string | undefined,
  said: () => string,
): Promise<string> {
  return new Promise((resolve, reject) => {
    if (child.stdout === null) throw new Error('the output is not piped');
    createInterface(child.stdout).on('line', (line) => {
      const found = find(line);
      if (found !== undefined) resolve(found);
    });
    child.once('close', () => {
      reject(new Error(`the client ended: ${said()}`));
    });
  });
}

/** As a shell sets them that runs the snippet. */
function variablesOf(snippet: string, url: string): Record<string, string> {
  const text = readFileSync(join(ROOT, 'resources/snippets', snippet), 'utf8').replaceAll('{{endpoint}}', url);
  return Object.fromEntries(
    [...text.matchAll(/^export (\w+)=(.*)$/gm)].map((match) => [match[1] ?? '', match[2] ?? '']),
  );
}

async function spansOf(engine: Engine, name: string) {
  await engine.settle();
  const { rows } = await engine.call('trace.list', {});
  const row = rows.find((each) => each.name === name);
  if (!row) throw new Error(`no trace ${name} among ${rows.map((each) => each.name).join(', ')}`);
  const { columns } = await engine.call('trace.open', { traceId: row.id });
  const spans = await Promise.all(columns.ids.map((spanId) => engine.call('span.get', { traceId: row.id, spanId })));
  return { row, spans: new Map(spans.map((span) => [span.name, span])) };
}

test('LangSmith: a traced app, a run that goes on, feedback', async () => {
  const engine = await startEngine();
  const app = await startApp(engine, 'langsmith', 'langsmith.sh');
  const { row, spans } = await spansOf(engine, 'OrderDesk');
  expect(row).toMatchObject({ status: 'tool_errors', session: 'thread-7', tags: ['smoke'], issues: 0, errors: 1 });
  expect(row.tokens).toMatchObject({ input: 12, output: 5 });
  expect(spans.get('chat')).toMatchObject({
    kind: 'generation',
    model: 'small-1',
    parentId: spans.get('OrderDesk')?.id,
    input: [{ item: { role: 'user', parts: [{ content: 'Where is A-17?' }] } }],
    output: [{ item: { role: 'assistant', parts: [{ content: 'You said Where is A-17?' }] } }],
  });
  expect(spans.get('lookup_order')).toMatchObject({
    kind: 'tool',
    status: 'error',
    error: { type: 'TypeError', message: 'order store offline' },
  });
  expect((await spansOf(engine, 'slow')).spans.get('slow')).toMatchObject({ id: app.posted, status: 'running' });
  // No complaint of the client about what it was answered.
  expect(await app.finish()).not.toMatch(/fail|error|warn/i);
  const slow = (await spansOf(engine, 'slow')).spans.get('slow');
  expect(slow).toMatchObject({ status: 'unset', output: [{ item: { value: { text: 'done' } } }] });
  expect(slow?.endNs).not.toBeNull();
  expect(await engine.call('sql.query', { sql: 'SELECT name, value, explanation FROM score' })).toEqual([
    { name: 'helpful', value: 1, explanation: 'yes' },
  ]);
});

test('Langfuse: a traced app, a span that goes on, a score, a prompt that is not served', async () => {
  const engine = await startEngine();
  const app = await startApp(engine, 'langfuse', 'langfuse-3.sh');
  const begun = await spansOf(engine, 'trip');
  expect(begun.row).toMatchObject({
    id: app.posted,
    status: 'running',
    session: 'thread-7',
    user: 'u-1',
    tags: ['smoke'],
  });
  expect(begun.spans.get('Planner')).toMatchObject({ status: 'running' });
  expect(begun.spans.get('chat')).toMatchObject({
    kind: 'generation',
    model: 'small-1',
    status: 'unset',
    usage: { input: 12, output: 5 },
    parentId: begun.spans.get('Planner')?.id,
  });
  expect(begun.spans.get('lookup_order')).toMatchObject({ status: 'error', error: { message: 'order store offline' } });
  expect(await app.finish()).toContain('prompt hello');
  const { row, spans } = await spansOf(engine, 'trip');
  expect(spans.get('Planner')).toMatchObject({ status: 'unset', output: [{ item: { text: 'done' } }] });
  expect(row).toMatchObject({ status: 'tool_errors', issues: 0, metadata: { outcome: 'Sunny.' } });
  expect(await engine.call('sql.query', { sql: 'SELECT name, value, explanation FROM score' })).toEqual([
    { name: 'helpful', value: 1, explanation: 'yes' },
  ]);
});
