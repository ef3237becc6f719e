/** All formats that traces can be written in. Adding one is an `export.ts` beside the decoder that reads it, and a line here. */
import type { ExportFormat } from '#shared/format.ts';
import type { FormatInfo } from '#shared/rpc/contract.ts';
import { agentRxExport } from './agentrx/export.ts';
import { annotationsCsvExport, annotationsJsonlExport } from './annotations/export.ts';
import { csvExport } from './csv/export.ts';
import { langfuseExporter } from './langfuse/export.ts';
import { openInferenceExport } from './otel-spans/export.ts';
import { otlpExport } from './otlp/export.ts';
import { annotationsExport, tracewrightJsonlExport } from './tracewright-jsonl/export.ts';
import { whoAndWhenExport } from './who-and-when/export.ts';

/** In the order in which people are offered them. */
export const exporters: readonly ExportFormat[] = [
  otlpExport,
  tracewrightJsonlExport,
  langfuseExporter,
  openInferenceExport,
  csvExport,
  annotationsExport,
  annotationsCsvExport,
  annotationsJsonlExport,
  whoAndWhenExport,
  agentRxExport,
];

/** Formats that are written and not read, as lists of formats tell of them. */
export function writeOnly(read: readonly { readonly id: string }[]): FormatInfo[] {
  return exporters
    .filter(({ id }) => !read.some((format) => format.id === id))
    .map(({ id, label }) => ({ id, label, import: false, export: true, routes: [] }));
}

export function isWritten(id: string): boolean {
  return exporters.some((format) => format.id === id);
}
