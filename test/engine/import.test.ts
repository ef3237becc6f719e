import { execFileSync } from 'node:child_process';
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
