/** Reads files and folders into the workspace, with progress in bytes, cancellation and a report per file. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Format } from '#shared/format.ts';
import { AppFailure } from '#shared/result.ts';
import type { ImportReport } from '#shared/rpc/contract.ts';
import type { CommitQueue } from '../ingest/commit-queue.ts';
import { detectFormat, formats } from '../formats/registry.ts';
import { isZip } from '../formats/zip.ts';
import { importSamples, importTar, importZip, openZipFile } from './import-archive.ts';
import type { ImportTally } from './import-job.ts';
import { createTally } from './import-job.ts';
import { fileChunks, peek } from './import-source.ts';
import type { ImportContext } from './import-stream.ts';
import { codeOf, importStream, isFatal, reasonOf, WHOLE_BYTES } from './import-stream.ts';

const HEAD_BYTES = 64 * 1024;
/** Progress is told at most so often. */
const TELL_MS = 100;

export type ImportOptions = {
  readonly paths: readonly string[];
  readonly format: string | undefined;
  readonly signal: AbortSignal;
  /** Bytes. */
  readonly progress: (done: number, total: number) => void;
};

export async function importFiles(queue: CommitQueue, options: ImportOptions): Promise<ImportReport> {
  const { signal } = options;
  const context: ImportContext = { queue, wanted: wantedFormat(options.format), signal };
  const tally = createTally();
  const files = await expand(options.paths, tally);
  const progress = createProgress(files, options.progress);
  for (const [index, file] of files.entries()) {
    if (signal.aborted) throw cancelled(index, files.length);
    progress.start(file.size);
    try {
      await importFile(context, tally, file, progress.taken);
    } catch (cause) {
      if (signal.aborted) throw cancelled(index, files.length);
      throw cause;
    }
    progress.finish();
  }
  progress.tell();
  return tally.report();
}

type ListedFile = { readonly path: string; readonly size: number; readonly isOrdinary: boolean };

function wantedFormat(id: string | undefined): Format | null {
  const wanted = formats.find((format) => format.id === id);
  if (id === undefined || wanted) return wanted ?? null;
  throw new AppFailure({
    code: 'unsupported_format',
    message: `There is no format "${id}".`,
    hint: `Known formats: ${formats.map((format) => format.id).join(', ')}.`,
  });
}

function cancelled(done: number, total: number): AppFailure {
  const message = `Cancelled after ${done} of ${total} files; what was read is kept.`;
  return new AppFailure({ code: 'cancelled', message });
}

type Progress = {
  readonly start: (bytes: number) => void;
  readonly taken: (bytes: number) => void;
  readonly finish: () => void;
  readonly tell: () => void;
};

function createProgress(files: readonly ListedFile[], report: ImportOptions['progress']): Progress {
  const total = files.reduce((sum, { size }) => sum + size, 0);
  let before = 0;
  let current = 0;
  let size = 0;
  let told = 0;
  function tell(): void {
    told = performance.now();
    report(Math.min(total, before + Math.min(current, size)), total);
  }
  tell();
  return {
    start(bytes: number): void {
      size = bytes;
      current = 0;
    },
    taken(bytes: number): void {
      current += bytes;
      if (performance.now() - told >= TELL_MS) tell();
    },
    finish(): void {
      before += size;
      size = 0;
      if (performance.now() - told >= TELL_MS) tell();
    },
    tell,
  };
}

/** Whatever is wrong with one file is told in its report; only cancellation and a store that cannot write end the import. */
async function importFile(
  context: ImportContext,
  tally: ImportTally,
  { path, size, isOrdinary }: ListedFile,
  taken: (bytes: number) => void,
): Promise<void> {
  const file = tally.open(path);
  try {
    // A pipe or a device has no end.
    if (!isOrdinary) {
      file.note('unreadable_file', 'This is not an ordinary file.');
      return;
    }
    const job = { context, tally, file, taken };
    const name = nameOf(path);
    const start = await peek(
      fileChunks(path, null, () => undefined),
      HEAD_BYTES,
      context.signal,
    );
    await start.close();
    const head = start.head.subarray(0, HEAD_BYTES);
    if (isZip(head)) {
      const format = context.wanted ?? detectFormat(head, name)?.format;
      const archive = format?.split?.(head)?.archive;
      if (!format) {
        await importZip(job, path, size);
        return;
      }
      if (format.type === 'decoder' && archive && size > WHOLE_BYTES) {
        const { zip, close } = openZipFile(path, size);
        try {
          await importSamples(job, format, archive, name, zip);
        } finally {
          close();
        }
        return;
      }
    }
    const openTar: ImportContext['openTar'] = (chunks) => importTar(job, chunks);
    await importStream({ ...context, openTar }, file, name, fileChunks(path, null, taken));
  } catch (cause) {
    if (isFatal(cause)) throw cause;
    file.note(codeOf(cause), reasonOf(cause));
  } finally {
    file.done(size);
  }
}

/** The file's name with its folder: enough to tell the files of one data set apart, the same on every machine. */
function nameOf(file: string): string {
  return file.split(/[\\/]/).slice(-2).join('/');
}

/** Files below the paths, in a stable order. Hidden ones and linked folders are left out: a link may lead in a circle. */
async function expand(paths: readonly string[], tally: ImportTally): Promise<ListedFile[]> {
  const files: ListedFile[] = [];
  for (const path of paths) await walk(path, files, tally);
  return files;
}

async function walk(path: string, files: ListedFile[], tally: ImportTally): Promise<void> {
  try {
    // What the user names is followed wherever it leads.
    const found = await stat(path);
    if (!found.isDirectory()) {
      files.push({ path, size: found.isFile() ? found.size : 0, isOrdinary: found.isFile() });
      return;
    }
    const entries = await readdir(path, { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.name.startsWith('.')) continue;
      const inside = join(path, entry.name);
      if (entry.isDirectory() || entry.isFile()) await walk(inside, files, tally);
      else if (entry.isSymbolicLink() && (await stat(inside)).isFile()) await walk(inside, files, tally);
    }
  } catch (cause) {
    tally.note(path, 'unreadable_file', whyUnreadable(cause));
  }
}

/** What the system calls it by a number, in words that say what to do. */
function whyUnreadable(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : null;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'There is no such file or folder: check the path.';
    case 'EACCES':
    case 'EPERM':
      return 'It may not be read: check its permissions.';
    case 'ELOOP':
      return 'Its link leads in a circle.';
    default:
      return cause instanceof Error ? cause.message : String(cause);
  }
}
