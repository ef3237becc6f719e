/** Writes chosen traces in a format to a place that the user gave, with progress, cancellation and a report. */
import { isAbsolute } from 'node:path';
import type { ExportFormat, ExportRest } from '#shared/format.ts';
import { AppFailure } from '#shared/result.ts';
import type { ExportReport } from '#shared/rpc/contract.ts';
import { exporters } from '../formats/exporters.ts';
import type { Reader } from '../store/database.ts';
import { exportRest, exportTraces, type ExportSelection, selectedTraceIds } from './export-bundles.ts';
import { openTarget } from './export-target.ts';

export type ExportOptions = ExportSelection & {
  readonly format: string;
  /** Absolute. */
  readonly path: string;
  readonly overwrite: boolean;
  readonly forbidden: readonly string[];
  readonly signal: AbortSignal;
  readonly progress: (done: number, total: number) => void;
};

/** Longest stretch without giving the event loop back. */
const SLICE_MS = 20;
const LISTED_SKIPPED = 100;

export async function runExport(reader: Reader, options: ExportOptions): Promise<ExportReport> {
  const format = exporterOf(options.format);
  if (!isAbsolute(options.path) || options.path.includes('\0')) {
    throw new AppFailure({ code: 'bad_request', message: 'The path to export to must be absolute.' });
  }
  const traceIds = selectedTraceIds(reader, options);
  if (traceIds.length === 0) throw new AppFailure(NOTHING);
  const { path, overwrite, forbidden } = options;
  const target = await openTarget({ path, layout: format.layout, overwrite, forbidden });
  try {
    const rest = exportRest(reader, options);
    const report = await writeAll(reader, traceIds, { format, rest }, options, target.write);
    if (report.traces === 0) throw new AppFailure(nothingToTell(format, report.skipped[0]?.reason));
    const { files, bytes } = await target.finish();
    return { ...report, files, bytes, path };
  } catch (cause) {
    await target.discard();
    throw cause;
  }
}

async function writeAll(
  reader: Reader,
  traceIds: readonly string[],
  { format, rest }: { readonly format: ExportFormat; readonly rest: ExportRest },
  { signal, progress }: ExportOptions,
  write: (path: string, text: string) => Promise<void>,
): Promise<Pick<ExportReport, 'traces' | 'labels' | 'skipped' | 'skippedCount'>> {
  const total = traceIds.length;
  const skipped: { traceId: string; reason: string }[] = [];
  let labels: ExportReport['labels'] = format.labels === true ? { annotations: 0, scores: 0 } : null;
  let begun = 0;
  let skippedCount = 0;
  const traces = exportTraces(reader, traceIds, (index) => {
    begun++;
    progress(index, total);
  });
  let since = performance.now();
  for (const piece of format.write(traces, rest)) {
    if (piece.type === 'text') await write(piece.path, piece.text);
    else if (piece.type === 'labels') {
      labels = {
        annotations: (labels?.annotations ?? 0) + piece.annotations,
        scores: (labels?.scores ?? 0) + piece.scores,
      };
    } else {
      skippedCount++;
      if (skipped.length < LISTED_SKIPPED) skipped.push({ traceId: piece.traceId, reason: piece.reason });
    }
    if (performance.now() - since > SLICE_MS) {
      await new Promise((resolve) => setImmediate(resolve));
      since = performance.now();
    }
    if (signal.aborted)
      throw new AppFailure({ code: 'cancelled', message: 'The export was cancelled; nothing was left behind.' });
  }
  progress(total, total);
  return { traces: begun - skippedCount, labels, skipped, skippedCount };
}

function exporterOf(id: string): ExportFormat {
  const found = exporters.find((format) => format.id === id);
  if (found) return found;
  throw new AppFailure({
    code: 'unsupported_format',
    message: `Nothing can be exported as "${id}".`,
    hint: `Known formats: ${exporters.map((format) => format.id).join(', ')}.`,
  });
}

const NOTHING = {
  code: 'not_found',
  message: 'There is no trace to export.',
  hint: 'Choose other traces, or another search.',
} as const;

function nothingToTell(format: ExportFormat, reason: string | undefined) {
  return {
    code: 'not_found',
    message: `None of these traces can be told as ${format.label}${reason === undefined ? '' : `: ${reason}`}`,
    hint: 'Choose another format; "otlp" and "tracewright-jsonl" take every trace.',
  } as const;
}
