/**
 * Trajectories in the Agent Trajectory Interchange Format (ATIF, of Harbor and Terminus): `steps` of a user, a system
 * and an agent, with tool calls and observations. The steps of one file are one trace around one agent.
 */
import type { DecodeContext, Decoded, DecoderFormat } from '#shared/format.ts';
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { NormalisedRecord } from '#shared/record.ts';
import { fail, ok, type Result } from '#shared/result.ts';
import { readDocuments } from '../documents.ts';
import { digestOf, issue } from '../fields.ts';
import { jsonHead } from '../json-head.ts';
import { readTrajectory } from './trajectory.ts';

export const atif: DecoderFormat = {
  type: 'decoder',
  id: 'atif',
  label: 'ATIF trajectory',
  routes: [],
  detect: (head) => {
    const value = jsonHead(head);
    const first = Array.isArray(value) ? ((value as readonly Json[])[0] ?? null) : value;
    return isJsonObject(first) && isTrajectory(first) ? (isVersioned(first) ? 0.96 : 0.7) : 0;
  },
  decode,
};

function isVersioned(value: JsonObject): boolean {
  return typeof value.schema_version === 'string' && value.schema_version.startsWith('ATIF');
}

/** By its version, or by the shape of its first step when the writer left the version out. */
function isTrajectory(value: JsonObject): boolean {
  if (isVersioned(value)) return true;
  const [step] = Array.isArray(value.steps) ? (value.steps as readonly Json[]) : [];
  return isJsonObject(value.agent) && isJsonObject(step) && 'step_id' in step && typeof step.source === 'string';
}

function decode(bytes: Uint8Array, context: DecodeContext): Result<Decoded> {
  const read = readDocuments(bytes);
  if (!read.ok) return read;
  const natural = context.name ?? digestOf(bytes);
  const records: NormalisedRecord[] = [];
  let known = 0;
  for (const { value } of read.value.documents) {
    for (const each of Array.isArray(value) ? (value as readonly Json[]) : [value]) {
      if (!isJsonObject(each) || !isTrajectory(each)) {
        records.push(issue('error', 'unknown_item', 'A document is not a trajectory.', { item: each }));
        continue;
      }
      readTrajectory(each, known === 0 ? natural : `${natural}:${known}`, records);
      known++;
    }
  }
  if (known === 0) return fail({ code: 'bad_request', message: 'The JSON holds no ATIF trajectory.' });
  return ok({ records: [...records, ...read.value.issues] });
}
