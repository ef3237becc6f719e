/** Reads files and folders into the workspace, with progress, cancellation and a report per file. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { DecoderFormat, Format } from '#shared/format.ts';
import type { AppError } from '#shared/result.ts';
import { AppFailure, toAppError } from '#shared/result.ts';
import type { ImportReport } from '#shared/rpc/contract.ts';
import type { CommitQueue } from '../ingest/commit-queue.ts';
import { detectFormat, formatForPath, formats } from '../formats/registry.ts';
import type { Body } from './receive.ts';
import { receive } from './receive.ts';

const MAX_FILE_BYTES = 512 * 1024 * 1024;
const HEAD_BYTES = 64 * 1024;
const LISTED_TRACES = 100;
const LISTED_ISSUES = 1_000;

type Issue = { readonly file: string; readonly code: string; readonly message: string };
export type ImportOptions = {
  readonly paths: readonly string[];
  readonly format: string | undefined;
  readonly signal: AbortSignal;
  readonly progress: (done: number, total: number) => void;
};

const unzip = promisify(gunzip);

export async function importFiles(queue: CommitQueue, options: ImportOptions): Promise<ImportReport> {
  const issues: Issue[] = [];
  const wanted = options.format === undefined ? null : (formats.find((format) => format.id === options.format) ?? null);
  if (options.format !== undefined && !wanted) {
    throw new AppFailure({
      code: 'unsupported_format',
      message: `There is no format "${options.format}".`,
      hint: `Known formats: ${formats.map((format) => format.id).join(', ')}.`,
    });
  }
  const files = await expand(options.paths, issues);
  const tally: Tally = { spans: 0, annotations: 0, scores: 0, traceIds: new Set() };
  let imported = 0;
  for (const [index, file] of files.entries()) {
    if (options.signal.aborted)
      throw new AppFailure({
        code: 'cancelled',
        message: `Cancelled after ${imported} of ${files.length} files; what was read is kept.`,
      });
    options.progress(index, files.length);
    const found: Issue[] = [];
    try {
      const note: Note = (code, message) => found.push({ file, code, message });
      if (await importFile(queue, file, wanted, options.signal, tally, note)) imported++;
    } catch (cause) {
      if (cause instanceof AppFailure && (cause.error.code === 'cancelled' || cause.error.code.startsWith('store_')))
        throw cause;
      found.push({ file, code: 'unreadable_file', message: cause instanceof Error ? cause.message : String(cause) });
    }
    for (const issue of found) if (issues.length < LISTED_ISSUES) issues.push(issue);
  }
  options.progress(files.length, files.length);
  const { spans, annotations, scores, traceIds } = tally;
  return {
    files: imported,
    traces: traceIds.size,
    spans,
    annotations,
    scores,
    traceIds: [...traceIds].slice(-LISTED_TRACES).reverse(),
    issues,
  };
}

type Note = (code: string, message: string) => void;
type Tally = { spans: number; annotations: number; scores: number; readonly traceIds: Set<string> };

/** True when the file, or at least a part of it, was understood. */
async function importFile(
  queue: CommitQueue,
  file: string,
  wanted: Format | null,
  signal: AbortSignal,
  tally: Tally,
  note: Note,
): Promise<boolean> {
  const entry = await stat(file);
  // A pipe or a device has no end.
  if (!entry.isFile()) {
    note('unreadable_file', 'This is not an ordinary file.');
    return false;
  }
  const { size } = entry;
  if (size > MAX_FILE_BYTES) {
    const limit = MAX_FILE_BYTES / 1024 / 1024;
    note('too_large', `The file has ${Math.round(size / 1024 / 1024)} MB; at most ${limit} MB can be read.`);
    return false;
  }
  const bytes = await decompress(await readFile(file));
  if (bytes.length === 0) {
    note('unreadable_file', 'The file is empty.');
    return false;
  }
  const format = wanted ?? detectFormat(bytes.subarray(0, HEAD_BYTES), file)?.format ?? null;
  if (!format) {
    const known = formats.map(({ label }) => label).join(', ');
    note('unsupported_format', `The file ${describe(file, bytes)}. Supported: ${known}.`);
    return false;
  }
  const name = nameOf(file);
  if (format.type === 'decoder') {
    return store(queue, format, { name, contentType: null, userAgent: null, bytes, live: false }, tally, note);
  }
  let understood = false;
  for (const unpacked of format.unpack(bytes)) {
    if (signal.aborted) throw new AppFailure({ code: 'cancelled', message: 'Cancelled; what was read is kept.' });
    if (!unpacked.ok) {
      note(unpacked.error.code, sentence(unpacked.error));
      continue;
    }
    const { path, ...request } = unpacked.value;
    const inflated = await decompress(request.bytes).catch((cause: unknown) => {
      note('unreadable_file', `A recorded request cannot be decompressed (${toAppError(cause).message}).`);
      return null;
    });
    if (!inflated) continue;
    const body = { ...request, name: null, bytes: inflated, live: false };
    const found =
      (path === null ? null : formatForPath(path)) ??
      detectFormat(body.bytes.subarray(0, HEAD_BYTES), null)?.format ??
      null;
    if (found?.type !== 'decoder') {
      const to = path === null ? '' : ` to ${path.slice(0, 200)}`;
      note('unsupported_format', `A recorded request${to} is of no format that is known.`);
      continue;
    }
    if (await store(queue, found, body, tally, note)) understood = true;
  }
  return understood;
}

async function store(
  queue: CommitQueue,
  format: DecoderFormat,
  body: Body,
  tally: Tally,
  note: Note,
): Promise<boolean> {
  const received = await receive(queue, format, body);
  if (!received.ok) {
    note(received.error.code, sentence(received.error));
    return false;
  }
  const { spans, annotations, scores, traceIds, problems } = received.value;
  tally.spans += spans;
  tally.annotations += annotations;
  tally.scores += scores;
  for (const id of traceIds) tally.traceIds.add(id);
  for (const problem of problems) note(problem.code, problem.message);
  return true;
}

/** The file's name with its folder: enough to tell the files of one data set apart, the same on every machine. */
function nameOf(file: string): string {
  return file.split(/[\\/]/).slice(-2).join('/');
}

/** Files below the paths, in a stable order. Hidden ones and linked folders are left out: a link may lead in a circle. */
async function expand(paths: readonly string[], issues: Issue[]): Promise<string[]> {
  const files: string[] = [];
  for (const path of paths) await walk(path, true, files, issues);
  return files;
}

async function walk(path: string, named: boolean, files: string[], issues: Issue[]): Promise<void> {
  try {
    // What the user names is followed wherever it leads.
    if (named && !(await stat(path)).isDirectory()) {
      files.push(path);
      return;
    }
    const entries = await readdir(path, { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.name.startsWith('.')) continue;
      const inside = join(path, entry.name);
      if (entry.isDirectory()) await walk(inside, false, files, issues);
      else if (entry.isFile() || (entry.isSymbolicLink() && (await stat(inside)).isFile())) files.push(inside);
    }
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    issues.push({ file: path, code: 'unreadable_file', message });
  }
}

async function decompress(bytes: Uint8Array): Promise<Uint8Array> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  return unzip(bytes, { maxOutputLength: MAX_FILE_BYTES });
}

function describe(file: string, bytes: Uint8Array): string {
  const first = bytes.subarray(0, 512);
  const kind = first.some((byte) => byte === 0)
    ? 'is binary'
    : /^\s*[[{]/.test(Buffer.from(first).toString('latin1'))
      ? 'is JSON of a shape that is not known'
      : 'is text of a shape that is not known';
  const extension = extname(file);
  return extension ? `(${extension}) ${kind}` : kind;
}

function sentence(error: AppError): string {
  return error.hint ? `${error.message} ${error.hint}` : error.message;
}
