/** A version of a dataset as a file: JSON lines that are also rows of OpenAI's evals, or a table. */
import type { DatasetExample } from '#shared/dataset.ts';
import { AppFailure } from '#shared/result.ts';
import { csvHeader, csvRow } from '../../formats/datasets/own-csv.ts';
import type { Reader } from '../../store/database.ts';
import { examplesIn } from '../../store/dataset-store.ts';
import { openTarget } from '../export-target.ts';

/** A table needs a column for each. */
const MOST_FIELDS = 1_000;
const BETWEEN_TURNS = 200;

export type DatasetExport = {
  readonly id: string;
  readonly version: number;
  readonly path: string;
  readonly format: 'jsonl' | 'csv';
  readonly forbidden: readonly string[];
  readonly signal: AbortSignal;
};

/** Replaces a file that is there: whoever asked chose its name. Answers the count of examples. */
export async function exportDataset(reader: Reader, options: DatasetExport): Promise<number> {
  const { id, version, path, format, signal } = options;
  const fields = format === 'csv' ? fieldsOf(reader, id, version) : [];
  const target = await openTarget({ path, layout: 'file', overwrite: true, forbidden: options.forbidden });
  let written = 0;
  try {
    if (format === 'csv') await target.write('', csvHeader(fields));
    for (const { example } of examplesIn(reader, id, version)) {
      if (signal.aborted) throw new AppFailure({ code: 'cancelled', message: 'Cancelled; nothing was left behind.' });
      await target.write('', format === 'csv' ? csvRow(example, fields) : jsonLine(example));
      if (++written % BETWEEN_TURNS === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await target.finish();
    return written;
  } catch (cause) {
    await target.discard();
    throw cause;
  }
}

function jsonLine({ key, item, input, expectedOutput, expectedTrajectory, origin }: DatasetExample): string {
  return `${JSON.stringify({ key, item, input, expected_output: expectedOutput, expected_trajectory: expectedTrajectory, origin })}\n`;
}

/** In the order in which they first occur. */
function fieldsOf(reader: Reader, id: string, version: number): string[] {
  const names = new Set<string>();
  for (const { example } of examplesIn(reader, id, version))
    for (const name of Object.keys(example.item)) names.add(name);
  if (names.size > MOST_FIELDS)
    throw new AppFailure({
      code: 'too_large',
      message: `The examples have ${names.size.toLocaleString('en-US')} different fields: too many for a table.`,
      hint: 'Export JSON lines instead.',
    });
  return [...names];
}
