/** Annotations through the command line: in, listed, out again with the published digests, merged with those of others. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEngine, type Engine } from '../../src/main/engine/create-engine.ts';
import type { AnnotationRow, AnnotationState } from '../../src/shared/annotation.ts';
import { ask, cli, fixture, makePlace } from '../support/cli.ts';
import { blames, digest, failures } from '../support/published-labels.ts';
import * as schema from './schemas.ts';

const place = makePlace();
const at = ['--workspace', place.workspace];
const out = (name: string): string => join(place.folder, name);
const gunzip = (path: string): string => gunzipSync(readFileSync(fixture(path))).toString();

const logs = gunzip('formats/who-and-when/cut.jsonl.gz')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { file: string; document: { mistake_agent: string; mistake_step: string } });

beforeAll(async () => {
  for (const { file, document } of logs) {
    const path = out(`logs/${file}`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, JSON.stringify(document, null, 4));
  }
  writeFileSync(out('tau_ground_truth.json'), gunzip('formats/agentrx/ground-truth/input.json.gz'));
  writeFileSync(out('tau.json'), gunzip('formats/agentrx/cut-full.json.gz'));
  const who = schema.importReport.parse(await ask(['annotations', 'import', out('logs'), ...at]));
  expect(who).toMatchObject({ files: 87, traces: 87, annotations: 87, merged: null, issues: [] });
  const rx = await ask(['annotations', 'import', out('tau_ground_truth.json'), out('tau.json'), ...at]);
  expect(schema.importReport.parse(rx)).toMatchObject({ files: 2, annotations: 39, issues: [] });
}, 120_000);
afterAll(place.remove);

async function list(...args: readonly string[]) {
  return schema.annotations.parse(await ask(['annotations', 'list', ...args, ...at]));
}

function changed(before: string, after: string): number {
  const [a, b] = [before.split('\n'), after.split('\n')];
  expect(a).toHaveLength(b.length);
  return a.filter((line, index) => line !== b[index]).length;
}

async function withEngine<T>(workspace: string, work: (engine: Engine) => Promise<T>): Promise<T> {
  const created = await createEngine({ workspace, httpPort: null, appVersion: 'test' });
  if (!created.ok) throw new Error(created.error.message);
  try {
    return await work(created.value);
  } finally {
    await created.value.close();
  }
}

function stateOf(row: AnnotationRow): AnnotationState {
  const { id, traceId, author, createdAt, editor, editedAt, imported, conflict, ...state } = row;
  return state;
}

test('list: what came in, with blamed agent and actor, step, category', { timeout: 60_000 }, async () => {
  const all = await list();
  const who = all.filter(({ taxonomy }) => taxonomy === 'who_and_when');
  expect(who).toHaveLength(87);
  const generated = who.filter(({ traceId }) => traceId.includes('Algorithm-Generated'));
  expect(new Set(generated.map(({ agent }) => agent)).size).toBe(42);
  expect(generated.reduce((sum, { extra }) => sum + Number(extra.mistake_step), 0)).toBe(180);
  expect(who.every(({ step, extra }) => step === Number(extra.mistake_step))).toBe(true);
  // Not always the one who spoke: both are told.
  expect(who.filter(({ agent, actor }) => actor !== null && agent !== actor).length).toBeGreaterThan(0);
  const rx = all.filter(({ taxonomy }) => taxonomy === 'agentrx');
  expect(rx).toHaveLength(39);
  // Two failures are of trajectories without a log: there is no such span, and none is made up.
  const placed = rx.filter(({ step }) => step !== null);
  expect(placed).toHaveLength(37);
  expect(placed.every(({ step, extra }) => step === Number(extra.step_number) - 1)).toBe(true);
  expect(await list('--query', 'label:"System Failure"')).toHaveLength(
    rx.filter(({ traceId }) => rx.some((one) => one.traceId === traceId && one.category === 'System Failure')).length,
  );
  const [first] = rx;
  expect(await list(first!.traceId)).toEqual(rx.filter(({ traceId }) => traceId === first!.traceId));
  const scored = await list(first!.traceId, '--scores');
  expect(scored.find(({ kind }) => kind === 'score')).toMatchObject({
    taxonomy: 'reward',
    passed: expect.any(Boolean) as unknown,
  });
  const { code, stdout } = await cli(['annotations', 'list', first!.traceId, ...at]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^TRACE +ABOUT +STEP +KIND +WHAT +AGENT +BY +NOTE\n/);
});

test(
  'export: the published digests; one edit changes one line, with the received bytes kept',
  { timeout: 120_000 },
  async () => {
    const write = async (format: string, name: string): Promise<void> => {
      schema.exportReport.parse(await ask(['annotations', 'export', '--format', format, '--out', out(name), ...at]));
    };
    await write('who-and-when', 'who');
    await write('agentrx', 'rx');
    const who = blames(out('who'));
    expect(digest(who.lines.filter((line) => line.startsWith('Algorithm-')))).toBe('f19e489556657f64');
    expect(digest(who.lines.filter((line) => line.startsWith('Hand-')))).toBe('0c013a1e89004b0d');
    const rx = failures(out('rx'));
    expect(digest(rx.lines)).toBe('e6f7e87df76646ee');

    await withEngine(place.workspace, async (engine) => {
      const [blame] = await engine.call('annotation.list', { traceId: `who-and-when:${logs[5]!.file}` });
      const id = { traceId: blame!.traceId, id: blame!.id };
      await engine.call('annotation.save', { ...id, state: { ...stateOf(blame!), agent: 'Somebody_Else' } });
      const traceId = (await engine.call('trace.list', { query: 'label:"System Failure"' })).rows[0]!.id;
      const failure = (await engine.call('annotation.list', { traceId })).find(
        ({ category }) => category === 'System Failure',
      );
      await engine.call('annotation.save', {
        traceId,
        id: failure!.id,
        state: { ...stateOf(failure!), category: 'Invalid  invocation' },
      });
    });
    await write('who-and-when', 'who2');
    await write('agentrx', 'rx2');
    const who2 = blames(out('who2'));
    expect(who2.lines.filter((line) => !who.lines.includes(line))).toEqual([
      `${logs[5]!.file}|Somebody_Else|${logs[5]!.document.mistake_step}`,
    ]);
    expect(changed(who.text, who2.text)).toBe(1);
    const rx2 = failures(out('rx2'));
    expect(rx2.lines.filter((line) => !rx.lines.includes(line))).toEqual([
      expect.stringMatching(/\|Invalid {2}invocation$/),
    ]);
    expect(changed(rx.text, rx2.text)).toBe(1);

    // By way of our own JSONL it is the same, in the same order.
    await write('tracewright-jsonl', 'all.jsonl');
    const other = ['--workspace', out('other.tracewright')];
    await ask(['import', out('all.jsonl'), ...other]);
    for (const [format, name] of [
      ['who-and-when', 'who3'],
      ['agentrx', 'rx3'],
    ] as const)
      await ask(['annotations', 'export', '--format', format, '--out', out(name), ...other]);
    expect(changed(who2.text, blames(out('who3')).text)).toBe(0);
    expect(changed(rx2.text, failures(out('rx3')).text)).toBe(0);

    await withEngine(place.workspace, async (engine) => {
      await engine.call('annotation.remove', { traceId: `who-and-when:${logs[5]!.file}`, id: 'who_and_when' });
    });
    await write('who-and-when', 'who4');
    const { history, ...rest } = JSON.parse(readFileSync(out(`who4/${logs[5]!.file}`), 'utf8')) as Record<
      string,
      unknown
    >;
    expect(history).toHaveLength((logs[5]!.document as unknown as { history: unknown[] }).history.length);
    expect(Object.keys(rest).filter((key) => key.startsWith('mistake_'))).toEqual([]);
  },
);

test('export: all as CSV and as JSON lines', { timeout: 60_000 }, async () => {
  const formats = ['annotations-csv', 'annotations-jsonl'] as const;
  for (const format of formats) await ask(['annotations', 'export', '--format', format, '--out', out(format), ...at]);
  const count = (await list()).length;
  const rows = readFileSync(out(formats[1]), 'utf8').trim().split('\n');
  expect(rows).toHaveLength(count);
  const row = rows
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .find((one) => one.category === 'Invalid  invocation');
  expect(row).toMatchObject({ kind: 'category', place: 'span', imported: false, taxonomy: 'agentrx' });
  expect(row?.step).toEqual(expect.any(Number));
  const table = readFileSync(out(formats[0]), 'utf8');
  expect(table).toMatch(
    /^trace_id,trace_name,id,author,kind,place,span_id,step,actor,agent,taxonomy,category,severity,/,
  );
  expect(table).toContain('Invalid  invocation');
});

test('merge: says what came, also of what waits for its trace', { timeout: 60_000 }, async () => {
  const [ben, eve] = ['ben', 'eve'].map((name) => ['--workspace', out(`${name}.tracewright`)]) as [string[], string[]];
  await ask(['import', out('tau.json'), out('tau_ground_truth.json'), ...ben]);
  await ask(['annotations', 'export', '--format', 'annotations', '--out', out('mine.jsonl'), ...at]);
  const first = schema.mergeReport.parse(await ask(['annotations', 'merge', out('mine.jsonl'), ...ben]));
  // The edited failure is here; the blames, of which one was edited and removed, and the scores of their data are not.
  const waits = { waiting: 176, waitingTraces: 87 };
  expect(first).toMatchObject({ files: 1, revisions: 177, annotations: 88, conflicts: 0, ...waits });
  const again = schema.mergeReport.parse(await ask(['annotations', 'merge', out('mine.jsonl'), ...ben]));
  expect(again).toMatchObject({ revisions: 0, annotations: 0, conflicts: 0, ...waits });
  expect((await cli(['annotations', 'merge', out('mine.jsonl'), ...ben])).stdout).toMatch(
    /^Nothing new\.\n176 revisions of 87 traces /,
  );

  // What waits travels on.
  await ask(['annotations', 'export', '--format', 'annotations', '--out', out('bens.jsonl'), ...ben]);
  await ask(['import', out('logs'), ...eve]);
  const last = schema.mergeReport.parse(await ask(['annotations', 'merge', out('bens.jsonl'), ...eve]));
  // Of what the data itself says here, only the edit and the removal are news; failures and scores of the other set wait.
  expect(last.revisions - last.waiting).toBe(2);
  expect(last).toMatchObject({ waiting: 239, waitingTraces: 102 });
  const left = await ask(['annotations', 'list', `who-and-when:${logs[5]!.file}`, ...eve]);
  expect(left).toEqual([]);
});

test('merge: a conflict is counted until somebody decides', { timeout: 60_000 }, async () => {
  const [ann, ben] = ['a', 'b'].map((name) => out(`${name}.tracewright`)) as [string, string];
  for (const workspace of [ann, ben]) {
    await ask(['import', out(`logs/${logs[0]!.file}`), '--workspace', workspace]);
    await withEngine(workspace, async (engine) => {
      const { rows } = await engine.call('trace.list', {});
      const [row] = await engine.call('annotation.list', { traceId: rows[0]!.id });
      await engine.call('annotation.save', {
        traceId: row!.traceId,
        id: row!.id,
        state: { ...stateOf(row!), note: workspace },
      });
    });
  }
  await ask(['annotations', 'export', '--format', 'annotations', '--out', out('a.jsonl'), '--workspace', ann]);
  const merged = schema.mergeReport.parse(await ask(['annotations', 'merge', out('a.jsonl'), '--workspace', ben]));
  // What both edited is one revision here already.
  expect(merged).toMatchObject({ revisions: 1, annotations: 1, conflicts: 1, waiting: 0 });
  expect(schema.annotations.parse(await ask(['annotations', 'list', '--workspace', ben]))).toMatchObject([
    { conflict: true },
  ]);
});

test('wrong usage and files that are no annotations', async () => {
  expect((await cli(['annotations'])).code).toBe(2);
  expect((await cli(['annotations', 'merge', ...at])).code).toBe(2);
  expect((await cli(['annotations', 'export', '--format', 'annotations', ...at])).code).toBe(2);
  expect((await cli(['annotations', 'list', 'x', '--query', 'y', ...at])).code).toBe(2);
  const { code, stdout } = await cli(['annotations', 'merge', out('tau.json'), '--json', ...at]);
  expect(code).toBe(1);
  expect(schema.mergeReport.parse(JSON.parse(stdout)).issues.length).toBeGreaterThan(0);
});

test('merge: a file of which nothing can be read fails, and says what to give instead', async () => {
  writeFileSync(out('bad.jsonl'), '{"tracewright":1,"type":"export"}\n{"no":1}\nneither this\n');
  const bad = await cli(['annotations', 'merge', out('bad.jsonl'), ...at]);
  expect(bad).toMatchObject({ code: 1, stdout: '' });
  expect(bad.stderr).toMatch(/^error: No annotation could be read\.\nGive a file that .*export --format annotations/);
  expect(bad.stderr).toMatch(/bad\.jsonl: Line 2 is no line of Tracewright/);
  // Without annotations is not unreadable.
  writeFileSync(out('none.jsonl'), '{"tracewright":1,"type":"export"}\n');
  expect((await cli(['annotations', 'merge', out('none.jsonl'), ...at])).code).toBe(0);
  for (const command of [['annotations', 'merge'], ['annotations', 'import'], ['import']]) {
    const { code, stderr } = await cli([...command, out('nowhere.jsonl'), ...at]);
    expect(code).toBe(1);
    expect(stderr).toContain('nowhere.jsonl: There is no such file or folder: check the path.');
    expect(stderr).not.toContain('ENOENT');
  }
});

test('export of labels: says how many, and warns when there are none', async () => {
  const empty = ['--workspace', out('empty.tracewright')];
  writeFileSync(out('bare.jsonl'), '{"tracewright":1,"type":"trace","traceId":"bare"}\n');
  await ask(['import', out('bare.jsonl'), ...empty]);
  const asked = ['annotations', 'export', '--format', 'annotations', '--out', out('zero.jsonl'), ...empty];
  const { code, stdout, stderr } = await cli(asked);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^0 annotations and 0 scores of 1 trace in 1 file, /);
  expect(stderr).toContain('Nothing was written: no annotation');
  const count = (await list()).length;
  const all = ['annotations', 'export', '--format', 'annotations', '--out', out('all.jsonl'), '--force', ...at];
  expect(schema.exportReport.parse(await ask(all)).labels?.annotations).toBe(count);
});
