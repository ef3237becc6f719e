/** Files made to hurt, each through a real import: refused or contained with a clear issue, and what is sound arrives. */
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { ImportReport } from '#shared/rpc/contract.ts';
import type { Engine } from '../../src/main/engine/create-engine.ts';
import { packZip, readZip, type PackedEntry } from '../../src/main/formats/zip.ts';
import { spanItem } from '../support/agents-items.ts';
import { startEngine, temporaryFolder } from '../support/workspace.ts';

const MB = 1024 * 1024;

type Imported = {
  readonly engine: Engine;
  readonly report: ImportReport;
  readonly spanIds: readonly string[];
  readonly messages: string;
};

/** Imports one file beside a healthy neighbour, whose span must always arrive. */
async function imported(name: string, content: string | Uint8Array): Promise<Imported> {
  const engine = await startEngine({ httpPort: null });
  const folder = temporaryFolder();
  writeFileSync(join(folder, name), content);
  writeFileSync(join(folder, 'zz-neighbour.json'), items('neighbour'));
  const report = await engine.call('import.run', { jobId: 'x', paths: [folder] });
  const rows = await engine.call('sql.query', { sql: 'SELECT json_group_array(span_id) AS ids FROM span' });
  const spanIds = (JSON.parse(rows[0]!.ids as string) as string[]).sort();
  expect(spanIds).toContain('neighbour');
  const messages = report.issues.map(({ code, message }) => `${code}: ${message}`).join('\n');
  return { engine, report, spanIds: spanIds.filter((id) => id !== 'neighbour'), messages };
}

function items(...ids: readonly string[]): string {
  return JSON.stringify({ data: ids.map((id) => spanItem({ id })) });
}

const hex = (n: number, length: number): string => n.toString(16).padStart(length, '0');

function otlpSpan(n: number, fields: object = {}): object {
  return {
    traceId: hex(7, 32),
    spanId: hex(n, 16),
    name: `span ${n}`,
    startTimeUnixNano: `${1e18 + n}`,
    endTimeUnixNano: `${1e18 + n + 5}`,
    ...fields,
  };
}

function otlp(...spans: readonly (object | string)[]): string {
  const list = spans.map((span) => (typeof span === 'string' ? span : JSON.stringify(span)));
  return `{"resourceSpans":[{"resource":{"attributes":[]},"scopeSpans":[{"scope":{"name":"x"},"spans":[${list.join(',')}]}]}]}`;
}

function entry(name: string, content: string | Buffer, fields: Partial<PackedEntry> = {}): PackedEntry {
  const bytes = Buffer.from(content);
  return { name, method: 8, crc: 0, size: bytes.length, data: deflateRawSync(bytes), ...fields };
}

test('a gzip bomb ends early', { timeout: 60_000 }, async () => {
  const { messages } = await imported(
    'bomb.json.gz',
    gzipSync(Buffer.concat([Buffer.from('{"resourceSpans":['), Buffer.alloc(300 * MB, ' ')])),
  );
  expect(messages).toMatch(/too_large: It unpacks to more than 200 times its size/);
});

test('what a gzip file holds before it is damaged arrives', async () => {
  const lines = Array.from({ length: 40_000 }, (_, n) => items(`s${hex(n * 7_919, 8)}`)).join('\n');
  const whole = gzipSync(lines);
  const { spanIds, messages } = await imported('cut.jsonl.gz', whole.subarray(0, Math.floor(whole.length * 0.7)));
  expect(spanIds.length).toBeGreaterThan(25_000);
  expect(messages).toContain('The compressed data is cut off.');
});

test(
  'a ZIP archive: climbing, encrypted, nested, unknown and lying entries are refused one by one',
  { timeout: 60_000 },
  async () => {
    const archive = packZip([
      entry('../../climb.json', items('climbed')),
      entry('a/good.json', items('one')),
      entry('b/good.json', items('two')),
      entry('odd.json', 'x', { method: 97 }),
      entry('inner.zip', packZip([entry('deep/inside/of/another.json', items('nested'))])),
      entry('bomb.json', Buffer.alloc(100 * MB, ' ')),
      entry('lying.json', Buffer.concat([Buffer.from('{"resourceSpans":['), Buffer.alloc(100 * MB, ' ')]), {
        size: 10,
      }),
      entry('notes.txt', 'id,name\n1,2\n'),
      entry('packed.json.gz', gzipSync(items('three'))),
    ]);
    const { spanIds, messages, report } = await imported('runs.zip', archive);
    expect(spanIds).toEqual(['one', 'three', 'two']);
    expect(messages).toContain('has a name that leaves the archive');
    expect(messages).toContain('packed by method 97');
    expect(messages).toContain('An archive inside another is not opened');
    expect(messages.match(/unpacks to more than 200 times/g)).toHaveLength(2);
    expect(report.reports.find(({ file }) => file.endsWith('notes.txt'))?.looksLike).toBe(
      'CSV with the columns id, name',
    );
  },
);

test('a tar archive is read like a folder', async () => {
  const { spanIds, messages } = await imported(
    'runs.tar.gz',
    gzipSync(
      Buffer.concat([
        tar('a/one.json', items('one')),
        tar('../up.json', items('climbed')),
        tar('two.json', items('two')),
        Buffer.alloc(1024),
      ]),
    ),
  );
  expect(spanIds).toEqual(['one', 'two']);
  expect(messages).toContain('has a name that leaves the archive');
});

test('parents in a circle: every span is shown, once', async () => {
  const spans = [
    otlpSpan(1, { parentSpanId: hex(2, 16) }),
    otlpSpan(2, { parentSpanId: hex(1, 16) }),
    otlpSpan(3, { parentSpanId: hex(3, 16) }),
  ];
  const { engine, spanIds } = await imported('circle.json', otlp(...spans));
  expect(spanIds).toHaveLength(3);
  const traceId = hex(7, 32);
  const { columns } = await engine.call('trace.open', { traceId });
  expect([...columns.ids].sort()).toEqual(spanIds);
  await engine.call('trace.graph', { traceId });
  await engine.call('trace.conversation', { traceId });
});

test('lines of 1 MB and of 100 MB stand between others', { timeout: 300_000 }, async () => {
  const long = (size: number, n: number): string =>
    otlp(otlpSpan(n, { attributes: [{ key: 'text', value: { stringValue: 'x'.repeat(size) } }] }));
  const lines = [otlp(otlpSpan(1)), long(MB, 2), long(100 * MB, 3), otlp(otlpSpan(4))];
  const { spanIds } = await imported('long.jsonl', lines.join('\n'));
  expect(spanIds).toEqual([1, 2, 3, 4].map((n) => hex(n, 16)));
});

test('a line beyond the limit is left out with its number', { timeout: 300_000 }, async () => {
  const lines = [
    Buffer.from(`${otlp(otlpSpan(1))}\n"`),
    Buffer.alloc(140 * MB, 'x'),
    Buffer.from(`"\n${otlp(otlpSpan(2))}\n`),
  ];
  const { spanIds, messages } = await imported('huge.jsonl', Buffer.concat(lines));
  expect(spanIds).toEqual([1, 2].map((n) => hex(n, 16)));
  expect(messages).toMatch(/too_large: Line 2 has more than 128 MB/);
});

test.each([200, 200_000])('a value nested %i deep costs no other span', async (levels) => {
  let deep = '{"stringValue":"core"}';
  deep = `${'{"arrayValue":{"values":['.repeat(levels / 2)}${deep}${']}}'.repeat(levels / 2)}`;
  const span = JSON.stringify(otlpSpan(2, { attributes: [{ key: 'deep', value: 0 }] })).replace(
    '"value":0',
    `"value":${deep}`,
  );
  const { spanIds, messages } = await imported('deep.json', otlp(otlpSpan(1), span, otlpSpan(3)));
  expect(spanIds).toEqual(expect.arrayContaining([hex(1, 16), hex(3, 16)]));
  expect(messages).toMatch(/deep|nest/i);
});

test('a million attributes on one span, and a list of a million items', { timeout: 300_000 }, async () => {
  const many = Array.from({ length: 1_000_000 }, (_, n) => ({ key: `k${n}`, value: { intValue: `${n}` } }));
  const list = { key: 'list', value: { arrayValue: { values: many.map(({ value }) => value) } } };
  const text = otlp(otlpSpan(1), otlpSpan(2, { attributes: many }), otlpSpan(3, { attributes: [list] }), otlpSpan(4));
  const { engine, spanIds, messages } = await imported('wide.json', text);
  expect(spanIds).toEqual([1, 2, 3, 4].map((n) => hex(n, 16)));
  expect(messages).toContain('The span has 1,000,000 attributes; the first 10,000 are kept.');
  expect(messages).toContain('An attribute is a list of 1,000,000 items; the first 10,000 are kept.');
  const detail = await engine.call('span.get', { traceId: hex(7, 32), spanId: hex(2, 16) });
  expect(JSON.stringify(detail).length).toBeLessThan(8 * MB);
});

test('invalid UTF-8, NUL bytes, byte order marks and UTF-16', async () => {
  const broken = Buffer.from(items('utf8').replace('"step"', '"st\x00\x01ep"'), 'latin1');
  for (let at = 0; at < broken.length; at++) if (broken[at] === 0x00 || broken[at] === 0x01) broken[at] = 0xff;
  expect((await imported('broken.json', broken)).spanIds).toEqual(['utf8']);
  expect((await imported('bom.json', `\uFEFF${items('bom')}`)).spanIds).toEqual(['bom']);
  const little = Buffer.from(`\uFEFF${items('ümlaut')}`, 'utf16le');
  expect((await imported('little.json', little)).spanIds).toEqual(['ümlaut']);
  expect((await imported('big.json', Buffer.from(little).swap16())).spanIds).toEqual(['ümlaut']);
  const nul = await imported('nul.jsonl', `${items('before')}\n\0\0\0\0\n${items('after')}\n`);
  expect(nul.spanIds).toEqual(['after', 'before']);
  expect(nul.messages).toMatch(/Line 2/);
});

test('a document that is cut off, or broken in one item, gives the rest', async () => {
  const cut = await imported('cut.json', otlp(otlpSpan(1), otlpSpan(2), otlpSpan(3)).slice(0, -60));
  expect(cut.spanIds).toEqual([1, 2].map((n) => hex(n, 16)));
  expect(cut.messages).toMatch(/is cut off or broken/);
  const broken = await imported('broken.json', otlp(otlpSpan(1), '{"traceId": oops}', otlpSpan(3), otlpSpan(4)));
  expect(broken.spanIds).toEqual([1, 3, 4].map((n) => hex(n, 16)));
  expect(broken.messages).toMatch(/An item of \d+ bytes is not JSON and was left out/);
});

test('an evaluation of many samples is read sample by sample, with what they share', { timeout: 60_000 }, async () => {
  const path = join(import.meta.dirname, '../fixtures/formats/inspect/eval-tools/input.eval');
  const small = readZip(readFileSync(path)).entries;
  const shared = small.filter(({ name }) => !name.startsWith('samples/')).map((each) => each.packed() as PackedEntry);
  const found = small.find(({ name }) => name.startsWith('samples/'))!.read() as Uint8Array;
  const sample = JSON.parse(Buffer.from(found).toString()) as { id: string; metadata: object };
  const samples = Array.from({ length: 6 }, (_, n) =>
    // Noise does not compress: the archive becomes large enough to be cut.
    entry(
      `samples/s${n}_epoch_1.json`,
      JSON.stringify({ ...sample, id: `s${n}`, metadata: { noise: randomBytes(500_000).toString('hex') } }),
    ),
  );
  const damaged = entry('samples/damaged_epoch_1.json', '', { data: Buffer.from('no deflate') });
  const { report, messages } = await imported('large.eval', packZip([...shared, ...samples, damaged]));
  // The neighbour is one more.
  expect(report.traces).toBe(7);
  expect(report.reports.find(({ file }) => file.endsWith('large.eval'))).toMatchObject({
    format: 'Inspect log',
    traces: 6,
  });
  expect(messages).toMatch(/damaged_epoch_1\.json/);
});

test('broken lines, the first one too, cost no other', async () => {
  const lines = [
    '{"resourceSpans":[{"scopeSpans',
    otlp(otlpSpan(1)),
    'garbage',
    otlp(otlpSpan(2)),
    '{"resourceSpans":',
  ];
  const { spanIds, messages } = await imported('lines.jsonl', lines.join('\n'));
  expect(spanIds).toEqual([1, 2].map((n) => hex(n, 16)));
  expect(messages.match(/Line \d/g)?.sort()).toEqual(['Line 1', 'Line 3', 'Line 5']);
});

test(
  'a large file in pieces gives what the same spans give in one piece, and again nothing new',
  { timeout: 60_000 },
  async () => {
    const spans = Array.from({ length: 20_000 }, (_, n) =>
      otlpSpan(n + 1, {
        ...(n > 0 ? { parentSpanId: hex(Math.floor(n / 3) + 1, 16) } : {}),
        attributes: [{ key: 'text', value: { stringValue: `${'x'.repeat(100)}${n}` } }],
      }),
    );
    const whole = otlp(...spans);
    expect(whole.length).toBeGreaterThan(4 * MB);
    const lines = spans.map((span) => otlp(span)).join('\n');
    const states = [];
    for (const [name, text] of [
      ['a.json', whole],
      ['b.jsonl', lines],
    ] as const) {
      const engine = await startEngine({ httpPort: null });
      const path = join(temporaryFolder(), name);
      writeFileSync(path, text);
      const first = await engine.call('import.run', { jobId: 'x', paths: [path] });
      const again = await engine.call('import.run', { jobId: 'x', paths: [path] });
      expect([first.spans, first.issues, again.spans]).toEqual([20_000, [], 0]);
      const raw = await engine.call('sql.query', { sql: 'SELECT count(*) AS bodies FROM raw' });
      expect(Number(raw[0]?.bodies)).toBeGreaterThan(2);
      states.push((await engine.call('trace.open', { traceId: hex(7, 32) })).columns);
    }
    expect(states[0]).toEqual(states[1]);
  },
);

test('an import of a large file can be cancelled at once, and what was read stays', { timeout: 60_000 }, async () => {
  const engine = await startEngine({ httpPort: null });
  const path = join(temporaryFolder(), 'large.jsonl');
  writeFileSync(path, Array.from({ length: 60_000 }, (_, n) => items(`s${n}`)).join('\n'));
  const controller = new AbortController();
  const seen: { done: number; total: number; unit: string }[] = [];
  let cancelledAt = 0;
  engine.subscribe('job', ({ done, total, unit, finished }) => {
    if (!finished) seen.push({ done, total, unit });
    if (done > total / 4 && cancelledAt === 0) {
      cancelledAt = performance.now();
      controller.abort();
    }
  });
  const failure = await engine
    .call('import.run', { jobId: 'x', paths: [path] }, controller.signal)
    .catch((cause: unknown) => cause);
  const tookMs = performance.now() - cancelledAt;
  expect(failure).toMatchObject({ error: { code: 'cancelled' } });
  expect(seen.length).toBeGreaterThan(1);
  expect(seen.at(-1)).toMatchObject({ unit: 'bytes' });
  expect(tookMs).toBeLessThan(1_000);
  await engine.settle();
  expect(engine.info().spans).toBeGreaterThan(0);
  expect(engine.info().spans).toBeLessThan(60_000);
});

function tar(name: string, content: string): Buffer {
  const data = Buffer.from(content);
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write('0000644\0', 100);
  header.write(data.length.toString(8).padStart(11, '0'), 124);
  header.write('        0', 148);
  header.write('ustar\x0000', 257);
  header.write(
    `${header
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
  );
  return Buffer.concat([header, data, Buffer.alloc((512 - (data.length % 512)) % 512)]);
}
