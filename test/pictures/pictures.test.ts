/**
 * What is drawn of every fixture: as reviewed, without contradictions, with totals that are the trace's, and the same
 * in whatever order and pieces its records arrive, from a file or live. UPDATE_GOLDENS=1 writes what is to be reviewed.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { NormalisedRecord } from '#shared/record.ts';
import type { Engine } from '../../src/main/engine/create-engine.ts';
import { formats } from '../../src/main/formats/registry.ts';
import { decodeAll, loadCases, type Case } from '../formats/cases.ts';
import { random } from '../support/make-trace.ts';
import { contradictions, describePicture, digestOf, foundIn, takePicture, type Picture } from '../support/picture.ts';
import { fillWorkspace } from '../support/workspace-state.ts';
import { endpoint, startEngine } from '../support/workspace.ts';

const GOLDENS = join(import.meta.dirname, '../fixtures/pictures');
/** Traces of one file that are described; of the others, a line. */
const DESCRIBED = 4;

const cases = loadCases();

test.each(cases)('$format/$name', { timeout: 60_000 }, async (each) => {
  const engine = await startEngine({ httpPort: null });
  await engine.call('import.run', { jobId: 'x', paths: [inputOf(each)] });
  await engine.settle();
  const pictures = await allPictures(engine);
  const found = pictures.flatMap(([id, picture]) => contradictions(picture).map((fault) => `${id}: ${fault}`));
  expect(found).toEqual([]);

  const path = goldenOf(each);
  const text = describe(pictures);
  if (process.env.UPDATE_GOLDENS === '1') {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  expect(existsSync(path), `${path} is missing; UPDATE_GOLDENS=1 writes it`).toBe(true);
  expect(text).toBe(readFileSync(path, 'utf8'));

  const other = await startEngine({ httpPort: null, readOnly: true, workspace: await scrambled(each, pictures) });
  expect((await allPictures(other)).map(drawn)).toEqual(pictures.map(drawn));
});

const LIVE: Readonly<Record<string, string>> = {
  'agents-sdk': '/v1/traces/ingest',
  otlp: '/v1/traces',
  'otlp-logs': '/v1/logs',
};
const live = cases.filter((each) => each.format in LIVE && /input\.(?:json|bin)(?:\.gz)?$/.test(inputOf(each)));

test.each(live)('$format/$name: sent live', { timeout: 60_000 }, async (each) => {
  const engine = await startEngine();
  const response = await fetch(endpoint(engine, LIVE[each.format] ?? ''), {
    method: 'POST',
    headers: { 'content-type': each.bytes[0] === 0x7b ? 'application/json' : 'application/x-protobuf' },
    body: each.bytes as BodyInit,
  });
  expect(response.ok).toBe(true);
  await engine.settle();
  const golden = readFileSync(goldenOf(each), 'utf8');
  expect((await allPictures(engine)).map(([, picture]) => digestOf(picture))).toEqual(
    [...golden.matchAll(/\bdigest (\w{16})$/gm)].map(([, digest]) => digest),
  );
});

test('every golden belongs to a fixture', () => {
  const known = new Set(cases.map(goldenOf));
  const stored = readdirSync(GOLDENS, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.txt'));
  expect(stored.filter((name) => !known.has(join(GOLDENS, name)))).toEqual([]);
});

function goldenOf({ format, name }: Case): string {
  return join(GOLDENS, format, `${name}.txt`);
}

function inputOf({ folder }: Case): string {
  return join(folder, readdirSync(folder).find((file) => file.startsWith('input.')) ?? '');
}

type Pictures = readonly (readonly [id: string, Picture])[];

/** By id. */
async function allPictures(engine: Pick<Engine, 'call'>): Promise<Pictures> {
  const pictures: [string, Picture][] = [];
  for (const id of await traceIds(engine)) pictures.push([id, await takePicture(engine, id)]);
  return pictures;
}

async function traceIds(engine: Pick<Engine, 'call'>): Promise<string[]> {
  const rows = await engine.call('sql.query', { sql: 'SELECT trace_id FROM trace ORDER BY trace_id' });
  return rows.flatMap(({ trace_id: id }) => (typeof id === 'string' ? [id] : []));
}

function drawn([id, picture]: Pictures[number]): string[] {
  return [id, digestOf(picture), foundIn(picture)];
}

function describe(pictures: Pictures): string {
  const lines = pictures.flatMap(([id, picture], k) =>
    k < DESCRIBED
      ? [`# ${id}`, ...describePicture(picture), '']
      : [
          `# ${id}: ${picture.graph.edges.length} edges, ${picture.sequence.total} messages, digest ${digestOf(picture)}`,
        ],
  );
  return `${lines.join('\n').trimEnd()}\n`;
}

/** A workspace that took the same records in other pieces, some of them twice, and in another order where times tell it. */
async function scrambled(each: Case, pictures: Pictures): Promise<string> {
  const format = formats.find(({ id }) => id === each.format);
  if (!format) throw new Error(`no format ${each.format}`);
  const { records } = decodeAll(format, each.bytes, join(each.name, basename(inputOf(each))));
  const next = random(each.bytes.length);
  const isTimed = pictures.every(([, { sequence }]) => sequence.doubts.untimed === 0);
  const order = isTimed
    ? records
        .map((record) => ({ record, at: next() }))
        .sort((a, b) => a.at - b.at)
        .map(({ record }) => record)
    : records;
  const bodies: NormalisedRecord[][] = [];
  for (let from = 0; from < order.length;) {
    const size = 1 + Math.floor(next() * Math.max(8, order.length / 4));
    bodies.push(order.slice(from, from + size));
    from += size;
  }
  if (isTimed && bodies[0]) bodies.push(bodies[0]);
  return (await fillWorkspace(bodies.map((body) => ({ records: body, format: each.format })))).path;
}
