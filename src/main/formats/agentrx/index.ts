/**
 * AgentRx: tau-bench rows as logs, and ground truth about them in files of its own. A log's trace id is made of the
 * trajectory's id alone, so that logs and ground truth meet whichever is read first; the ids of the data set's other domains
 * count from the same numbers, and what tells them apart is the name of the file or of its folder.
 */
import type { DecodeContext, Decoded, DecoderFormat } from '#shared/format.ts';
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { IssueRecord, NormalisedRecord } from '#shared/record.ts';
import { fail, ok, type AppError, type Result } from '#shared/result.ts';
import { idOf, issue, listOf } from '../fields.ts';
import { headOf, readDocument, readLines } from '../logs/read.ts';
import { makeOrigin } from '../logs/span.ts';
import { isRow, readRow } from '../tau-bench/rows.ts';
import { isTruth, readTruth } from './truth.ts';

export const agentRx: DecoderFormat = {
  type: 'decoder',
  id: 'agentrx',
  label: 'AgentRx',
  routes: [],
  split: () => ({ lines: true, list: true }),
  detect: (head, name) => {
    const text = headOf(head);
    if (text === null) return 0;
    if (/"trajectory_id"\s{0,8}:/.test(text) && /"(?:failures|root_cause|failure_category)"\s{0,8}:/.test(text))
      return 0.95;
    if (!/"task_id"\s{0,8}:/.test(text) || !/"reward"\s{0,8}:/.test(text)) return 0;
    // Its rows are those of tau-bench with numbered messages.
    const log = /"traj"\s{0,8}:\s{0,8}\[/.exec(text);
    if (log) return NUMBERED.test(text.slice(log.index)) ? 0.93 : 0;
    return name !== null && /agentrx/i.test(name) ? 0.75 : 0;
  },
  decode,
};

const NUMBERED = /"index"\s{0,8}:\s{0,8}\d/;
const ORIGIN = makeOrigin('agentrx');

function decode(bytes: Uint8Array, context: DecodeContext): Result<Decoded, AppError> {
  const domain = domainOf(context.name);
  const issues: IssueRecord[] = [];
  const document = readDocument(bytes, issues);
  let items: readonly Json[];
  if (document === undefined) {
    const lines = readLines(bytes, NOT_OURS);
    if (!lines.ok) return lines;
    for (const each of lines.value.issues) issues.push(each);
    items = lines.value.lines.map(({ value }) => value);
  } else items = isJsonObject(document) ? [document] : listOf(document);
  if (!items.some((item) => isRow(item) || isTruth(item))) return fail(NOT_OURS);
  const records: NormalisedRecord[] = [];
  for (const [index, item] of items.entries()) {
    if (isRow(item)) {
      const traceId = traceIdOf(domain, item.task_id);
      if (traceId !== null) readRow(item, { traceId, origin: ORIGIN, source: 'tau-bench' }, records);
      else records.push(issue('error', 'invalid_item', `Row ${index} has no usable task_id.`, { item }));
    } else if (isTruth(item)) {
      readOne(item, index, domain, records);
    } else {
      records.push(issue('error', 'unknown_item', `Item ${index} is neither a log nor ground truth.`, { item }));
    }
  }
  return ok({ records: [...records, ...issues] });
}

function readOne(item: JsonObject, index: number, domain: string, records: NormalisedRecord[]): void {
  const traceId = traceIdOf(domain, item.trajectory_id);
  if (traceId !== null) readTruth(traceId, item, records);
  else records.push(issue('error', 'invalid_item', `Item ${index} has no usable trajectory_id.`, { item }));
}

/** Of the domains, tau-bench retail is the one whose files come without a name for it (`tau_ground_truth.json`). */
function domainOf(name: string | null): string {
  const found = /magentic|airline|telecom|flash|incident/i.exec(name ?? '');
  return found ? `${found[0].toLowerCase()}:` : '';
}

function traceIdOf(domain: string, id: Json | undefined): string | null {
  const text = idOf(id);
  return text === null ? null : `agentrx:${domain}${text}`;
}

const NOT_OURS: AppError = {
  code: 'unreadable_file',
  message: 'The file holds neither whole logs nor ground truth of AgentRx.',
};
