/** What one import has done so far: counts, issues and a report for each file. */
import type { FileReport, ImportReport } from '#shared/rpc/contract.ts';
import { createMergeTally } from './merge-tally.ts';
import type { ReceiveResult } from './receive.ts';
import { formats } from '../formats/registry.ts';

const LISTED_TRACES = 100;
const LISTED_ISSUES = 1_000;
const LISTED_FILES = 1_000;
/** Of one file: what goes wrong more often goes wrong in the same way. */
const LISTED_PER_FILE = 50;

export type Note = (code: string, message: string) => void;

/** The file that is being read; its report is complete with `done`. */
export type FileEntry = {
  readonly file: string;
  readonly note: Note;
  readonly add: (received: ReceiveResult) => void;
  readonly readAs: (label: string) => void;
  readonly looksLike: (what: string) => void;
  readonly done: (bytes: number) => void;
};

export type ImportTally = {
  readonly open: (file: string) => FileEntry;
  /** An issue of something that never became a file: a folder that cannot be read. */
  readonly note: (file: string, code: string, message: string) => void;
  readonly files: () => number;
  readonly report: () => ImportReport;
};

type Issue = { readonly file: string; readonly code: string; readonly message: string; count: number };

export function createTally(): ImportTally {
  const issues: Issue[] = [];
  const reports: FileReport[] = [];
  const quiet: FileReport[] = [];
  const traceIds = new Set<string>();
  const total = { files: 0, spans: 0, annotations: 0, scores: 0 };
  const merge = createMergeTally();
  let refused = false;

  function open(file: string): FileEntry {
    const traces = new Set<string>();
    const counts = { spans: 0, annotations: 0, scores: 0 };
    const known = new Map<string, Issue>();
    let format: string | null = null;
    let looks: string | null = null;
    let noted = 0;
    let understood = false;
    return {
      file,
      note(code, message) {
        noted++;
        const key = `${code} ${message}`;
        const same = known.get(key);
        if (same) {
          same.count++;
          return;
        }
        if (known.size >= LISTED_PER_FILE || issues.length >= LISTED_ISSUES) return;
        const issue = { file, code, message, count: 1 };
        known.set(key, issue);
        issues.push(issue);
      },
      add(received) {
        understood = true;
        if (received.merged) merge.add(received.merged);
        for (const kind of ['spans', 'annotations', 'scores'] as const) {
          counts[kind] += received[kind];
          total[kind] += received[kind];
        }
        for (const id of received.traceIds) {
          traces.add(id);
          traceIds.add(id);
        }
      },
      readAs(label) {
        format = label;
      },
      looksLike(what) {
        looks = what;
        refused = true;
      },
      done(bytes) {
        if (understood) total.files++;
        const report = { file, bytes, format, looksLike: looks, traces: traces.size, ...counts, issues: noted };
        const list = noted > 0 ? reports : quiet;
        if (list.length < LISTED_FILES) list.push(report);
      },
    };
  }

  return {
    open,
    note(file, code, message) {
      if (issues.length < LISTED_ISSUES) issues.push({ file, code, message, count: 1 });
    },
    files: () => total.files,
    report: () => ({
      ...total,
      merged: merge.report(),
      traces: traceIds.size,
      traceIds: [...traceIds].slice(-LISTED_TRACES).reverse(),
      issues: issues.map(({ count, ...issue }) => (count === 1 ? issue : { ...issue, count })),
      reports: [...reports, ...quiet].slice(0, LISTED_FILES),
      supported: refused ? formats.map(({ label }) => label) : [],
    }),
  };
}
