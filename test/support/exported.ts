/** For tests of exports: what an exporter writes of a workspace, as texts by path. */
import type { ExportFormat } from '#shared/format.ts';
import { exportRest, exportTraces, selectedTraceIds } from '../../src/main/engine/export-bundles.ts';
import type { Reader } from '../../src/main/store/database.ts';

export type Exported = {
  readonly files: ReadonlyMap<string, string>;
  readonly skipped: readonly { readonly traceId: string; readonly reason: string }[];
};

export function exported(reader: Reader, exporter: ExportFormat, traceIds?: readonly string[]): Exported {
  const files = new Map<string, string>();
  const skipped: { traceId: string; reason: string }[] = [];
  const ids = selectedTraceIds(reader, traceIds === undefined ? {} : { traceIds });
  const rest = exportRest(reader, traceIds === undefined ? {} : { traceIds });
  for (const piece of exporter.write(
    exportTraces(reader, ids, () => undefined),
    rest,
  )) {
    if (piece.type === 'skipped') skipped.push({ traceId: piece.traceId, reason: piece.reason });
    else if (piece.type === 'text') files.set(piece.path, (files.get(piece.path) ?? '') + piece.text);
  }
  return { files, skipped };
}

export function bytesOf(text: string | undefined): Uint8Array {
  return new TextEncoder().encode(text ?? '');
}
