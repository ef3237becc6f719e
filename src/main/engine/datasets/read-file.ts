/**
 * Reads a file of examples row by row, whatever its size: JSON lines, JSON documents and CSV are told apart by their content;
 * gzip and UTF-16 are read too. What cannot be read is said with its place, and the rest is read on.
 */
import type { Json, JsonObject } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import { AppFailure } from '#shared/result.ts';
import { EXAMPLE_SIZE } from '#shared/dataset.ts';
import { fieldNamed, INPUT_FIELDS } from '#shared/dataset-item.ts';
import { adkOldTurns } from '../../formats/datasets/adk.ts';
import { createCsvParser, delimiterOf, type CsvRow } from '../../formats/datasets/csv.ts';
import { ROW_LISTS, rowsIn } from '../../formats/datasets/documents.ts';
import { isOwnHeader, ownRow } from '../../formats/datasets/own-csv.ts';
import { kindOf, readRow } from '../../formats/datasets/rows.ts';
import type { ReadRow } from '../../formats/datasets/types.ts';
import { readDocuments } from '../../formats/documents.ts';
import { setField } from '../../formats/fields.ts';
import { createSplitter } from '../../formats/split.ts';
import type { Cut } from '../../formats/split-types.ts';
import { decoded, fileChunks, peek, throwIfCancelled, type Chunks } from '../import-source.ts';

export type FileRow =
  | {
      readonly type: 'row';
      readonly row: number;
      readonly place: string;
      readonly read: ReadRow;
      readonly format: string;
    }
  | {
      readonly type: 'problem';
      readonly severity: 'error' | 'warning';
      readonly path: string;
      readonly message: string;
    };

const HEAD_BYTES = 64 * 1024;
const LIMITS = { pieceBytes: 1024 * 1024, itemBytes: 32 * 1024 * 1024 };
const CSV_LIMITS = { row: 4 * EXAMPLE_SIZE, cells: 2_000 };

/** @param taken told how many bytes of the file were read */
export async function* readFileRows(
  path: string,
  signal: AbortSignal,
  taken: (bytes: number) => void,
): AsyncGenerator<FileRow> {
  const { chunks } = await decoded(fileChunks(path, null, taken), signal);
  const start = await peek(chunks, HEAD_BYTES, signal);
  try {
    const head = start.head.subarray(0, HEAD_BYTES);
    const text = new TextDecoder().decode(head).replace(/^\ufeff/, '');
    const first = /\S/.exec(text)?.[0];
    if (first === undefined)
      throw new AppFailure({ code: 'unreadable_file', message: 'The file is empty.', hint: 'Choose another file.' });
    if (text.includes('\0')) throw new AppFailure(UNKNOWN);
    if (first === '{' || first === '[') yield* jsonRows(start.all, signal);
    else yield* csvRows(start.all, text, signal);
  } finally {
    await start.close();
  }
}

async function* jsonRows(chunks: Chunks, signal: AbortSignal): AsyncGenerator<FileRow> {
  const splitter = createSplitter({ lines: true, list: true, keys: [[...ROW_LISTS]] }, LIMITS);
  let count = 0;
  let understood = false;

  function* read(cut: Cut): Generator<FileRow> {
    if (cut.type === 'fault') {
      yield { type: 'problem', severity: 'error', path: '', message: cut.message };
      return;
    }
    const result = readDocuments(cut.bytes);
    if (!result.ok) {
      const path = cut.linesBefore === null ? cut.place : `line ${cut.linesBefore + 1}`;
      yield { type: 'problem', severity: 'error', path, message: 'This is not JSON.' };
      return;
    }
    const lines = cut.linesBefore;
    for (const { severity, message } of result.value.issues)
      yield {
        type: 'problem',
        severity: severity === 'error' ? 'error' : 'warning',
        path: '',
        message: moved(message, lines),
      };
    for (const { value, line } of result.value.documents) {
      const { rows, list, conversation } = rowsIn(value);
      if (conversation) {
        understood = true;
        yield rowOf(++count, 'row 1', adkOldTurns(null, rows.filter(isJsonObject)), 'ADK eval set');
        continue;
      }
      for (const row of rows) {
        understood = true;
        count++;
        const place = list === null && lines !== null ? `line ${lines + (line ?? 1)}` : `${list || 'row'} ${count}`;
        yield rowOf(count, place, readRow(row), labelOf(row, list === null ? 'JSON lines' : 'JSON'));
      }
    }
  }

  for await (const chunk of chunks) {
    throwIfCancelled(signal);
    for (const cut of splitter.push(chunk)) yield* read(cut);
  }
  for (const cut of splitter.end()) yield* read(cut);
  if (!understood) throw new AppFailure(UNKNOWN);
}

/** Lines are counted in the piece that was read; the piece began further down. */
function moved(message: string, linesBefore: number | null): string {
  return linesBefore === null
    ? message
    : message.replace(/^Line (\d+)/, (_all, at: string) => `Line ${linesBefore + Number(at)}`);
}

async function* csvRows(chunks: Chunks, head: string, signal: AbortSignal): AsyncGenerator<FileRow> {
  const delimiter = delimiterOf(head);
  const parser = createCsvParser(delimiter, CSV_LIMITS);
  const decoder = new TextDecoder();
  let header: readonly string[] | null = null;
  let own = false;
  let count = 0;

  function* take(rows: readonly CsvRow[]): Generator<FileRow> {
    for (const { line, cells } of rows) {
      if (header === null) {
        header = headerOf(cells);
        own = isOwnHeader(header);
        continue;
      }
      count++;
      const place = `line ${line}`;
      if (cells.length > header.length)
        yield { type: 'problem', severity: 'warning', path: place, message: tooWide(cells.length, header.length) };
      const row = own ? ownRow(header, cells) : rowFrom(header, cells);
      yield rowOf(count, place, readRow(row), own ? 'Tracewright examples, CSV' : 'CSV');
    }
  }

  for await (const chunk of chunks) {
    throwIfCancelled(signal);
    yield* take(parser.push(decoder.decode(chunk, { stream: true })));
    if (parser.fault()) break;
  }
  yield* take(parser.push(decoder.decode()));
  yield* take(parser.end());
  const fault = parser.fault();
  if (fault)
    yield {
      type: 'problem',
      severity: 'error',
      path: `line ${fault.line}`,
      message: `${fault.message} Nothing after it was read.`,
    };
}

/** Fails for what is no table of examples: any text would be one of a single column. */
function headerOf(cells: readonly string[]): string[] {
  const names = cells.map((name, index) => name.trim() || `column ${index + 1}`);
  const known = fieldNamed(Object.fromEntries(names.map((name) => [name, name])), INPUT_FIELDS) !== null;
  const isTable = names.length > 1 && names.every((name) => name.length <= 200);
  if (!known && !isTable) throw new AppFailure(UNKNOWN);
  const seen = new Map<string, number>();
  return names.map((name) => {
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? name : `${name} (${times})`;
  });
}

function rowFrom(header: readonly string[], cells: readonly string[]): JsonObject {
  const row: Record<string, Json> = {};
  for (const [index, cell] of cells.entries())
    if (cell !== '') setField(row, header[index] ?? `column ${index + 1}`, cell);
  return row;
}

function tooWide(cells: number, columns: number): string {
  return `It has ${cells} cells and the header ${columns}: the rest was kept as "column ${columns + 1}" and so on. Is a quote missing?`;
}

function labelOf(row: Json, otherwise: string): string {
  return (isJsonObject(row) ? kindOf(row)?.label : null) ?? otherwise;
}

function rowOf(row: number, place: string, read: ReadRow, format: string): FileRow {
  return { type: 'row', row, place, read, format };
}

const UNKNOWN = {
  code: 'unsupported_format',
  message: 'This holds no examples that are known.',
  hint: 'Give JSON lines, JSON, CSV with a header, an ADK eval set, tau-bench tasks, or promptfoo tests as JSON.',
} as const;
