import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSandboxes, type Sandboxes } from '../../src/main/sandbox/sandboxes.ts';
import { JAVASCRIPT_ESCAPES } from './escapes/javascript.ts';
import { gradeWith } from './escapes/grade-with.ts';
import { watch, type Watched } from './escapes/watched.ts';

let sandboxes: Sandboxes;
let watched: Watched;

beforeAll(async () => {
  sandboxes = createSandboxes();
  watched = await watch();
});
afterAll(async () => {
  await sandboxes.close();
  await watched.close();
});

const GOOD = `function grade(sample, item) { return sample.output_text.startsWith(item.reference) && {}.polluted === undefined ? 1 : 0; }`;

describe('escapes', () => {
  it.each(Object.entries(JAVASCRIPT_ESCAPES))(
    '%s is an errored grade, and the next one is fine',
    async (_name, source) => {
      const grade = await gradeWith(sandboxes.runCode, 'javascript', watched.aim(source));
      expect(grade).toMatchObject({ status: 'errored', score: null, passed: null });
      expect(grade.errors).toHaveLength(1);
      expect(JSON.stringify(grade).length).toBeLessThan(20_000);
      expect(await gradeWith(sandboxes.runCode, 'javascript', GOOD)).toMatchObject({ status: 'graded', score: 1 });
      expect(watched.touched()).toEqual([]);
      expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    },
  );
});

describe('what a grader may return', () => {
  const run = (source: string): ReturnType<typeof gradeWith> => gradeWith(sandboxes.runCode, 'javascript', source);

  it('takes numbers, booleans, promises and null', async () => {
    expect(await run('const grade = () => 0.25')).toMatchObject({ status: 'graded', score: 0.25, passed: false });
    expect(await run('export async function grade() { return true }')).toMatchObject({ score: 1, passed: true });
    for (const source of [
      'export const grade = () => 0.5;',
      '  export let grade = function () { return 0.5 };',
      'export default () => 0.5',
      'export default async (sample) => { return 0.5; }',
      'export default function grade() { return 0.5 }',
      'export default function () { return 0.5 }',
      'function grade() { return 0.5 }\nexport { grade };',
      'function grade() { return 0.5 }\nexport { grade as default }',
      'const grade = () => 0.5;\nexport default grade;',
      'const other = () => 0.5;\nexport { other as grade };',
      'const other = () => 0.5;\nexport { other as default };',
      'export default { grade: () => 0.5 };',
      '"use strict"; export const half = 0.5; export function grade() { return half }',
      'const half = await Promise.resolve(0.5); export const grade = () => half;',
      'function grade() { return `\\nexport default 5\\n`.includes("export default") ? 0.5 : 0 }',
      '/*\nexport default\n*/\nfunction grade() { return 0.5 }',
    ])
      expect([source, await run(source)]).toMatchObject([source, { score: 0.5 }]);
    expect(await run('function grade() { return null }')).toMatchObject({ status: 'not_applicable', passed: null });
  });

  it('says what is wrong with a module', async () => {
    for (const [source, message] of [
      ['import fs from "fs";\nexport const grade = () => fs;', "could not load module 'fs'"],
      ['export const other = () => 1;', 'The source exports no function grade(sample, item).'],
      ['await new Promise(() => {}); export const grade = () => 1;', 'The source awaits what never comes.'],
      ['for (;;) await null; export const grade = () => 1;', 'longer than'],
      ['await null; throw new TypeError("late"); export const grade = () => 1;', 'TypeError: late (grader.js:1:'],
      ['export const grade = (sample: any) => 1;', 'SyntaxError'],
      ['export function grade() { return null.x }', 'grader.js:1:'],
    ] as const) {
      const grade = await run(source);
      expect([source, grade]).toMatchObject([source, { status: 'errored' }]);
      expect(grade.errors[0]?.message).toContain(message);
    }
    expect(await run(GOOD.replace('item.reference', '""'))).toMatchObject({ score: 1 });
  });

  it('takes a verdict with its reasons', async () => {
    const grade = await run(
      `function grade() { console.log('seen', trace.spans.length); return { score: 0.9, passed: false, label: 'late', explanation: 'why', evidence: ['s', { span_id: 's', quote: 'q', note: 'n' }, 7] } }`,
    );
    expect(grade).toMatchObject({
      score: 0.9,
      passed: false,
      label: 'late',
      explanation: 'why',
      evidence: [
        { spanId: 's', quote: null, note: null },
        { spanId: 's', quote: 'q', note: 'n' },
      ],
      notes: { printed: 'seen 1\n' },
    });
  });

  it('gives frozen globals and fresh arguments', async () => {
    expect(
      await run(`function grade(sample) { 'use strict'; sample.output_text = 1; trace.spans[0].id = 'x'; return 1 }`),
    ).toMatchObject({ status: 'errored', errors: [{ message: expect.stringContaining('read-only') as string }] });
    expect(await run(`function grade() { return typeof span === 'undefined' ? 1 : 0 }`)).toMatchObject({ score: 1 });
  });

  it('says where the code is wrong', async () => {
    expect((await run(`function grade() {\n  return missing;\n}`)).errors[0]?.message).toBe(
      "ReferenceError: 'missing' is not defined (grader.js:2:10)",
    );
  });

  it('stops at once when it is cancelled', async () => {
    const controller = new AbortController();
    const request = {
      language: 'javascript',
      source: 'const grade = () => { for (;;); }',
      sample: '{}',
      item: '{}',
    } as const;
    const running = sandboxes.runCode({ ...request, timeoutMs: 60_000, memoryMb: 32 }, controller.signal);
    controller.abort();
    await expect(running).rejects.toThrow();
    expect(await run('const grade = () => 1')).toMatchObject({ score: 1 });
  });
});

it('keeps its memory over many grades', async () => {
  const grade = (at: number): Promise<unknown> =>
    gradeWith(
      sandboxes.runCode,
      'javascript',
      `const grade = () => trace.spans.map(() => 'x'.repeat(1000)).length + ${at % 4}`,
    );
  const rest = async (): Promise<number> => {
    for (let at = 0; at < 100; at++) await grade(at);
    return process.memoryUsage().rss / 1e6;
  };
  await Promise.all(Array.from({ length: 500 }, (_, at) => grade(at)));
  const before = await rest();
  for (let at = 0; at < 1_500; at++) await grade(at);
  expect((await rest()) - before).toBeLessThan(20);
}, 60_000);
