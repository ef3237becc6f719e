/** The published label sets come out as they went in, and one edited annotation changes one line. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { AnnotationRecord } from '#shared/record.ts';
import { agentRx } from '../../src/main/formats/agentrx/index.ts';
import { agentRxExport } from '../../src/main/formats/agentrx/export.ts';
import { tracewrightJsonlExport } from '../../src/main/formats/tracewright-jsonl/export.ts';
import { tracewrightJsonl } from '../../src/main/formats/tracewright-jsonl/index.ts';
import { whoAndWhenExport } from '../../src/main/formats/who-and-when/export.ts';
import { whoAndWhen } from '../../src/main/formats/who-and-when/index.ts';
import { annotationRowsOf } from '../../src/main/store/annotation-queries.ts';
import { annotationRecordOf } from '../../src/main/store/trace-records.ts';
import { putAnnotation } from '../../src/main/store/verdict-writer.ts';
import type { DecoderFormat } from '#shared/format.ts';
import { fixture } from '../formats/decoding.ts';
import { bytesOf, exported } from '../support/exported.ts';
import { fillWorkspace, type Body, type Filled } from '../support/workspace-state.ts';

type Log = { readonly file: string; readonly document: object };
const logs = new TextDecoder()
  .decode(fixture('who-and-when/cut.jsonl.gz'))
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Log);

function body(format: DecoderFormat, bytes: Uint8Array, name: string | null): Body {
  const decoded = format.decode(bytes, { name, contentType: null, userAgent: null });
  if (!decoded.ok) throw new Error(decoded.error.message);
  return { records: decoded.value.records, bytes, format: format.id, name };
}

function whoAndWhenBodies(): Body[] {
  return logs.map(({ file, document }) => body(whoAndWhen, bytesOf(JSON.stringify(document, null, 4)), file));
}

function digest(lines: readonly string[]): string {
  const sorted = lines.map((line) => Buffer.from(line)).sort((a, b) => Buffer.compare(a, b));
  return createHash('sha256').update(sorted.map(String).join('\n')).digest('hex').slice(0, 16);
}

function blames(files: ReadonlyMap<string, string>): string[] {
  return [...files].map(([file, text]) => {
    const { mistake_agent, mistake_step } = JSON.parse(text) as Record<string, string>;
    return `${file}|${mistake_agent}|${mistake_step}`;
  });
}

function edit({ reader }: Filled, traceId: string, change: Partial<AnnotationRecord>): void {
  const key = reader.get<{ trace_key: number }>('SELECT trace_key FROM trace WHERE trace_id = ?', [traceId])!.trace_key;
  const [annotation] = annotationRowsOf(reader, key).map(annotationRecordOf);
  reader.transaction((writer) => putAnnotation(writer, key, { ...annotation!, ...change }, Number.MAX_SAFE_INTEGER));
}

function changedLines(before: string, after: string): number {
  const [a, b] = [before.split('\n'), after.split('\n')];
  expect(a).toHaveLength(b.length);
  return a.filter((line, at) => line !== b[at]).length;
}

test('Who&When: the same bytes, the published digests, and one line for one edit', { timeout: 60_000 }, async () => {
  const filled = await fillWorkspace(whoAndWhenBodies());
  const { files } = exported(filled.reader, whoAndWhenExport);
  expect(files.size).toBe(87);
  for (const { file, document } of logs) expect(files.get(file)).toBe(JSON.stringify(document, null, 4));
  const lines = blames(files);
  expect(digest(lines.filter((line) => line.startsWith('Algorithm-')))).toBe('f19e489556657f64');
  expect(digest(lines.filter((line) => line.startsWith('Hand-')))).toBe('0c013a1e89004b0d');

  const edited = logs[3]!.file;
  edit(filled, `who-and-when:${edited}`, { agent: 'Somebody "else"' });
  const after = exported(filled.reader, whoAndWhenExport).files;
  const differing = blames(after).filter((line) => !lines.includes(line));
  expect(differing).toEqual([expect.stringContaining(`${edited}|Somebody "else"|`)]);
  expect(changedLines(files.get(edited)!, after.get(edited)!)).toBe(1);
  edit(filled, `who-and-when:${edited}`, { target: { kind: 'span', id: 'm0' } });
  expect(blames(exported(filled.reader, whoAndWhenExport).files)).toContain(`${edited}|Somebody "else"|0`);
});

test('Who&When: also by way of our own JSONL', { timeout: 60_000 }, async () => {
  const first = await fillWorkspace(whoAndWhenBodies().slice(0, 6));
  const jsonl = bytesOf(exported(first.reader, tracewrightJsonlExport).files.get(''));
  const second = await fillWorkspace([body(tracewrightJsonl, jsonl, 'all.jsonl')]);
  const files = exported(second.reader, whoAndWhenExport).files;
  expect(files).toEqual(exported(first.reader, whoAndWhenExport).files);
  expect(files.size).toBe(6);
});

test('Who&When: told again where the received bytes are gone', { timeout: 60_000 }, async () => {
  const filled = await fillWorkspace(whoAndWhenBodies());
  filled.reader.exec('DELETE FROM raw_body');
  const { files } = exported(filled.reader, whoAndWhenExport);
  const lines = blames(files);
  expect(digest(lines.filter((line) => line.startsWith('Algorithm-')))).toBe('f19e489556657f64');
  expect(digest(lines.filter((line) => line.startsWith('Hand-')))).toBe('0c013a1e89004b0d');
  for (const { file, document } of logs) {
    const again = JSON.parse(files.get(file)!) as { history: unknown[] };
    expect(again.history).toHaveLength((document as { history: unknown[] }).history.length);
  }
});

test('AgentRx: the published digest, and one line for one edit', async () => {
  const truth = body(agentRx, fixture('agentrx/ground-truth/input.json.gz'), 'tau_ground_truth.json');
  const rows = body(agentRx, fixture('agentrx/logs-2/input.json.gz'), 'logs.json');
  const filled = await fillWorkspace([truth, rows]);
  const { files } = exported(filled.reader, agentRxExport);
  expect([...files.keys()].sort()).toEqual(['ground_truth.json', 'logs.json']);
  const text = files.get('ground_truth.json')!;
  expect(JSON.parse(text)).toEqual(JSON.parse(new TextDecoder().decode(truth.bytes)));
  type Truth = {
    trajectory_id: number;
    failures: { failure_id: number; step_number: number; failed_agent: string; failure_category: string }[];
  };
  const lines = (JSON.parse(text) as Truth[]).flatMap(({ trajectory_id, failures }) =>
    failures.map((one) =>
      [trajectory_id, one.failure_id, one.step_number, one.failed_agent, one.failure_category].join('|'),
    ),
  );
  expect(digest(lines)).toBe('e6f7e87df76646ee');
  expect(JSON.parse(files.get('logs.json')!)).toEqual(JSON.parse(new TextDecoder().decode(rows.bytes)));

  edit(filled, 'agentrx:2', { category: 'System Failure' });
  expect(changedLines(text, exported(filled.reader, agentRxExport).files.get('ground_truth.json')!)).toBe(1);
});

test('traces of another kind are left out with a reason', async () => {
  const filled = await fillWorkspace([body(whoAndWhen, bytesOf(JSON.stringify(logs[0]!.document)), 'x.json')]);
  const { files, skipped } = exported(filled.reader, agentRxExport);
  expect(files.size).toBe(0);
  expect(skipped).toEqual([{ traceId: 'who-and-when:x.json', reason: expect.stringContaining('AgentRx') as string }]);
});
