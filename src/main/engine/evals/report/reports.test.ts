import { expect, test } from 'vitest';
import type { RunItem } from '#shared/eval.ts';
import { gateOf } from '../gate.ts';
import { criterion, gradeOf, item, run } from '../testing/runs.ts';
import { csvReport } from './csv.ts';
import { figuresOf } from './figures.ts';
import { junitReport } from './junit.ts';
import { markdownReport } from './markdown.ts';
import type { RunReport } from './report.ts';

const HOSTILE =
  'a ]]> b <script>alert(1)</script> & "q" \u0000\u001b[31m \ud800 | `x` @team #12 https://evil.example/x\nsecond [l](http://e.vil)';

function reportOf(items: readonly RunItem[], names = ['close', HOSTILE]): RunReport {
  const criteria = names.map((name, at) => {
    const verdicts = items.map(({ row }) => row.results[at] ?? null);
    return criterion(name, {
      passed: verdicts.filter((verdict) => verdict?.passed === true).length,
      failed: verdicts.filter((verdict) => verdict?.passed === false).length,
      errored: verdicts.filter((verdict) => verdict?.status === 'errored').length,
      notApplicable: verdicts.filter((verdict) => verdict?.status === 'not_applicable').length,
      mean: 0.5,
      threshold: at === 0 ? 0.9 : null,
    });
  });
  const of = run(criteria, items.length);
  const figures = figuresOf(
    of,
    items.map(({ row }) => row),
  );
  return { run: of, figures, gate: gateOf(of, figures, null), items: () => items };
}

const ITEMS = [
  item({ id: 1, task: 'one', results: [true, false] }),
  item({
    id: 2,
    task: HOSTILE,
    title: HOSTILE,
    traceId: HOSTILE,
    results: [
      gradeOf(false, { explanation: HOSTILE, label: HOSTILE }),
      gradeOf(null, { status: 'errored', errors: [{ flag: 'other_error', message: HOSTILE }] }),
    ],
  }),
  item({
    id: 3,
    task: 'one',
    trial: 2,
    results: [gradeOf(null, { status: 'not_applicable', explanation: 'No call.' }), null],
  }),
];

/** The rules of well-formed XML that a report can break. */
function parseXml(
  text: string,
): { readonly name: string; readonly attributes: Record<string, string>; readonly text: string }[] {
  expect(text).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]|\p{Surrogate}/u);
  const open: string[] = [];
  const elements: { name: string; attributes: Record<string, string>; text: string }[] = [];
  const token =
    /<\?xml[^?]*\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<\/([\w-]+)>|<([\w-]+)((?:\s+[\w.-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gy;
  let at = 0;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    at = token.lastIndex;
    const [, cdata, close, name, attributes = '', empty, plain] = match;
    if (close !== undefined) expect(open.pop()).toBe(close);
    if (plain !== undefined) expect(plain.replace(/&(?:amp|lt|gt|quot|#\d+);/g, '')).not.toMatch(/[&>]/);
    expect(attributes.replace(/&(?:amp|lt|gt|quot|#\d+);/g, '')).not.toContain('&');
    if (name !== undefined) {
      const pairs = [...attributes.matchAll(/([\w.-]+)="([^"]*)"/g)].map(([, key, value]) => [key, value] as const);
      elements.push({ name, attributes: Object.fromEntries(pairs) as Record<string, string>, text: '' });
      if (empty !== '/') open.push(name);
    }
    const last = elements.at(-1);
    if (cdata !== undefined && last) last.text += cdata;
  }
  expect(at).toBe(text.length);
  expect(open).toEqual([]);
  return elements;
}

test('JUnit: well-formed whatever traces say; a suite per criterion, a case per item', () => {
  const elements = parseXml([...junitReport(reportOf(ITEMS))].join(''));
  const suites = elements.filter(({ name }) => name === 'testsuite').map(({ attributes }) => attributes);
  expect(suites).toMatchObject([
    { name: 'close', tests: '3', failures: '1', errors: '0', skipped: '1' },
    { tests: '3', failures: '1', errors: '1', skipped: '1' },
  ]);
  expect(elements.filter(({ name }) => name === 'testcase')).toHaveLength(6);
  expect(elements.filter(({ name }) => name === 'failure')).toHaveLength(2);
  expect(elements.filter(({ name }) => name === 'error')).toHaveLength(1);
  expect(elements.filter(({ name }) => name === 'skipped')).toHaveLength(2);
  expect(elements.find(({ name }) => name === 'failure')?.text).toContain('a ]]> b <script>');
  const properties = elements
    .filter(({ name }) => name === 'property')
    .map(({ attributes }) => [attributes.name, attributes.value]);
  expect(properties).toContainEqual(['pass_rate', '0.5']);
  expect(properties).toContainEqual(['gate', 'does not hold']);
});

test('JUnit: what the gate says of the run as a whole is a suite of its own', () => {
  const elements = parseXml([...junitReport(reportOf([], ['close']))].join(''));
  const last = elements.filter(({ name }) => name === 'testsuite').at(-1)?.attributes;
  expect(last).toMatchObject({ name: 'gate', tests: '1', failures: '1' });
});

test('Markdown: a table per criterion, and nothing of a trace comes to life', () => {
  const text = [...markdownReport(reportOf(ITEMS), null)].join('');
  expect(text).toMatch(/^## ❌ Support answers #/);
  expect(text).toContain('| close | 50 % | 9.5 % – 90.5 % | 2 | ≥ 90 % | 0 | ❌ does not hold |');
  for (const line of text.split('\n').filter((each) => each.startsWith('|')))
    expect([7, 5]).toContain(line.replace(/\\./g, '').split('|').length - 2);
  expect(text).not.toMatch(/<script|@team|#12|https:|[^\\]\]\(|\u0000|\u001b/);
});

test('Markdown: at most 50 failed items, and how many more', () => {
  const many = Array.from({ length: 60 }, (_, at) => item({ id: at, task: `t${at}`, results: [false] }));
  const text = [...markdownReport(reportOf(many, ['close']), 'before')].join('');
  expect(text.match(/^\| t\d+: /gm)).toHaveLength(50);
  expect(text).toContain('… and 10 more.');
  expect(text).toContain('Compared with before.');
});

test('CSV: a row per item; no cell is a formula', () => {
  const text = [...csvReport(reportOf([item({ task: '=1+1', title: '@x "y", z', results: [false] })], ['close']))].join(
    '',
  );
  expect(text.split('\r\n')).toEqual([
    'item,task,trial,trace_id,title,status,score,cost,duration_ms,close,close score,close label,close explanation',
    '1,"\'=1+1",1,trace-1,"\'@x ""y"", z",failed,0,,,failed,0,,It is wrong.',
    '',
  ]);
});
