/** Merging annotations between real workspaces: any order, grouping and repetition gives the same, and nothing is lost. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '#shared/canonical-json.ts';
import type { AnnotationState } from '../../src/shared/annotation.ts';
import type { Engine } from '../../src/main/engine/create-engine.ts';
import { sendItems, spanItem, traceItem } from '../support/agents-items.ts';
import { emptyState as NOTE } from '../support/annotation-state.ts';
import { random } from '../support/make-trace.ts';
import { startEngine, temporaryFolder } from '../support/workspace.ts';

async function reviewer(name: string, traces = true): Promise<Engine> {
  const engine = await startEngine({ httpPort: traces ? 0 : null });
  if (traces) await sendItems(engine, [traceItem(), spanItem()]);
  await engine.settle();
  await engine.call('settings.set', { key: 'reviewer', value: name });
  return engine;
}

async function labelFile(engine: Engine, path: string): Promise<string> {
  await engine.call('export.run', { jobId: path, format: 'annotations', path, overwrite: true });
  return path;
}

async function merge(engine: Engine, ...paths: readonly string[]) {
  return engine.call('import.run', { jobId: 'merge', paths });
}

async function standing(engine: Engine): Promise<string> {
  const rows = await engine.call('annotation.list', { traceId: 't1' });
  const histories = await Promise.all(rows.map(({ id }) => engine.call('annotation.history', { traceId: 't1', id })));
  const revisions = histories.flat().map(({ hash, head }) => `${hash} ${head}`);
  return canonicalJson([[...rows].sort((a, b) => (a.id < b.id ? -1 : 1)), revisions.sort()]);
}

test(
  'a thousand concurrent edits: any order, grouping and repetition of merges gives the same',
  { timeout: 240_000 },
  async () => {
    const folder = temporaryFolder();
    const [ann, ben] = [await reviewer('Ann'), await reviewer('Ben')];
    const next = random(5);
    const ids: string[] = [];
    const files: string[] = [];
    for (let round = 0; round < 10; round++) {
      for (const engine of [ann, ben]) {
        for (let edit = 0; edit < 50; edit++) {
          const known = (await engine.call('annotation.list', { traceId: 't1' })).map(({ id }) => id);
          const old = next() < 0.8 ? known[Math.floor(next() * known.length)] : undefined;
          const state = { ...NOTE, note: `round ${round}, ${Math.floor(next() * 4)}` };
          if (old !== undefined && next() < 0.1) await engine.call('annotation.remove', { traceId: 't1', id: old });
          else {
            const { id } = await engine.call('annotation.save', {
              traceId: 't1',
              ...(old === undefined ? {} : { id: old }),
              state,
            });
            if (old === undefined) ids.push(id);
          }
        }
      }
      // Now and then they meet, in one direction or both.
      files.push(
        await labelFile(ann, join(folder, `ann-${round}.jsonl`)),
        await labelFile(ben, join(folder, `ben-${round}.jsonl`)),
      );
      if (round % 3 === 1) await merge(ann, files.at(-1)!);
      if (round % 4 === 2) await merge(ben, files.at(-2)!);
    }
    await merge(ann, files.at(-1)!);
    await merge(ben, files.at(-2)!);
    const wanted = await standing(ann);
    expect(await standing(ben)).toBe(wanted);
    const rows = await ann.call('annotation.list', { traceId: 't1' });
    expect(rows.some(({ conflict }) => conflict)).toBe(true);
    expect(ids.length).toBeGreaterThan(100);

    // All lines of all files, cut into any pieces, in any order, some twice, into workspaces that have the trace or get it last.
    const lines = [...new Set(files.flatMap((file) => readFileSync(file, 'utf8').trim().split('\n')))].filter(
      (line) => !line.includes('"type":"export"'),
    );
    expect(lines.length).toBeGreaterThanOrEqual(900);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.nat(lines.length - 1), { minLength: 1, maxLength: 400 }), { maxLength: 4 }),
        fc.integer(),
        fc.boolean(),
        async (groups, seed, traceFirst) => {
          const engine = await reviewer('Eve', traceFirst);
          const shuffle = random(seed);
          const all = lines
            .map((line) => [shuffle(), line] as const)
            .sort(([a], [b]) => a - b)
            .map(([, line]) => line);
          const half = Math.floor(all.length / 2);
          for (const [index, group] of [
            ...groups.map((each) => each.map((at) => lines[at]!)),
            all.slice(half),
            all.slice(0, half),
          ].entries()) {
            const path = join(folder, `piece-${index}.jsonl`);
            writeFileSync(path, ['{"tracewright":1,"type":"export"}', ...group, ''].join('\n'));
            await merge(engine, path);
          }
          if (!traceFirst) {
            const whole = join(folder, 'trace.jsonl');
            await ann.call('export.run', { jobId: 'x', format: 'tracewright-jsonl', path: whole, overwrite: true });
            await merge(engine, whole);
          }
          await engine.settle();
          expect(await standing(engine)).toBe(wanted);
          await engine.close();
        },
      ),
      { numRuns: 6, seed: 20_261_122 },
    );
  },
);

test('what a newer version says keeps its name and every field, and is no conflict', async () => {
  const folder = temporaryFolder();
  const [ann, ben] = [await reviewer('Ann'), await reviewer('Ben')];
  const { id } = await ann.call('annotation.save', { traceId: 't1', state: NOTE });
  const mine = readFileSync(await labelFile(ann, join(folder, 'mine.jsonl')), 'utf8')
    .trim()
    .split('\n');
  const base = JSON.parse(mine[1]!) as { hash: string };
  // As a newer version would write them: fields that this one does not know, and a kind.
  const known = {
    annotationId: id,
    author: 'Zoe',
    confidence: 0.7,
    madeAt: 1_795_000_000_000,
    parents: [base.hash],
    state: { ...NOTE, note: 'second', effort: 3 },
    traceId: 't1',
  };
  const strange = { ...known, annotationId: 'other', parents: [], state: { ...NOTE, kind: 'ranking', ranks: [2, 1] } };
  const newer = [known, strange].map((body) => {
    const text = canonicalJson(body);
    return JSON.stringify({ tracewright: 1, type: 'revision', ...(JSON.parse(text) as object), hash: hashOf(text) });
  });
  const path = join(folder, 'newer.jsonl');
  writeFileSync(path, [mine[0], ...newer, ''].join('\n'));
  expect((await merge(ann, path)).merged).toMatchObject({ revisions: 2, annotations: 2, conflicts: 0, waiting: 0 });
  const rows = await ann.call('annotation.list', { traceId: 't1' });
  expect(rows.find((row) => row.id === id)).toMatchObject({ note: 'second', editor: 'Zoe', conflict: false });
  expect(rows.find((row) => row.id === 'other')).toMatchObject({
    kind: 'note',
    note: expect.stringContaining('newer') as string,
  });
  // It goes on as it came.
  const on = readFileSync(await labelFile(ann, join(folder, 'on.jsonl')), 'utf8')
    .trim()
    .split('\n');
  for (const line of newer) expect(on).toContain(line);
  expect((await merge(ben, join(folder, 'on.jsonl'))).merged).toMatchObject({ revisions: 3, conflicts: 0 });
  expect(await standing(ben)).toBe(await standing(ann));
});

test('a revision that was changed on the way is taken as it stands, and the ledger says so', async () => {
  const folder = temporaryFolder();
  const [ann, ben] = [await reviewer('Ann'), await reviewer('Ben')];
  await ann.call('annotation.save', { traceId: 't1', state: NOTE });
  const path = await labelFile(ann, join(folder, 'a.jsonl'));
  writeFileSync(path, readFileSync(path, 'utf8').replace('"note":"first"', '"note":"forged"'));
  const report = await merge(ben, path);
  expect(report.issues.map(({ message }) => message)).toEqual([
    expect.stringContaining('changed after it was written'),
  ]);
  expect(await ben.call('annotation.list', { traceId: 't1' })).toMatchObject([{ note: 'forged' }]);
});

test('a label file is not kept as bytes: what it says goes with its trace, and may come again', async () => {
  const folder = temporaryFolder();
  const [ann, ben] = [await reviewer('Ann'), await reviewer('Ben', false)];
  const secret = 'quokka-2291-secret';
  await ann.call('annotation.save', { traceId: 't1', state: { ...NOTE, note: secret } });
  const path = await labelFile(ann, join(folder, 'a.jsonl'));
  const whole = join(folder, 'whole.jsonl');
  await ann.call('export.run', { jobId: 'w', format: 'tracewright-jsonl', path: whole });
  await merge(ben, path);
  expect(await ben.call('annotation.count', { traceIds: ['t1'] })).toEqual({ count: 0, scores: 0 });
  await merge(ben, whole);
  expect(await ben.call('annotation.count', { traceIds: ['t1'] })).toEqual({ count: 1, scores: 0 });
  await ben.call('trace.delete', { traceIds: ['t1'] });
  await ben.settle();
  const file = ben.info().workspace;
  expect(readFileSync(file).includes(secret)).toBe(false);
  expect((await merge(ben, path)).merged).toMatchObject({ revisions: 1, waiting: 1, waitingTraces: 1 });
  await ben.close();
  const db = new Database(file, { readonly: true });
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  db.close();
});

test('annotations of every place go through our own JSONL and OTLP unchanged', async () => {
  const folder = temporaryFolder();
  const ann = await reviewer('Ann');
  const places: AnnotationState['place'][] = [
    { kind: 'trace' },
    { kind: 'edge', from: 'agent:A', to: 'agent:B', edge: 'handoff', spanId: null },
    { kind: 'agent', agent: 'Writer' },
    { kind: 'range', startNs: 5, endNs: 90 },
    { kind: 'text', spanId: 's1', side: 'output', item: 0, start: 1, end: 4, quote: 'abc' },
    { kind: 'absence', afterSpanId: 's1', agent: 'Reviewer' },
  ];
  for (const place of places) await ann.call('annotation.save', { traceId: 't1', state: { ...NOTE, place } });
  const gone = await ann.call('annotation.save', { traceId: 't1', state: NOTE });
  await ann.call('annotation.remove', { traceId: 't1', id: gone.id });
  for (const format of ['tracewright-jsonl', 'otlp']) {
    const path = join(folder, format);
    await ann.call('export.run', { jobId: format, format, path });
    const other = await startEngine({ httpPort: null });
    expect((await merge(other, path)).issues).toEqual([]);
    await other.settle();
    expect(await standing(other)).toBe(await standing(ann));
    await other.call('rebuild.run', { jobId: 'again' });
    await other.settle();
    expect(await standing(other)).toBe(await standing(ann));
  }
});

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
