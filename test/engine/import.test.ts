import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { spanItem } from '../support/agents-items.ts';
import { startEngine, temporaryFolder } from '../support/workspace.ts';

test('pipes, devices, empty and missing files are named; a folder that holds itself is walked once', async () => {
  const engine = await startEngine({ httpPort: null });
  const folder = temporaryFolder();
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  symlinkSync(folder, join(folder, 'loop'));
  writeFileSync(join(folder, 'empty.json'), '');
  writeFileSync(join(folder, 'good.json'), JSON.stringify({ data: [spanItem()] }));
  const report = await engine.call('import.run', {
    jobId: 'x',
    paths: [folder, folder, pipe, '/dev/zero', join(folder, 'none')],
  });
  expect([report.files, report.traces, report.spans]).toEqual([2, 1, 1]);
  expect(report.issues.map(({ file }) => file).sort()).toEqual(
    [pipe, '/dev/zero', join(folder, 'none'), join(folder, 'empty.json'), join(folder, 'empty.json')].sort(),
  );
  await engine.settle();
  expect(engine.info().spans).toBe(1);
});

test('a recorded request that is damaged does not cost those after it', async () => {
  const engine = await startEngine({ httpPort: null });
  const file = join(temporaryFolder(), 'recorded.jsonl');
  const bodies = ['s1', 's2', 's3'].map((id) => gzipSync(JSON.stringify({ data: [spanItem({ id })] })));
  bodies[1] = bodies[1]!.subarray(0, 30);
  writeFileSync(
    file,
    bodies
      .map((body) =>
        JSON.stringify({ method: 'POST', url: '/v1/traces/ingest', headers: {}, body_base64: body.toString('base64') }),
      )
      .join('\n'),
  );
  const report = await engine.call('import.run', { jobId: 'x', paths: [file] });
  expect(report.spans).toBe(2);
  expect(report.issues.map(({ code }) => code)).toEqual(['unreadable_file']);
});

test('spans without times keep the order of their file, however fast its pieces are taken', async () => {
  const engine = await startEngine({ httpPort: null });
  const file = join(temporaryFolder(), 'long.json');
  const traceId = '5b8efff798038103d269b633813fc60c';
  // What takes long to compress stands before what takes no time at all.
  const sizes = [1_200_000, 1_200_000, 1_200_000, 1, 1_200_000, 1];
  const spans = sizes.map((size, at) => ({
    traceId,
    spanId: `eee19b7ec3c1b17${at}`,
    name: `turn ${at}`,
    attributes: [{ key: 'said', value: { stringValue: randomBytes(size).toString('base64') } }],
  }));
  writeFileSync(file, JSON.stringify({ resourceSpans: spans.map((span) => ({ scopeSpans: [{ spans: [span] }] })) }));
  const report = await engine.call('import.run', { jobId: 'x', paths: [file] });
  expect(report.spans).toBe(spans.length);
  await engine.settle();
  const rows = await engine.call('sql.query', { sql: 'SELECT name FROM span ORDER BY span_key' });
  expect(rows).toEqual(spans.map(({ name }) => ({ name })));
});

test('a line that the file tells of in an issue is not counted on', async () => {
  const engine = await startEngine({ httpPort: null });
  const file = join(temporaryFolder(), 'export.jsonl');
  const issue = { tracewright: 1, type: 'issue', severity: 'warning', code: 'invalid_item', traceId: 't' };
  const lines = [
    ...Array.from({ length: 3 }, () => ({ ...issue, severity: 'info', message: 'Long.', detail: 'y'.repeat(900_000) })),
    { ...issue, message: 'Line 10 is odd.' },
  ];
  writeFileSync(file, lines.map((line) => JSON.stringify(line)).join('\n'));
  const report = await engine.call('import.run', { jobId: 'x', paths: [file] });
  expect(report.issues.map(({ message }) => message)).toContain('Line 10 is odd.');
});

test('an evalset gives no trace and says why', async () => {
  const engine = await startEngine({ httpPort: null });
  const file = join(temporaryFolder(), 'cases.json');
  writeFileSync(file, JSON.stringify({ eval_set_id: 's', eval_cases: [{ eval_id: 'c', conversation: [] }] }));
  const report = await engine.call('import.run', { jobId: 'x', paths: [file] });
  expect(report).toMatchObject({ files: 1, traces: 0, issues: [{ code: 'unknown_item' }] });
  expect(report.issues[0]?.message).toMatch(/^One expected trajectory/);
});
