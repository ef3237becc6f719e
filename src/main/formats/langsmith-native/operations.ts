/**
 * What one request tells: runs that were created or updated, and feedback. In one JSON body a single run, a single
 * feedback or { post, patch }; in a multipart body every field of a run is a part of its own.
 */
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { IssueRecord } from '#shared/record.ts';
import { fail, ok, type Result } from '#shared/result.ts';
import { readDocuments } from '../documents.ts';
import { idOf, isEmpty, issue, listOf, setField } from '../fields.ts';
import type { Stage } from '../told.ts';
import { type Part, readParts } from './multipart.ts';

export type Attachment = { readonly name: string; readonly contentType: string; readonly bytes: Uint8Array };
export type RunOperation = {
  readonly type: 'run';
  readonly stage: Stage;
  readonly run: JsonObject;
  readonly attachments: readonly Attachment[];
};
export type FeedbackOperation = { readonly type: 'feedback'; readonly feedback: JsonObject };
export type Operation = RunOperation | FeedbackOperation;
export type Operations = { readonly operations: readonly Operation[]; readonly issues: readonly IssueRecord[] };

/** Bad parts that are named one by one; the others are counted. */
const LISTED_FAULTS = 200;
const NO_ATTACHMENTS: readonly Attachment[] = [];

/** @param runId the run that the request's path names, which a body that is an update does not say again */
export function readOperations(bytes: Uint8Array, runId: string | null): Result<Operations> {
  const isMultipart = bytes[0] === 0x2d || (bytes[0] === 0x0d && bytes[2] === 0x2d);
  return isMultipart ? fromParts(bytes) : fromJson(bytes, runId);
}

function fromJson(bytes: Uint8Array, runId: string | null): Result<Operations> {
  const read = readDocuments(bytes);
  if (!read.ok) return read;
  const issues = [...read.value.issues];
  const operations: Operation[] = [];
  for (const { value } of read.value.documents) {
    for (const each of itemsOf(value, runId)) {
      if (each.operation) operations.push(each.operation);
      else issues.push(issue('error', 'unknown_item', 'An entry is neither a run nor feedback.', { item: each.value }));
    }
  }
  return ok({ operations, issues });
}

type Item = { readonly value: Json; readonly operation: Operation | null };

function itemsOf(value: Json, runId: string | null): Item[] {
  if (!isJsonObject(value)) return [{ value, operation: null }];
  if (Array.isArray(value.post) || Array.isArray(value.patch)) {
    return [
      ...listOf(value.post).map((each) => ({ value: each, operation: runOperation('create', each) })),
      ...listOf(value.patch).map((each) => ({ value: each, operation: runOperation('update', each) })),
    ];
  }
  if (runId !== null) return [{ value, operation: runOperation('update', { ...value, id: value.id ?? runId }) }];
  if (typeof value.key === 'string' && value.run_type === undefined) {
    return [{ value, operation: { type: 'feedback', feedback: value } }];
  }
  return [{ value, operation: runOperation('create', value) }];
}

function runOperation(stage: Stage, run: Json): RunOperation | null {
  if (!isJsonObject(run) || idOf(run.id) === null) return null;
  return { type: 'run', stage, run, attachments: NO_ATTACHMENTS };
}

const VERBS: ReadonlyMap<string, Stage> = new Map([
  ['post', 'create'],
  ['patch', 'update'],
]);
const FIELDS = new Set(['inputs', 'outputs', 'events', 'extra', 'error', 'serialized']);

type Collected = { base: JsonObject | null; readonly fields: Record<string, Json>; readonly stage: Stage };

type Collecting = {
  readonly runs: Map<string, Collected>;
  readonly feedback: FeedbackOperation[];
  readonly attachments: Map<string, Attachment[]>;
  readonly note: (severity: IssueRecord['severity'], code: IssueRecord['code'], message: string, item?: string) => void;
};

function fromParts(bytes: Uint8Array): Result<Operations> {
  const read = readParts(bytes);
  if (!read.ok) return read;
  const issues: IssueRecord[] = [];
  let faults = 0;
  const collecting: Collecting = {
    runs: new Map(),
    feedback: [],
    attachments: new Map(),
    note(severity, code, message, item) {
      if (++faults <= LISTED_FAULTS) issues.push(issue(severity, code, message, item === undefined ? {} : { item }));
    },
  };
  for (const fault of read.value.faults) collecting.note('error', 'invalid_item', fault);
  for (const part of read.value.parts) readPart(part, collecting);
  const operations = [...runsOf(collecting), ...collecting.feedback];
  for (const name of collecting.attachments.keys()) {
    collecting.note('warning', 'unmapped_field', `An attachment belongs to no run of its request (${name}).`);
  }
  if (faults > LISTED_FAULTS) {
    issues.push(issue('error', 'invalid_item', `${faults - LISTED_FAULTS} more parts could not be taken.`));
  }
  if (operations.length === 0) {
    return fail({ code: 'bad_request', message: 'No part of the body is a run of LangSmith.' });
  }
  return ok({ operations, issues });
}

/** `post.<id>`, `patch.<id>.outputs`, `feedback.<id>`, `attachment.<id>.<name>`: an id holds no dot. */
const PART_NAME = /^(post|patch|feedback|attachment)\.([^.]+)(?:\.(.*))?$/s;

function readPart(part: Part, collecting: Collecting): void {
  const match = PART_NAME.exec(part.name);
  const [, verb = '', id = '', field] = match ?? [];
  const stage = VERBS.get(verb);
  if (verb === 'attachment' && field !== undefined && field !== '') {
    const known = collecting.attachments.get(id) ?? [];
    known.push({ name: field, contentType: part.contentType, bytes: part.body });
    collecting.attachments.set(id, known);
    return;
  }
  if (!match || (stage === undefined && verb !== 'feedback') || (field !== undefined && !FIELDS.has(field))) {
    collecting.note('warning', 'unmapped_field', 'A part of the request is not known.', part.name);
    return;
  }
  if (part.body.length === 0) return;
  const value = jsonOf(part, collecting);
  if (value === undefined) return;
  if (verb === 'feedback') {
    if (isJsonObject(value)) collecting.feedback.push({ type: 'feedback', feedback: value });
    else collecting.note('error', 'invalid_item', 'Feedback is no object.', part.name);
    return;
  }
  const key = `${verb}.${id}`;
  const run = collecting.runs.get(key) ?? { base: null, fields: {}, stage: stage ?? 'create' };
  collecting.runs.set(key, run);
  if (field !== undefined) setField(run.fields, field, value);
  else if (isJsonObject(value)) run.base = { ...value, id: value.id ?? id };
  else collecting.note('error', 'invalid_item', 'A run is no object.', part.name);
}

function jsonOf(part: Part, collecting: Collecting): Json | undefined {
  const read = readDocuments(part.body);
  const [document] = read.ok ? read.value.documents : [];
  if (!read.ok || document === undefined || document.line !== null) {
    const text = Buffer.from(part.body.subarray(0, 16_384)).toString('utf8');
    collecting.note('error', 'invalid_item', `The part ${part.name.slice(0, 200)} is not JSON.`, text);
    return undefined;
  }
  for (const each of read.value.issues) collecting.note(each.severity, each.code, `${part.name}: ${each.message}`);
  return document.value;
}

/** Attachments go with the creation of their run where the request holds it, else with its update. */
function runsOf({ runs, attachments, note }: Collecting): RunOperation[] {
  const operations: RunOperation[] = [];
  for (const [name, { base, fields, stage }] of runs) {
    if (base === null) {
      note('error', 'invalid_item', 'Fields of a run came without the run.', name);
      continue;
    }
    const id = idOf(base.id) ?? '';
    const given = Object.entries(fields).filter(([, value]) => !isEmpty(value));
    const run = given.length === 0 ? base : Object.fromEntries([...Object.entries(base), ...given]);
    operations.push({ type: 'run', stage, run, attachments: attachments.get(id) ?? NO_ATTACHMENTS });
    attachments.delete(id);
  }
  return operations;
}
