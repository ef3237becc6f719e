/** The report of an import as people read it: what no format takes, file by file; and each issue once, with its files. */
import type { FileReport, ImportReport } from '#shared/rpc/contract.ts';
import { importSummary } from '../state/imports.ts';
import { formatBytes, formatCount } from '../widgets/format.ts';

export type IssueGroup = {
  readonly code: string;
  readonly message: string;
  readonly files: readonly string[];
  /** Over all files. */
  readonly count: number;
};

export type ImportGroups = {
  /** Files that no format takes. */
  readonly unknown: readonly FileReport[];
  readonly issues: readonly IssueGroup[];
  /** Files that were read, with what came of each. */
  readonly read: readonly FileReport[];
};

const MOST_FOLDERS = 64;

/** @param words only what has all of them, in any case: in a file's path, a code, a message or a format */
export function groupReport(report: ImportReport, words = ''): ImportGroups {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const has = (...texts: readonly (string | null)[]): boolean => {
    const text = texts.join(' ').toLowerCase();
    return wanted.every((word) => text.includes(word));
  };
  const unknown = report.reports.filter((each) => each.looksLike !== null);
  const told = new Set(unknown.map((each) => each.file));
  // An archive is not a file that was read: each of its own is.
  const folders = new Set(report.reports.flatMap(({ file }) => foldersOf(file)));
  const isOpened = (file: string): boolean => folders.has(file);
  const groups = new Map<string, { code: string; message: string; files: string[]; count: number }>();
  for (const { file, code, message, count = 1 } of report.issues) {
    // Said by the list of files already.
    if ((code === 'unsupported_format' && told.has(file)) || !has(file, code, message)) continue;
    const key = `${code} ${message}`;
    const group = groups.get(key) ?? { code, message, files: [], count: 0 };
    groups.set(key, group);
    group.files.push(file);
    group.count += count;
  }
  return {
    unknown: unknown.filter((each) => has(each.file, each.looksLike)),
    issues: [...groups.values()],
    read: report.reports.filter((each) => each.format !== null && !isOpened(each.file) && has(each.file, each.format)),
  };
}

/** "/data/a.zip/runs/7.json" is in "/data", "/data/a.zip" and "/data/a.zip/runs"; no deeper than a path can sensibly be. */
function foldersOf(file: string): string[] {
  const parts = file.split('/').slice(0, MOST_FOLDERS);
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}

/** "Jaeger JSON, 3 traces, 120 spans" */
export function outcomeOf({ format, traces, spans, annotations, scores, bytes }: FileReport): string {
  const counted = (
    [
      [traces, 'trace'],
      [spans, 'span'],
      [annotations, 'annotation'],
      [scores, 'score'],
    ] as const
  ).flatMap(([count, word]) => (count === 0 ? [] : [`${formatCount(count)} ${word}${count === 1 ? '' : 's'}`]));
  const what = counted.length === 0 ? 'nothing new' : counted.join(', ');
  return `${format ?? 'not read'}, ${formatBytes(bytes)}: ${what}`;
}

/** All of it as text to pass on. */
export function reportText(report: ImportReport): string {
  const { unknown, issues, read } = groupReport(report);
  const section = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : ['', title, ...lines];
  return [
    importSummary(report),
    ...section(
      'Not understood:',
      unknown.map((each) => `${each.file}\t${each.looksLike ?? ''}`),
    ),
    ...section('Supported formats:', report.supported.length === 0 ? [] : [report.supported.join(', ')]),
    ...section(
      'Issues:',
      issues.flatMap((each) => [
        `${each.code}\t${each.message}${each.count === 1 ? '' : `\t${each.count} times`}`,
        ...each.files.map((file) => `\t${file}`),
      ]),
    ),
    ...section(
      'Files:',
      read.map((each) => `${each.file}\t${outcomeOf(each)}`),
    ),
  ].join('\n');
}
