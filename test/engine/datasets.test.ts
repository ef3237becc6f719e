/** Datasets: their versions, files that become examples, and examples that become files. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { DatasetExample } from '../../src/shared/dataset.ts';
import type { Engine } from '../../src/main/engine/create-engine.ts';
import { AppFailure } from '../../src/shared/result.ts';
import { startEngine, temporaryFolder } from '../support/workspace.ts';

const EXAMPLE: Omit<DatasetExample, 'key'> = {
  item: {},
  input: 'Book a flight',
  expectedOutput: 'Booked.',
  expectedTrajectory: [{ name: 'book', arguments: { to: 'SEA' } }],
  origin: { kind: 'hand' },
};

const FIXTURES = join(import.meta.dirname, '../fixtures/formats');

function file(name: string, content: string | Uint8Array): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, content);
  return path;
}

async function all(engine: Engine, id: string, version?: number): Promise<readonly DatasetExample[]> {
  const { rows } = await engine.call('dataset.examples', { id, ...(version === undefined ? {} : { version }) });
  return rows;
}

async function code(work: Promise<unknown>): Promise<string> {
  const cause: unknown = await work.then(
    () => null,
    (failure: unknown) => failure,
  );
  return cause instanceof AppFailure ? cause.error.code : 'none';
}

async function imported(name: string, content: string | Uint8Array) {
  const engine = await startEngine();
  const path = file(name, content);
  const result = await engine.call('dataset.import', { path });
  return { engine, path, result, rows: await all(engine, result.dataset.id) };
}

test('edits make one version, nothing changed makes none, and an older base is refused', async () => {
  const engine = await startEngine();
  const { id, version } = await engine.call('dataset.create', { name: ' Flights ' });
  expect(version).toBe(1);
  const two = await engine.call('dataset.edit', {
    id,
    base: 1,
    note: 'first',
    edits: [
      { op: 'put', example: { ...EXAMPLE, key: 'a' } },
      { op: 'put', example: { ...EXAMPLE, key: 'b', input: 'Cancel it' } },
    ],
  });
  expect(two).toMatchObject({ name: 'Flights', version: 2, examples: 2 });
  const same = await engine.call('dataset.edit', {
    id,
    base: 2,
    edits: [{ op: 'put', example: { ...EXAMPLE, key: 'a' } }],
  });
  expect(same.version).toBe(2);
  await expect(engine.call('dataset.edit', { id, base: 1, edits: [{ op: 'remove', key: 'a' }] })).rejects.toThrow(
    'newest version is 2',
  );
  const three = await engine.call('dataset.edit', {
    id,
    base: 2,
    edits: [
      { op: 'remove', key: 'a' },
      { op: 'put', example: { ...EXAMPLE, key: 'b', input: 'Cancel it now' } },
      { op: 'put', example: { ...EXAMPLE, input: 'New' } },
    ],
  });
  expect(three).toMatchObject({ version: 3, examples: 2 });
  expect((await all(engine, id)).map(({ input }) => input)).toEqual(['Cancel it now', 'New']);
  expect((await all(engine, id, 2)).map(({ input }) => input)).toEqual(['Book a flight', 'Cancel it']);
  const { versions } = await engine.call('dataset.get', { id });
  expect(versions).toMatchObject([
    { version: 3, examples: 2, added: 1, changed: 1, removed: 1, note: null },
    { version: 2, examples: 2, added: 2, changed: 0, removed: 0, note: 'first' },
    { version: 1, examples: 0 },
  ]);
});

test('a version comes back as a new one; what is so already does not', async () => {
  const engine = await startEngine();
  const { id } = await engine.call('dataset.create', { name: 'd' });
  const put = (base: number, key: string, input: string) =>
    engine.call('dataset.edit', { id, base, edits: [{ op: 'put', example: { ...EXAMPLE, key, input } }] });
  await put(1, 'a', 'one');
  await put(2, 'b', 'two');
  await put(3, 'a', 'other');
  await engine.call('dataset.edit', { id, base: 4, edits: [{ op: 'remove', key: 'b' }] });
  expect(await engine.call('dataset.revert', { id, version: 3 })).toMatchObject({ version: 6, examples: 2 });
  expect((await all(engine, id)).map(({ key, input }) => [key, input])).toEqual([
    ['a', 'one'],
    ['b', 'two'],
  ]);
  expect(await engine.call('dataset.revert', { id, version: 3 })).toMatchObject({ version: 6 });
  expect(await engine.call('dataset.revert', { id, version: 1 })).toMatchObject({ version: 7, examples: 0 });
  expect(await code(engine.call('dataset.revert', { id, version: 99 }))).toBe('not_found');
});

test('what is no example is refused, and changes nothing', async () => {
  const engine = await startEngine();
  const { id } = await engine.call('dataset.create', { name: 'd' });
  const wrong: readonly unknown[] = [
    { op: 'put', example: { ...EXAMPLE, item: [] } },
    { op: 'put', example: { ...EXAMPLE, input: 5 } },
    { op: 'put', example: { ...EXAMPLE, key: '' } },
    { op: 'put', example: { ...EXAMPLE, expectedTrajectory: [{ arguments: {} }] } },
    { op: 'put', example: null },
    { op: 'merge' },
  ];
  for (const edit of wrong) {
    const edits = [{ op: 'put', example: { ...EXAMPLE, key: 'fine' } }, edit] as never;
    expect(await code(engine.call('dataset.edit', { id, base: 1, edits }))).toBe('bad_request');
  }
  const large = { ...EXAMPLE, input: 'x'.repeat(1_000_001) };
  expect(await code(engine.call('dataset.edit', { id, base: 1, edits: [{ op: 'put', example: large }] }))).toBe(
    'too_large',
  );
  expect(await engine.call('dataset.get', { id })).toMatchObject({ row: { version: 1, examples: 0 } });
});

test('pages, and finds part of a text whatever stands in it', async () => {
  const engine = await startEngine();
  const { id } = await engine.call('dataset.create', { name: 'd' });
  const edits = Array.from({ length: 25 }, (_, at) => ({
    op: 'put' as const,
    example: { ...EXAMPLE, key: `k${at}`, input: at === 7 ? 'a "100%" sure_thing' : `text ${at}` },
  }));
  await engine.call('dataset.edit', { id, base: 1, edits });
  const first = await engine.call('dataset.examples', { id, limit: 10 });
  expect(first).toMatchObject({ total: 25 });
  const second = await engine.call('dataset.examples', { id, limit: 10, cursor: first.nextCursor ?? 0 });
  const third = await engine.call('dataset.examples', { id, limit: 10, cursor: second.nextCursor ?? 0 });
  expect([...first.rows, ...second.rows, ...third.rows].map(({ key }) => key)).toEqual(
    edits.map((each) => each.example.key),
  );
  expect(third.nextCursor).toBeNull();
  expect(await engine.call('dataset.examples', { id, text: '"100%" SURE_' })).toMatchObject({
    total: 1,
    rows: [{ key: 'k7' }],
  });
  expect((await engine.call('dataset.examples', { id, text: '100_' })).total).toBe(0);
});

test('rows of JSON lines: fields by their usual names, bad lines said with their place', async () => {
  const { result, rows } = await imported(
    'qa.jsonl',
    [
      '{"id": 1, "question": "2+2?", "answer": "4", "level": "easy"}',
      'not json',
      '{"item": {"id": "x", "input": [{"role": "system", "content": "s"}, {"role": "user", "content": "hi"}], "ideal": ["a", "b"]}}',
      '17',
      '{"messages": [{"role": "user", "content": "u"}, {"role": "assistant", "content": "said"}]}',
      '{"id": 1, "question": "3+3?", "answer": "6"}',
      '{"id": 1, "question": "2+2?", "answer": "4", "level": "easy"}',
    ].join('\n'),
  );
  expect(rows.map(({ key, input, expectedOutput }) => [key, input, expectedOutput])).toEqual([
    ['1', '2+2?', '4'],
    ['x', 'hi', 'a'],
    [expect.stringMatching(/^[0-9a-f]{12}$/), 'u', 'said'],
    ['1#2', '3+3?', '6'],
  ]);
  expect(rows[0]).toMatchObject({ item: { level: 'easy' }, origin: { kind: 'file', file: 'qa.jsonl', row: 1 } });
  expect(result).toMatchObject({
    added: 4,
    changed: 0,
    format: 'JSON lines',
    dataset: { name: 'qa', version: 1, examples: 4 },
  });
  const said = result.problems.map(({ path, message }) => `${path} ${message}`).join('\n');
  expect(said).toMatch(/Line 2 is not JSON/);
  expect(said).toMatch(/line 6 "1" is the id of line 1 too/);
  expect(said).toMatch(/line 7 It says the same as line 1/);
  expect(result.problems).toHaveLength(4);
});

test('the same file again changes nothing; an edited one makes one version of what changed', async () => {
  const lines = [
    '{"q": 1, "input": "a", "expected": "A"}',
    '{"input": "b", "expected": "B"}',
    '{"input": "c", "expected": "C"}',
  ];
  const { engine, path, result } = await imported('plain.jsonl', lines.join('\n'));
  const { id } = result.dataset;
  const again = await engine.call('dataset.import', { id, path });
  expect(again).toMatchObject({ added: 0, changed: 0, problems: [], dataset: { version: 1 } });
  // An input of one, the expected answer of another; the third moves.
  writeFileSync(
    path,
    ['{"q": 1, "input": "a!", "expected": "A"}', '{"input": "b", "expected": "BB"}', lines[2]!].join('\n'),
  );
  const edited = await engine.call('dataset.import', { id, path });
  expect(edited).toMatchObject({ added: 0, changed: 2, problems: [], dataset: { version: 2, examples: 3 } });
  expect((await all(engine, id)).map(({ input, expectedOutput }) => `${input} ${expectedOutput}`)).toEqual([
    'a! A',
    'b BB',
    'c C',
  ]);
  expect(await engine.call('dataset.import', { id, path })).toMatchObject({ changed: 0, dataset: { version: 2 } });
  writeFileSync(path, ['{"input": "new"}', ...lines.slice(1)].join('\n'));
  const fewer = await engine.call('dataset.import', { id, path });
  expect(fewer.dataset).toMatchObject({ version: 3 });
});

test('CSV: quotes, line breaks, a byte order mark, and other delimiters', async () => {
  const comma = await imported(
    't.csv',
    '\ufeffid,input,expected_output,tags\r\n1,"Say ""hi"",\nplease",Hi,\r\n2,x,,"a;b"\r\n\r\n',
  );
  expect(comma.rows.map(({ key, input, expectedOutput, item }) => [key, input, expectedOutput, item])).toEqual([
    ['1', 'Say "hi",\nplease', 'Hi', { id: '1', input: 'Say "hi",\nplease', expected_output: 'Hi' }],
    ['2', 'x', null, { id: '2', input: 'x', tags: 'a;b' }],
  ]);
  const semicolon = await imported('t.csv', 'question;answer\n"a;b";c\n');
  expect(semicolon.rows).toMatchObject([{ input: 'a;b', expectedOutput: 'c' }]);
  const tab = await imported('t.tsv', 'prompt\texpected_tools\nfly\t"search, book"\n');
  expect(tab.rows).toMatchObject([{ input: 'fly', expectedTrajectory: [{ name: 'search' }, { name: 'book' }] }]);
  const open = await imported('t.csv', 'id,input\n1,fine\n2,"never closed\n3,x\n');
  expect(open.rows).toHaveLength(1);
  expect(open.result.problems).toMatchObject([{ severity: 'error', path: 'line 3' }]);
  const wide = await imported('t.csv', 'id,input\n1,a,b\n');
  expect(wide.result.problems[0]?.message).toMatch(/3 cells and the header 2/);
});

test('eval sets of ADK, new and old', async () => {
  const fresh = await imported('set.json', readFileSync(join(FIXTURES, 'adk/evalset/input.json')));
  expect(fresh.result.format).toBe('ADK eval set');
  expect(fresh.rows[0]?.input).toBeTruthy();
  expect(fresh.rows[0]?.expectedTrajectory?.every(({ name }) => name !== '')).toBe(true);
  expect(fresh.result.problems).toEqual([]);
  const old = await imported('old.test.json', readFileSync(join(FIXTURES, 'adk/evalset-old/input.json')));
  expect(old.rows).toHaveLength(1);
  expect(old.rows[0]).toMatchObject({
    input: 'Hi, who are you? What can you do?',
    expectedTrajectory: [{ name: 'transfer_to_agent', arguments: { agent_name: 'indentify_agent' } }],
  });
  expect(old.rows[0]?.expectedOutput).toMatch(/^Okay, I can help you analyze/);
  const cases = await imported(
    'cases.json',
    '[{"name": "one", "data": [{"query": "q", "expected_tool_use": [], "reference": "r"}]}]',
  );
  expect(cases.rows).toMatchObject([{ key: 'one', input: 'q', expectedOutput: 'r', expectedTrajectory: [] }]);
});

test('tasks of tau-bench: trials of one task are one example', async () => {
  const bench = await imported(
    'airline.json',
    gunzipSync(readFileSync(join(FIXTURES, 'tau-bench/cut-airline.json.gz'))),
  );
  expect(bench.result).toMatchObject({ added: 10, problems: [], format: 'tau-bench tasks' });
  expect(bench.rows[0]).toMatchObject({
    key: '0',
    expectedTrajectory: [{ name: 'book_reservation', arguments: { origin: 'JFK' } }],
  });
  const tau2 = await imported('tau2.json', readFileSync(join(FIXTURES, 'tau-bench/hand-tau2/input.json')));
  expect(tau2.rows).toMatchObject([{ key: 'task_1', input: 'Turn the data on.', expectedTrajectory: [] }]);
});

test('promptfoo tests, and rows in a list of an object', async () => {
  const tests = { tests: [{ vars: { question: 'q' }, assert: [{ type: 'equals', value: 'e' }] }] };
  expect((await imported('p.json', JSON.stringify(tests))).rows).toMatchObject([{ input: 'q', expectedOutput: 'e' }]);
  const run = {
    data_source: { type: 'jsonl', source: { type: 'file_content', content: [{ item: { input: 'i', ideal: 'o' } }] } },
  };
  expect((await imported('o.json', JSON.stringify(run, null, 2))).rows).toMatchObject([
    { input: 'i', expectedOutput: 'o' },
  ]);
});

test('files of something else are refused, and leave nothing behind', async () => {
  const engine = await startEngine();
  for (const content of ['', '   \n', 'just some prose\nand more', '{"a": [', '\0\0\0', '[1, 2, 3]'])
    expect(await code(engine.call('dataset.import', { path: file('x.bin', content) }))).toMatch(
      /unsupported_format|unreadable_file/,
    );
  expect(await code(engine.call('dataset.import', { path: '/nowhere/at/all' }))).toBe('unreadable_file');
  expect(await engine.call('dataset.list', { archived: true })).toEqual([]);
});

test('more than 100,000 examples are refused with the reason', async () => {
  const engine = await startEngine();
  const path = file('many.jsonl', Array.from({ length: 100_001 }, (_, at) => `{"input":"${at}"}`).join('\n'));
  expect(await code(engine.call('dataset.import', { path }))).toBe('too_large');
  expect(await engine.call('dataset.list', {})).toEqual([]);
}, 120_000);

test('a cancelled import leaves the dataset as it was', async () => {
  const { engine, result } = await imported('a.jsonl', '{"id":"a","input":"a"}');
  const { id } = result.dataset;
  const stop = new AbortController();
  engine.subscribe('job', () => stop.abort());
  const path = file('b.jsonl', Array.from({ length: 5_000 }, (_, at) => `{"id":"${at}","input":"${at}"}`).join('\n'));
  expect(await code(engine.call('dataset.import', { id, path }, stop.signal))).toBe('cancelled');
  expect(await all(engine, id)).toHaveLength(1);
  expect(await engine.call('dataset.import', { id, path })).toMatchObject({ added: 5_000, dataset: { version: 2 } });
});

test.each(['jsonl', 'csv'] as const)('exported as %s and imported, the examples are the same', async (format) => {
  const engine = await startEngine();
  const { id } = await engine.call('dataset.create', { name: 'd' });
  const texts = [
    '=1+1',
    "'=x",
    "''",
    '-5',
    '@a',
    '"quoted"',
    'a,b;c\td',
    'line\r\nbreak\n',
    '5',
    'true',
    '{"a":1}',
    ' blanks ',
    'é😀',
  ];
  const item = {
    list: [1, 'x'],
    number: 1.5,
    digits: '007',
    yes: true,
    no: null,
    empty: '',
    object: { a: '=b' },
    input: 'i',
  };
  const edits = texts.map((text, at) => ({
    op: 'put' as const,
    example: {
      ...EXAMPLE,
      key: `k${at}`,
      item: { ...item, text, [`only ${at}`]: text },
      input: text,
      expectedOutput: at % 2 ? text : null,
    },
  }));
  const bare = { ...EXAMPLE, key: 'bare', item: {}, input: null, expectedOutput: null, expectedTrajectory: null };
  await engine.call('dataset.edit', { id, base: 1, edits: [...edits, { op: 'put', example: bare }] });
  const path = join(temporaryFolder(), `out.${format}`);
  expect(await engine.call('dataset.export', { id, path, format })).toEqual({ written: texts.length + 1 });
  const content = (rows: readonly DatasetExample[]) => rows.map(({ origin: _origin, ...rest }) => rest);
  const back = await engine.call('dataset.import', { path });
  expect(back.problems).toEqual([]);
  expect(content(await all(engine, back.dataset.id))).toEqual(content(await all(engine, id)));
  // Into the dataset that it came from: nothing is new.
  expect(await engine.call('dataset.import', { id, path })).toMatchObject({ added: 0, changed: 0 });
  if (format === 'csv') expect(readFileSync(path, 'utf8')).not.toMatch(/(?:^|[,\n])"?[=+@]/m);
});
