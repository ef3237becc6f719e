import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { ask, cli, fixture, makePlace, spawnCli, start } from '../support/cli.ts';
import * as schema from './schemas.ts';

const body = readFileSync(fixture('formats/agents-sdk/js03-multi-agent/input.json'));
let places: { remove: () => void }[] = [];

afterEach(() => {
  for (const place of places) place.remove();
  places = [];
});

function newWorkspace(): string {
  const place = makePlace();
  places.push(place);
  return place.workspace;
}

async function send(url: string): Promise<void> {
  const answer = await fetch(`${url}/v1/traces/ingest`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  expect(answer.status).toBeLessThan(300);
}

/** The first line that the process says. */
function firstLine(child: ReturnType<typeof spawnCli>['child']): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
    });
    child.on('exit', (code) => {
      reject(new Error(`ended with ${code} before it was ready`));
    });
  });
}

test('says when it is ready, collects, and ends with 0 when asked to stop', async () => {
  const workspace = newWorkspace();
  const serving = start(['serve', '--http-port', '0', '--json', '--workspace', workspace]);
  const ready = schema.ready.parse(JSON.parse(await serving.firstLine));
  expect(ready.workspace).toBe(workspace);
  await send(ready.http);
  serving.stop();
  expect(await serving.done).toMatchObject({ code: 0, stderr: '' });
  expect(schema.traces.parse(await ask(['traces', '--workspace', workspace])).map(({ spans }) => spans)).toEqual([
    4, 54,
  ]);
  await expect(fetch(ready.http)).rejects.toThrow();
});

test('a taken port: the next free one, with a notice', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => {
    other.listen(0, '127.0.0.1', resolve);
  });
  const { port } = other.address() as AddressInfo;
  try {
    const serving = start(['serve', '--http-port', String(port), '--json', '--workspace', newWorkspace()]);
    const ready = schema.ready.parse(JSON.parse(await serving.firstLine));
    expect(ready.http).not.toContain(`:${port}`);
    serving.stop();
    const { code, stderr } = await serving.done;
    expect(code).toBe(0);
    expect(stderr).toContain(`Port ${port} is taken`);
  } finally {
    other.close();
  }
});

test('a workspace that another collector holds: exit 1, and reading still works', async () => {
  const workspace = newWorkspace();
  const first = start(['serve', '--http-port', '0', '--json', '--workspace', workspace]);
  const ready = schema.ready.parse(JSON.parse(await first.firstLine));
  await send(ready.http);
  const second = await cli(['serve', '--http-port', '0', '--json', '--workspace', workspace]);
  expect(second.code).toBe(1);
  expect(schema.failure.parse(JSON.parse(second.stdout)).error.code).toBe('workspace_locked');
  const counted = await ask(['sql', 'SELECT count(*) AS n FROM span', '--workspace', workspace]);
  expect(counted).toEqual([{ n: 58 }]);
  first.stop();
  expect((await first.done).code).toBe(0);
});

test('text for people: one line with the address', async () => {
  const serving = start(['serve', '--http-port', '0', '--grpc-port', '0', '--workspace', newWorkspace()]);
  expect(await serving.firstLine).toMatch(/^Ready: collecting on http:\/\/127\.0\.0\.1:\d+ into \//);
  serving.stop();
  expect(await serving.done).toMatchObject({ code: 0, stderr: '' });
});

test('as a process: answers on stdout only, ends with 0 on SIGTERM, keeps what it acknowledged on SIGKILL', async () => {
  const workspace = newWorkspace();
  expect(await spawnCli(['--version']).done).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as unknown,
  });
  expect(await spawnCli(['nonsense', '--json']).done).toMatchObject({
    code: 2,
    stdout: expect.stringContaining('"error"') as unknown,
  });

  const args = ['serve', '--http-port', '0', '--json', '--workspace', workspace];
  const polite = spawnCli(args);
  const ready = schema.ready.parse(JSON.parse(await firstLine(polite.child)));
  await send(ready.http);
  polite.child.kill('SIGTERM');
  expect(await polite.done).toMatchObject({ code: 0 });

  const killed = spawnCli(args);
  const again = schema.ready.parse(JSON.parse(await firstLine(killed.child)));
  const late = JSON.stringify({
    data: [{ object: 'trace', id: 'trace_late', workflow_name: 'Late', group_id: null, metadata: null }],
  });
  const span = JSON.stringify({
    data: [
      {
        object: 'trace.span',
        id: 'span_late',
        trace_id: 'trace_late',
        parent_id: null,
        started_at: '2026-11-22T00:00:00.000Z',
        ended_at: '2026-11-22T00:00:01.000Z',
        span_data: { type: 'agent', name: 'Latecomer' },
        error: null,
      },
    ],
  });
  for (const text of [late, span]) {
    const answer = await fetch(`${again.http}/v1/traces/ingest`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: text,
    });
    expect(answer.status).toBeLessThan(300);
  }
  killed.child.kill('SIGKILL');
  await killed.done;
  const shown = spawnCli(['traces', '--json', '--workspace', workspace]);
  const { code, stdout } = await shown.done;
  expect(code).toBe(0);
  const traces = schema.traces.parse(JSON.parse(stdout));
  expect(traces.map(({ name, spans, agents }) => [name, spans, agents.length])).toEqual([
    ['Late', 1, 1],
    ['Article factory', 4, 1],
    ['Article factory', 54, 7],
  ]);
}, 120_000);
