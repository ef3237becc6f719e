/** What graders are given of every fixture: it holds together, stays within its bounds, and does not depend on arrival. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Subject } from '#shared/grader.ts';
import { SUBJECT_TEXT, TRANSCRIPT_LENGTH } from '#shared/grader.ts';
import { formats } from '../../src/main/formats/registry.ts';
import { createTraceGrader } from '../../src/main/engine/grading/grade-trace.ts';
import { createPrices } from '../../src/main/engine/prices.ts';
import type { Reader } from '../../src/main/store/database.ts';
import { decodeAll, loadCases, type Case } from '../formats/cases.ts';
import { storedAfter } from '../support/state-after.ts';
import { root } from '../support/cli.ts';

const nobody = (): Promise<never> => Promise.reject(new Error('nobody is asked'));

function subjectsIn(reader: Reader): Subject[] {
  const grader = createTraceGrader(reader, createPrices(reader), {
    judge: nobody,
    embed: nobody,
    runCode: nobody,
    now: () => 0,
  });
  return reader
    .rows<[string]>('SELECT trace_id FROM trace ORDER BY trace_id LIMIT 12')
    .map(([id]) => JSON.parse(JSON.stringify(grader.subject(id))) as Subject);
}

function recordsOf({ format, bytes }: Case) {
  const decoder = formats.find(({ id }) => id === format);
  if (!decoder) throw new Error(`no format ${format}`);
  return decodeAll(decoder, bytes).records;
}

const cases = loadCases();

test.each(cases)('$format/$name: a subject holds together', async (one) => {
  const reader = await storedAfter([recordsOf(one)]);
  for (const { item, sample, trace } of subjectsIn(reader)) {
    if (!trace) throw new Error('no trace');
    const ids = new Set(trace.spans.map(({ id }) => id));
    expect(ids.size).toBe(trace.spans.length);
    const starts = trace.spans.flatMap(({ start }) => start ?? []);
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
    const named = [
      ...trace.tool_calls.map(({ span_id: id }) => id),
      ...trace.edges.map(({ span_id: id }) => id),
      ...trace.guardrails.map(({ span_id: id }) => id),
      ...trace.findings.flatMap(({ span_ids: all }) => all),
    ];
    expect(named.filter((id) => !ids.has(id))).toEqual([]);
    expect(trace.edges.map(({ step }) => step)).toEqual([...trace.edges.keys()]);
    expect(trace.error_spans.map(({ id }) => id)).toEqual(
      trace.spans.filter(({ status }) => status === 'error').map(({ id }) => id),
    );
    for (const span of trace.spans)
      expect(Math.max(span.input.length, span.output.length)).toBeLessThanOrEqual(SUBJECT_TEXT);
    expect(trace.transcript.length).toBeLessThanOrEqual(TRANSCRIPT_LENGTH);
    expect(sample).toMatchObject({ output_text: trace.output_text });
    expect(item).toMatchObject({ metadata: expect.any(Object) as object });
  }
});

const LIVE: ReadonlySet<string> = new Set(['agents-sdk', 'otlp']);

test.each(cases.filter(({ format }) => LIVE.has(format)))('$format/$name: in any order it is the same', async (one) => {
  const records = recordsOf(one);
  const forward = subjectsIn(await storedAfter([records]));
  expect(subjectsIn(await storedAfter([[...records].reverse()]))).toEqual(forward);
  expect(subjectsIn(await storedAfter([records.slice(7), records, records.slice(0, 7)]))).toEqual(forward);
});

test.each([
  ['agents-sdk', 0],
  ['otlp', 3],
  ['who-and-when', 0],
] as const)('the subject of a %s fixture is as written down', async (format, index) => {
  const one = cases.filter((each) => each.format === format)[index];
  if (!one) throw new Error('no such fixture');
  const [first] = subjectsIn(await storedAfter([recordsOf(one)]));
  await expect(`${JSON.stringify(first, shortened, 2)}\n`).toMatchFileSnapshot(
    join(root, `test/fixtures/grading/${format}-${one.name}.json`),
  );
});

/** Long texts are told by their beginning and length. */
function shortened(_key: string, value: unknown): unknown {
  return typeof value === 'string' && value.length > 300 ? `${value.slice(0, 120)}… (${value.length})` : value;
}
