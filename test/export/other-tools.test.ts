/** Exports for other tools keep the tree, the kinds, what was said, what it cost and (where they have them) the verdicts. */
import { expect, test } from 'vitest';
import type { ExportFormat } from '#shared/format.ts';
import type { NormalisedRecord, SpanRecord } from '#shared/record.ts';
import { langfuseExporter } from '../../src/main/formats/langfuse/export.ts';
import { openInferenceExport } from '../../src/main/formats/otel-spans/export.ts';
import { detectFormat, formats } from '../../src/main/formats/registry.ts';
import { spanRecordsOf } from '../../src/main/store/span-records.ts';
import { scoreRecordsOf } from '../../src/main/store/trace-records.ts';
import type { Reader } from '../../src/main/store/database.ts';
import { decodeAll, HEAD_BYTES, loadCases } from '../formats/cases.ts';
import { bytesOf, exported } from '../support/exported.ts';
import { fillWorkspace } from '../support/workspace-state.ts';

const exporters: readonly { readonly exporter: ExportFormat; readonly reader: string; readonly scores: boolean }[] = [
  { exporter: langfuseExporter, reader: 'langfuse', scores: true },
  { exporter: openInferenceExport, reader: 'otel-spans', scores: false },
];

test.each(loadCases())('$format/$name', { timeout: 60_000 }, async ({ format, bytes }) => {
  const decoder = formats.find(({ id }) => id === format);
  if (!decoder) throw new Error(`no format ${format}`);
  const { reader } = await fillWorkspace([{ records: decodeAll(decoder, bytes).records, bytes, format }]);
  const before = storedRecords(reader);
  const spans = before.filter((record) => record.type === 'span');
  for (const { exporter, reader: readBy, scores } of exporters) {
    const written = bytesOf(exported(reader, exporter).files.get(''));
    const target = formats.find(({ id }) => id === readBy);
    if (!target) throw new Error(`no format ${exporter.id}`);
    if (spans.length === 0) continue;
    expect(detectFormat(written.subarray(0, HEAD_BYTES), 'unknown')?.format).toBe(target);
    const again = decodeAll(target, written);
    expect(again.errors).toEqual([]);
    expect(again.records.filter((record) => record.type === 'span').map(gist)).toEqual(spans.map(gist));
    if (scores) expect(only(again.records, 'score')).toEqual(only(before, 'score'));
  }
});

function storedRecords(reader: Reader): NormalisedRecord[] {
  const traces = reader.rows<[number, string]>('SELECT trace_key, trace_id FROM trace ORDER BY trace_key');
  return traces.flatMap(([key, id]) => [...spanRecordsOf(reader, key), ...scoreRecordsOf(reader, key, id)]);
}

function only(records: readonly NormalisedRecord[], type: NormalisedRecord['type']): readonly NormalisedRecord[] {
  return records.filter((record) => record.type === type);
}

/** All that is said of it; the resource and the order of attributes are the format's own. */
function gist({ origin, ...span }: SpanRecord): unknown {
  return { ...span, dialect: origin.dialect, scope: origin.scopeName };
}
