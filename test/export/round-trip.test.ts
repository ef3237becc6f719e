/** What is exported without loss imports to exactly the state that it was exported from. */
import { expect, test } from 'vitest';
import type { ExportFormat } from '#shared/format.ts';
import { otlpExport } from '../../src/main/formats/otlp/export.ts';
import { tracewrightJsonlExport } from '../../src/main/formats/tracewright-jsonl/export.ts';
import { detectFormat, formats } from '../../src/main/formats/registry.ts';
import { decodeAll, HEAD_BYTES, loadCases } from '../formats/cases.ts';
import { bytesOf, exported } from '../support/exported.ts';
import { fillWorkspace } from '../support/workspace-state.ts';

const lossless: readonly ExportFormat[] = [otlpExport, tracewrightJsonlExport];

test.each(loadCases())('$format/$name', { timeout: 60_000 }, async ({ format, bytes }) => {
  const decoder = formats.find(({ id }) => id === format);
  if (!decoder) throw new Error(`no format ${format}`);
  const { records } = decodeAll(decoder, bytes);
  const { reader, state } = await fillWorkspace([{ records, bytes, format, source: 'the source' }]);
  for (const exporter of lossless) {
    const written = bytesOf(exported(reader, exporter).files.get(''));
    const target = formats.find(({ id }) => id === exporter.id);
    expect(detectFormat(written.subarray(0, HEAD_BYTES), 'unknown')?.format).toBe(target);
    if (!target) throw new Error(`no format ${exporter.id}`);
    const again = decodeAll(target, written);
    expect(again.errors).toEqual([]);
    const second = await fillWorkspace([{ records: again.records, bytes: written, format: exporter.id }]);
    expect(second.state).toEqual(state);
    // With the received bytes of our own format, which are those of the first import again.
    expect(Buffer.from(bytesOf(exported(second.reader, exporter).files.get(''))).equals(written)).toBe(true);
  }
});
