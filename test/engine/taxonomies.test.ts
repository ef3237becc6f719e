/** Taxonomies as they ship and as people change them, how often they are used, and open coding. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import type { Engine } from '../../src/main/engine/create-engine.ts';
import { migrations } from '../../src/main/store/migrations/index.ts';
import type { AnnotationState } from '../../src/shared/annotation.ts';
import type { Taxonomy } from '../../src/shared/taxonomy.ts';
import { counting } from '../../src/shared/taxonomy.ts';
import { sendItems, spanItem, traceItem } from '../support/agents-items.ts';
import { startEngine, temporaryFolder } from '../support/workspace.ts';

const EMPTY: AnnotationState = {
  place: { kind: 'span', spanId: 's1' },
  kind: 'note',
  taxonomy: null,
  category: null,
  severity: null,
  score: null,
  passed: null,
  note: null,
  tags: [],
  agent: null,
  isRootCause: false,
  evidenceSpanId: null,
  correction: null,
  answers: null,
  preference: null,
  extra: {},
};

async function label(engine: Engine, taxonomy: string, category: string): Promise<void> {
  await engine.call('annotation.save', { traceId: 't1', state: { ...EMPTY, kind: 'category', taxonomy, category } });
}

async function note(engine: Engine, text: string, more: Partial<AnnotationState> = {}): Promise<string> {
  return (await engine.call('annotation.save', { traceId: 't1', state: { ...EMPTY, note: text, ...more } })).id;
}

async function engineWithTrace(): Promise<Engine> {
  const engine = await startEngine();
  await sendItems(engine, [traceItem(), spanItem()]);
  await engine.settle();
  return engine;
}

async function taxonomy(engine: Engine, id: string): Promise<Taxonomy> {
  return (await engine.call('taxonomy.list', undefined)).find((each) => each.id === id)!;
}

test('what ships is there, and sound', async () => {
  const engine = await startEngine();
  const list = await engine.call('taxonomy.list', undefined);
  const leaves = ({ categories }: Taxonomy): number =>
    categories.filter(({ code }) => !categories.some(({ parent }) => parent === code)).length;
  expect(list.map((each) => [each.id, leaves(each), each.preset, each.version])).toEqual([
    ['mast', 14, true, 1],
    ['trail', 20, true, 1],
    ['agentrx', 10, true, 1],
    ['microsoft-agentic', 27, true, 1],
    ['pass-fail', 3, true, 1],
  ]);
  for (const { about, categories } of list) {
    expect(about).not.toBe('');
    expect(categories.filter(({ definition }) => definition === '')).toEqual([]);
  }
  expect((await engine.call('schema.list', undefined)).map(({ id, scale }) => [id, scale.type])).toEqual([
    ['thumbs', 'boolean'],
    ['quality', 'numeric'],
    ['outcome', 'categorical'],
    ['trail-reliability', 'numeric'],
    ['trail-security', 'numeric'],
    ['trail-instruction-adherence', 'numeric'],
    ['trail-plan-optimality', 'numeric'],
    ['trail-overall', 'numeric'],
    ['answer-rubric', 'rubric'],
  ]);
});

test('spellings that occur in published labels count as the categories that they mean', async () => {
  const engine = await startEngine();
  const agentrx = counting(await taxonomy(engine, 'agentrx'));
  expect(
    ['Instruction/Plan Adherence Failure', 'Intent not supported', 'Invention of new information'].map(agentrx),
  ).toEqual(['Instruction Adherence Failure', 'Intent Not Supported', 'Invention of New Information']);
  const trail = counting(await taxonomy(engine, 'trail'));
  expect(
    [' Incorrect Problem Identification', 'Context Handling Failure', 'Formatting Error', 'Tool Selection'].map(trail),
  ).toEqual([
    'Incorrect Problem Identification',
    'Context Handling Failures',
    'Formatting Errors',
    'Tool Selection Errors',
  ]);
  expect(
    ['Instruction non complience', 'Task Orchestration Errors', 'Goal deviation', 'Language-Only'].map(trail),
  ).toEqual(['Instruction Non-compliance', 'Task Orchestration', 'Goal Deviation', 'Language-only']);
  const mast = counting(await taxonomy(engine, 'mast'));
  expect(["Ignored other agent's input", 'FM-2.6', 'MAST-6'].map(mast)).toEqual(['2.5', '2.6', '2.1']);
});

test('AgentRx and TRAIL labels of files are counted, under their codes', async () => {
  const engine = await startEngine();
  const folder = 'test/fixtures/formats';
  await engine.call('import.run', {
    jobId: 'one',
    paths: [join(folder, 'agentrx', 'ground-truth'), join(folder, 'trail', 'hand-labels')],
  });
  const usage = await engine.call('taxonomy.usage', { id: 'agentrx' });
  expect(usage.unknown).toEqual([]);
  expect(usage.categories.length).toBeGreaterThan(0);
  const [sum] = (await engine.call('sql.query', {
    sql: "SELECT count(*) AS n FROM annotation WHERE taxonomy = 'agentrx' AND category IS NOT NULL",
  })) as readonly { readonly n: number }[];
  expect(usage.categories.reduce((total, { annotations }) => total + annotations, 0)).toBe(sum!.n);
});

test('a save is a new version; an older one can be had again, and what ships too', async () => {
  const engine = await startEngine();
  await engine.call('settings.set', { key: 'reviewer', value: 'Ann' });
  const mast = await taxonomy(engine, 'mast');
  const saved = await engine.call('taxonomy.save', { taxonomy: { ...mast, title: 'Ours' } });
  expect(saved).toMatchObject({ title: 'Ours', version: 2, preset: false });
  expect(await taxonomy(engine, 'mast')).toEqual(saved);
  const history = await engine.call('taxonomy.history', { id: 'mast' });
  expect(history.map(({ version, author, taxonomy: each }) => [version, author, each?.title])).toEqual([
    [1, null, mast.title],
    [2, 'Ann', 'Ours'],
  ]);
  expect(await engine.call('taxonomy.reset', { id: 'mast' })).toEqual({ ...mast, version: 3 });
  await engine.call('taxonomy.save', { taxonomy: history[1]!.taxonomy! });
  expect(await taxonomy(engine, 'mast')).toMatchObject({ title: 'Ours', version: 4 });

  const own = { ...mast, id: 'own', title: 'Own' };
  expect(await engine.call('taxonomy.save', { taxonomy: own })).toMatchObject({ id: 'own', version: 1, preset: false });
  expect(await engine.call('taxonomy.reset', { id: 'own' })).toBeNull();
  expect(await taxonomy(engine, 'own')).toBeUndefined();
  expect((await engine.call('taxonomy.history', { id: 'own' })).map((each) => each.taxonomy?.title)).toEqual([
    'Own',
    undefined,
  ]);
  await expect(engine.call('taxonomy.reset', { id: 'own' })).rejects.toMatchObject({ error: { code: 'not_found' } });
});

test('what is wrong with a taxonomy is said, and nothing is stored', async () => {
  const engine = await startEngine();
  const mast = await taxonomy(engine, 'mast');
  const twice = { ...mast, categories: [...mast.categories, mast.categories[0]!] };
  await expect(engine.call('taxonomy.save', { taxonomy: twice })).rejects.toMatchObject({
    error: { code: 'bad_request', message: expect.stringContaining('two categories have the code') as string },
  });
  expect(await taxonomy(engine, 'mast')).toEqual(mast);
});

test('merged categories count together, and the raw spellings stay', async () => {
  const engine = await engineWithTrace();
  const categories = ['lost', 'found'].map((code) => ({
    code,
    title: code,
    definition: '',
    parent: null,
    aliases: [],
    retired: false,
  }));
  const own = await engine.call('taxonomy.save', {
    taxonomy: { id: 'own', title: 'Own', about: '', version: 1, preset: false, categories },
  });
  for (const each of ['lost', 'LOST', 'found', 'neither']) await label(engine, 'own', each);
  const merged = [
    { ...categories[0]!, retired: true },
    { ...categories[1]!, aliases: ['lost'] },
  ];
  await engine.call('taxonomy.save', { taxonomy: { ...own, categories: merged } });
  expect(await engine.call('taxonomy.usage', { id: 'own' })).toEqual({
    categories: [
      {
        code: 'found',
        annotations: 3,
        traces: 1,
        spellings: [
          { spelling: 'LOST', annotations: 1 },
          { spelling: 'found', annotations: 1 },
          { spelling: 'lost', annotations: 1 },
        ],
      },
    ],
    unknown: [{ code: 'neither', annotations: 1, traces: 1, spellings: [{ spelling: 'neither', annotations: 1 }] }],
    unknownCount: 1,
  });
  await label(engine, 'theirs', 'x');
  expect(await engine.call('taxonomy.unknown', undefined)).toEqual([{ id: 'theirs', annotations: 1 }]);
});

test('score schemas are saved and removed', async () => {
  const engine = await startEngine();
  const schema = { id: 'stars', title: 'Stars', about: '', version: 1, direction: 'maximise' } as const;
  const scale = { type: 'numeric', min: 0, max: 3, step: 1 } as const;
  const saved = await engine.call('schema.save', { schema: { ...schema, scale } });
  expect((await engine.call('schema.list', undefined)).at(-1)).toEqual(saved);
  await engine.call('schema.remove', { id: 'stars' });
  expect((await engine.call('schema.list', undefined)).some(({ id }) => id === 'stars')).toBe(false);
});

test('notes are grouped, promoted and counted; both can be taken back', async () => {
  const engine = await engineWithTrace();
  await engine.call('settings.set', { key: 'reviewer', value: 'Ann' });
  const first = await note(engine, 'It never looked the order up.', { tags: ['order'] });
  const second = await note(engine, 'It made the number up: 100%.');
  const refs = [first, second].map((id) => ({ traceId: 't1', id }));
  expect(await engine.call('coding.counts', {})).toMatchObject({
    total: 2,
    coded: 0,
    groups: [{ group: null, notes: 2, coded: 0 }],
    authors: [{ value: 'Ann', count: 2 }],
    tags: [{ value: 'order', count: 1 }],
  });
  const { changed } = await engine.call('coding.group', { notes: refs, group: ' Order ' });
  expect(changed).toEqual(refs.map((ref) => ({ ...ref, before: null })));
  expect((await engine.call('coding.notes', { group: 'Order' })).notes.map(({ id }) => id)).toEqual([second, first]);
  expect((await engine.call('coding.group', { notes: refs, group: 'Order' })).changed).toEqual([]);

  const code = { taxonomy: 'mast', category: '2.4' };
  const { made } = await engine.call('coding.promote', { notes: refs, ...code });
  expect(made).toHaveLength(2);
  expect((await engine.call('coding.promote', { notes: refs, ...code })).made).toEqual([]);
  const list = await engine.call('annotation.list', { traceId: 't1' });
  expect(list.find(({ id }) => id === made[0]!.id)).toMatchObject({
    ...code,
    kind: 'category',
    place: EMPTY.place,
    extra: { fromNote: first },
  });
  expect(list.find(({ id }) => id === first)).toMatchObject({ note: 'It never looked the order up.' });
  expect(await engine.call('coding.counts', {})).toMatchObject({
    coded: 2,
    groups: [{ group: 'Order', notes: 2, coded: 2 }],
  });
  expect((await engine.call('coding.notes', { open: true })).notes).toEqual([]);
  expect((await engine.call('taxonomy.usage', { id: 'mast' })).categories).toMatchObject([
    { code: '2.4', annotations: 2 },
  ]);

  expect(await engine.call('coding.withdraw', { annotations: made })).toEqual({ removed: 2 });
  expect((await engine.call('coding.notes', { open: true })).notes).toHaveLength(2);
  await engine.call('coding.group', { notes: refs, group: null });
  expect((await engine.call('coding.counts', {})).groups).toEqual([{ group: null, notes: 2, coded: 0 }]);

  await expect(engine.call('coding.promote', { notes: refs, taxonomy: 'mast', category: '9' })).rejects.toMatchObject({
    error: { code: 'not_found' },
  });
  await expect(engine.call('coding.group', { notes: refs, group: ' ' })).rejects.toMatchObject({
    error: { code: 'bad_request' },
  });
});

test('notes are filtered, and come page by page', async () => {
  const engine = await engineWithTrace();
  for (let n = 0; n < 7; n++) await note(engine, `Note ${n} of 100%`, { tags: n % 2 === 0 ? ['even'] : [] });
  const seen: string[] = [];
  let cursor: number | null = null;
  do {
    const page: Awaited<ReturnType<typeof read>> = await read(cursor);
    seen.push(...page.notes.map(({ note: text }) => text ?? ''));
    cursor = page.nextCursor;
  } while (cursor !== null);
  expect(seen).toEqual([6, 5, 4, 3, 2, 1, 0].map((n) => `Note ${n} of 100%`));
  expect((await engine.call('coding.notes', { tag: 'even' })).notes).toHaveLength(4);
  expect((await engine.call('coding.notes', { text: '0%' })).notes).toHaveLength(7);
  expect((await engine.call('coding.notes', { text: 'e_3' })).notes).toEqual([]);
  expect((await engine.call('coding.notes', { author: 'nobody' })).notes).toEqual([]);

  function read(at: number | null) {
    return engine.call('coding.notes', { limit: 3, ...(at === null ? {} : { cursor: at }) });
  }
});

test('a note in conflict that is put under a title stays in conflict', async () => {
  const engine = await engineWithTrace();
  const id = await note(engine, 'First.');
  const [base] = await engine.call('annotation.history', { traceId: 't1', id });
  for (const text of ['One.', 'Other.'])
    await engine.call('annotation.save', {
      traceId: 't1',
      id,
      state: { ...EMPTY, note: text },
      replaces: [base!.hash],
    });
  await engine.call('coding.group', { notes: [{ traceId: 't1', id }], group: 'Both' });
  const [row] = await engine.call('annotation.list', { traceId: 't1' });
  expect(row).toMatchObject({ conflict: true, extra: { group: 'Both' } });
});

test('a read-only engine lists and refuses to save', async () => {
  const workspace = join(temporaryFolder(), 'held.tracewright');
  await startEngine({ workspace });
  const reader = await startEngine({ workspace, httpPort: null, readOnly: true });
  const mast = await taxonomy(reader, 'mast');
  await expect(reader.call('taxonomy.save', { taxonomy: mast })).rejects.toMatchObject({
    error: { code: 'workspace_locked' },
  });
});

test('a workspace of before opens with its annotations, however odd what sources said', async () => {
  const file = join(temporaryFolder(), 'old.tracewright');
  const at = migrations.findIndex(({ name }) => name === 'taxonomies');
  const db = new Database(file);
  db.pragma('application_id = 0x54525752');
  for (const { sql } of migrations.slice(0, at)) db.exec(sql);
  db.pragma(`user_version = ${at}`);
  const columns = db
    .prepare('SELECT name FROM pragma_table_info(?) WHERE "notnull" = 1 AND dflt_value IS NULL')
    .pluck();
  expect(columns.all('annotation')).toContain('extra');
  db.pragma('foreign_keys = OFF');
  const insert = db.prepare(
    `INSERT INTO annotation (trace_key, annotation_id, target_kind, is_root_cause, extra, kind) VALUES (1, ?, 'trace', 0, ?, 'note')`,
  );
  insert.run('deep', `${'['.repeat(2_000)}${']'.repeat(2_000)}`);
  insert.run('number', '{"fromNote": 7, "group": ["x"]}');
  insert.run('text', '{"fromNote": "n", "group": "A title"}');
  db.close();
  await (await startEngine({ workspace: file })).close();
  const after = new Database(file, { readonly: true });
  expect(after.prepare('SELECT annotation_id, from_note, note_group FROM annotation ORDER BY 1').raw().all()).toEqual([
    ['deep', null, null],
    ['number', null, null],
    ['text', 'n', 'A title'],
  ]);
  after.close();
});
