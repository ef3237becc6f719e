import { expect, test } from 'vitest';
import type { FileReport, ImportReport } from '#shared/rpc/contract.ts';
import { groupReport, reportText } from './import-groups.ts';

function file(name: string, fields: Partial<FileReport> = {}): FileReport {
  const none = { traces: 0, spans: 0, annotations: 0, scores: 0, issues: 0 };
  return { file: `/data/${name}`, bytes: 2_048, format: null, looksLike: null, ...none, ...fields };
}

const REPORT: ImportReport = {
  files: 1,
  traces: 2,
  spans: 3,
  annotations: 0,
  scores: 0,
  merged: null,
  traceIds: [],
  issues: [
    { file: '/data/a.csv', code: 'unsupported_format', message: 'No known format.' },
    { file: '/data/b.json', code: 'invalid_item', message: 'An item is not an object.', count: 4 },
    { file: '/data/c.json', code: 'invalid_item', message: 'An item is not an object.' },
    { file: '/data/none', code: 'unreadable_file', message: 'no such file' },
  ],
  reports: [
    file('a.csv', { looksLike: 'CSV with the columns a, b' }),
    file('b.json', { format: 'Jaeger JSON', traces: 2, spans: 3 }),
    file('c.json', { format: 'Jaeger JSON' }),
  ],
  supported: ['Jaeger JSON', 'TRAIL'],
};

test('equal issues are one, with their files; what is not understood is told once', () => {
  const { unknown, issues, read } = groupReport(REPORT);
  expect(unknown.map((each) => each.looksLike)).toEqual(['CSV with the columns a, b']);
  expect(issues).toEqual([
    { code: 'invalid_item', message: 'An item is not an object.', files: ['/data/b.json', '/data/c.json'], count: 5 },
    { code: 'unreadable_file', message: 'no such file', files: ['/data/none'], count: 1 },
  ]);
  expect(read.map((each) => each.file)).toEqual(['/data/b.json', '/data/c.json']);
});

test('the filter looks at paths, codes, messages and formats', () => {
  expect(groupReport(REPORT, 'C.JSON item').issues).toMatchObject([{ files: ['/data/c.json'], count: 1 }]);
  expect(groupReport(REPORT, 'columns').unknown).toHaveLength(1);
  expect(groupReport(REPORT, 'jaeger').read).toHaveLength(2);
  expect(groupReport(REPORT, 'nowhere')).toEqual({ unknown: [], issues: [], read: [] });
});

test('the text names the supported formats once, and every file', () => {
  const text = reportText(REPORT);
  expect(text.match(/Jaeger JSON, TRAIL/g)).toHaveLength(1);
  for (const { file: name } of REPORT.reports) expect(text).toContain(name);
  expect(text).toContain('Jaeger JSON, 2 kB: 2 traces, 3 spans');
});

test('an archive that was opened is told by its files', () => {
  const reports = [
    file('a.zip', { format: 'ZIP archive' }),
    file('a.zip/runs/1.json', { format: 'Jaeger JSON', traces: 1 }),
    file('empty.zip', { format: 'ZIP archive', issues: 1 }),
  ];
  const { read } = groupReport({ ...REPORT, reports });
  expect(read.map((each) => each.file)).toEqual(['/data/a.zip/runs/1.json', '/data/empty.zip']);
});
