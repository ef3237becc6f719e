/** Results of tau-bench (a list of rows) and of tau2-bench ({ info, tasks, simulations }). */
import type { Decoded, DecoderFormat } from '#shared/format.ts';
import { isJsonObject } from '#shared/json.ts';
import type { IssueRecord, NormalisedRecord } from '#shared/record.ts';
import { fail, ok, type AppError, type Result } from '#shared/result.ts';
import { digestOf, idOf, issue } from '../fields.ts';
import { headOf, readDocument, readLines } from '../logs/read.ts';
import { makeOrigin } from '../logs/span.ts';
import { isRow, readRow, rowsOf } from './rows.ts';
import { readSimulations } from './tau2.ts';

export const tauBench: DecoderFormat = {
  type: 'decoder',
  id: 'tau-bench',
  label: 'tau-bench, tau2-bench',
  routes: [],
  split: (head) => (/"traj"\s{0,8}:/.test(headOf(head) ?? '') ? { lines: true, list: true } : null),
  detect: (head) => {
    const text = headOf(head);
    if (text === null) return 0;
    if (/"simulations"\s{0,8}:\s{0,8}\[/.test(text))
      return /"(?:num_trials|user_scenario|reward_info)"/.test(text) ? 0.9 : 0.4;
    if (/^\{/.test(text) && /"user_scenario"\s{0,8}:/.test(text) && /"evaluation_criteria"\s{0,8}:/.test(text))
      return 0.85;
    if (/"messages"\s{0,8}:\s{0,8}\[/.test(text) && /"termination_reason"\s{0,8}:/.test(text) && /"task_id"/.test(text))
      return 0.7;
    if (!/"task_id"\s{0,8}:/.test(text)) return 0;
    if (/"traj"\s{0,8}:\s{0,8}\[/.test(text)) return 0.9;
    // The expected actions may fill the head before the first message comes.
    return /"reward"\s{0,8}:/.test(text) && /"info"\s{0,8}:\s{0,8}\{/.test(text) ? 0.7 : 0;
  },
  decode,
};

const ORIGIN = makeOrigin('tau_bench');

function decode(bytes: Uint8Array): Result<Decoded, AppError> {
  const issues: IssueRecord[] = [];
  const records: NormalisedRecord[] = [];
  const document = readDocument(bytes, issues);
  if (isJsonObject(document) && readSimulations(document, records)) return ok({ records: [...records, ...issues] });
  let rows = rowsOf(document);
  if (rows === null && document === undefined) {
    const lines = readLines(bytes, NOT_OURS);
    if (!lines.ok) return lines;
    for (const each of lines.value.issues) issues.push(each);
    rows = rowsOf(lines.value.lines.map(({ value }) => value));
  }
  if (rows === null) return fail(NOT_OURS);
  for (const [index, row] of rows.entries()) {
    if (!isRow(row)) {
      records.push(issue('error', 'invalid_item', `Row ${index} is no result of a task.`, { item: row }));
      continue;
    }
    // Results of several models hold the same tasks and trials: only the content tells them apart.
    const key = [idOf(row.task_id) ?? '', idOf(row.trial) ?? '0', digestOf(JSON.stringify(row))].join(':');
    readRow(row, { traceId: `tau-bench:${key}`, origin: ORIGIN, source: 'tau-bench' }, records);
  }
  return ok({ records: [...records, ...issues] });
}

const NOT_OURS: AppError = {
  code: 'unreadable_file',
  message: 'The file is not a whole list of tau-bench results or a tau2-bench results document.',
};
