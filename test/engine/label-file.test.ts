/** The label file holds every annotation and score, also those that came with the data, and gives them back as they were. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { canonicalJson } from '#shared/canonical-json.ts';
import type { Engine } from '../../src/main/engine/create-engine.ts';
import { fixture } from '../formats/decoding.ts';
import { startEngine, temporaryFolder } from '../support/workspace.ts';

type Setting = { readonly folder: string; readonly files: readonly string[] };

/** Blames, categories with evidence, and scores, as their publishers and our fixtures have them. */
function published(): Setting {
  const folder = temporaryFolder();
  const lines = new TextDecoder().decode(fixture('who-and-when/cut.jsonl.gz'));
  const blamed = lines.trim().split('\n').slice(0, 3);
  const files = blamed.map((line) => {
    const { file, document } = JSON.parse(line) as { readonly file: string; readonly document: object };
    const path = join(folder, file.replace('/', '-'));
    writeFileSync(path, JSON.stringify(document));
    return path;
  });
  const errors = join(folder, 'trail.json');
  writeFileSync(errors, fixture('trail/hand-labels/input.json'));
  return { folder, files: [...files, errors] };
}

async function reviewer(files: readonly string[], name = 'Ann'): Promise<Engine> {
  const engine = await startEngine({ httpPort: null });
  await engine.call('settings.set', { key: 'reviewer', value: name });
  if (files.length > 0) await read(engine, files);
  return engine;
}

async function read(engine: Engine, paths: readonly string[]) {
  const report = await engine.call('import.run', { jobId: 'read', paths });
  await engine.settle();
  return report;
}

async function allTraces(engine: Engine): Promise<readonly string[]> {
  return (await engine.call('trace.list', { limit: 100 })).rows.map(({ id }) => id).sort();
}

/** Annotations and scores of all traces, and what is kept of their history. */
async function labels(engine: Engine): Promise<string> {
  const all = [];
  for (const traceId of await allTraces(engine)) {
    const rows = [...(await engine.call('annotation.list', { traceId }))].sort((a, b) => (a.id < b.id ? -1 : 1));
    const scores = (await engine.call('score.list', { traceId })).map((score) => canonicalJson(score)).sort();
    const histories = [];
    for (const { id } of rows) {
      const history = await engine.call('annotation.history', { traceId, id });
      histories.push(history.map(({ hash, head }) => `${hash} ${head}`).sort());
    }
    all.push([traceId, rows, scores, histories]);
  }
  return canonicalJson(all);
}

async function labelFile(engine: Engine, path: string): Promise<string> {
  await engine.call('export.run', { jobId: path, format: 'annotations', path, overwrite: true });
  return path;
}

test('labels that nobody edited are in the label file, and survive the deletion of their traces', async () => {
  const { folder, files } = published();
  const ann = await reviewer(files);
  const before = await labels(ann);
  const traceIds = await allTraces(ann);
  const counts = await ann.call('annotation.count', { traceIds });
  expect(counts.count).toBeGreaterThan(3);
  expect(counts.scores).toBeGreaterThan(0);
  const path = join(folder, 'labels.jsonl');
  const report = await ann.call('export.run', { jobId: 'x', format: 'annotations', path });
  expect(report.labels).toEqual({ annotations: counts.count, scores: counts.scores });

  // Where the data is, its labels are no news.
  const again = await read(ann, [path]);
  expect(again.merged).toMatchObject({ revisions: 0, annotations: 0, conflicts: 0, waiting: 0 });
  expect(await labels(ann)).toBe(before);

  for (const order of [
    [path, ...files],
    [...files, path, path],
  ]) {
    await ann.call('trace.delete', { traceIds });
    expect(await allTraces(ann)).toEqual([]);
    for (const file of order) await read(ann, [file]);
    expect(await labels(ann)).toBe(before);
    expect(
      (await ann.call('export.run', { jobId: 'y', format: 'annotations', path: `${path}2`, overwrite: true })).labels,
    ).toEqual(report.labels);
    expect(readFileSync(`${path}2`, 'utf8').split('\n').sort()).toEqual(readFileSync(path, 'utf8').split('\n').sort());
  }
});

test('traces that come without their labels get them from the label file, before or after', async () => {
  const { folder, files } = published();
  const ann = await reviewer(files);
  const before = JSON.parse(await labels(ann)) as [string, readonly unknown[], readonly string[], readonly unknown[]][];
  const path = await labelFile(ann, join(folder, 'labels.jsonl'));
  const whole = join(folder, 'whole.jsonl');
  await ann.call('export.run', { jobId: 'w', format: 'tracewright-jsonl', path: whole });
  const bare = join(folder, 'bare.jsonl');
  const lines = readFileSync(whole, 'utf8').split('\n');
  writeFileSync(bare, lines.filter((line) => !/"type":"(annotation|score|received|revision)"/.test(line)).join('\n'));
  for (const order of [
    [path, bare],
    [bare, path],
    [bare, path, path],
  ]) {
    const ben = await reviewer([]);
    for (const file of order) await read(ben, [file]);
    const got = JSON.parse(await labels(ben)) as typeof before;
    expect(got.map(([id, rows, scores]) => [id, rows, scores])).toEqual(
      before.map(([id, rows, scores]) => [id, rows, scores]),
    );
    // And they go on from there.
    const on = await labelFile(ben, join(folder, 'on.jsonl'));
    expect(readFileSync(on, 'utf8').split('\n').sort()).toEqual(readFileSync(path, 'utf8').split('\n').sort());
    // The data itself, when it comes, is no second opinion.
    await read(ben, files);
    expect(await allTraces(ben)).toEqual(await allTraces(ann));
    const rows = (await ben.call('annotation.list', { traceId: before[0]![0] })).filter(({ conflict }) => conflict);
    expect(rows).toEqual([]);
    await ben.close();
  }
});

test('an edit made elsewhere on an imported label merges onto it, in any order', async () => {
  const { folder, files } = published();
  const [ann, ben] = [await reviewer(files), await reviewer(files, 'Ben')];
  const untouched = await labelFile(ann, join(folder, 'untouched.jsonl'));
  const traceId = (await allTraces(ben)).find((id) => id.startsWith('who-and-when'))!;
  const [row] = await ben.call('annotation.list', { traceId });
  const {
    id,
    traceId: _t,
    author: _a,
    createdAt: _c,
    editor: _e,
    editedAt: _d,
    imported: _i,
    conflict: _f,
    ...state
  } = row!;
  await ben.call('annotation.save', { traceId, id, state: { ...state, note: 'It was somebody else.' } });
  const edited = await labelFile(ben, join(folder, 'edited.jsonl'));
  const wanted = await labels(ben);
  for (const order of [
    [untouched, edited],
    [edited, untouched, edited],
  ]) {
    for (const first of [true, false]) {
      const eve = await reviewer(first ? files : [], 'Eve');
      for (const file of order) await read(eve, [file]);
      if (!first) await read(eve, files);
      expect(await labels(eve)).toBe(wanted);
      const [shown] = await eve.call('annotation.list', { traceId });
      expect(shown).toMatchObject({ note: 'It was somebody else.', editor: 'Ben', imported: false, conflict: false });
      await eve.close();
    }
  }
});

test('taxonomies and score schemas travel with the labels that name them', async () => {
  const { folder, files } = published();
  const [ann, ben] = [await reviewer(files.slice(0, 1)), await reviewer(files.slice(0, 1), 'Ben')];
  const [traceId] = await allTraces(ann);
  const category = (code: string) => ({
    code,
    title: `Title of ${code}`,
    definition: '',
    parent: null,
    aliases: [],
    retired: false,
  });
  const own = {
    id: 'house',
    title: 'House rules',
    about: '',
    version: 1,
    preset: false,
    categories: ['h1', 'h2'].map(category),
  };
  const unused = { ...own, id: 'secret', title: 'Not used' };
  const tone = {
    id: 'tone',
    title: 'Tone',
    about: '',
    version: 1,
    scale: { type: 'numeric', min: 0, max: 10, step: 1 },
    direction: 'maximise',
  } as const;
  for (const taxonomy of [own, unused]) await ann.call('taxonomy.save', { taxonomy });
  await ann.call('schema.save', { schema: tone });
  await ben.call('taxonomy.save', { taxonomy: { ...own, title: 'As Ben calls it', categories: [category('h1')] } });
  const blank = {
    place: { kind: 'trace' },
    severity: null,
    score: null,
    passed: null,
    note: null,
    tags: [],
    agent: null,
  } as const;
  const rest = {
    isRootCause: false,
    evidenceSpanId: null,
    correction: null,
    answers: null,
    preference: null,
    extra: {},
  };
  for (const said of [
    { kind: 'category', taxonomy: 'house', category: 'h2' },
    { kind: 'score', taxonomy: 'tone', category: null, score: 7 },
  ] as const)
    await ann.call('annotation.save', { traceId: traceId!, state: { ...blank, ...rest, ...said } });
  const path = await labelFile(ann, join(folder, 'labels.jsonl'));
  expect(readFileSync(path, 'utf8')).not.toContain('secret');
  for (let time = 0; time < 2; time++) {
    expect((await read(ben, [path])).issues).toEqual([]);
    const house = (await ben.call('taxonomy.list', undefined)).filter(({ id }) => id === 'house');
    expect(house).toMatchObject([
      { title: 'As Ben calls it', version: 2, categories: [{ code: 'h1' }, { code: 'h2' }] },
    ]);
    const schemas = await ben.call('schema.list', undefined);
    expect(schemas.filter(({ id }) => id === 'tone')).toEqual([tone]);
  }
  await ben.call('schema.save', { schema: { ...tone, title: 'Another tone' } });
  const { issues } = await read(ben, [path]);
  expect(issues.map(({ message }) => message)).toEqual([
    'A score schema of the file is another one here, which stays.',
  ]);
});
