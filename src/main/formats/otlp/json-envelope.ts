/**
 * What traces, logs and metrics have in common in the JSON encoding: requests hold groups of one resource each, groups
 * hold scopes, scopes hold items. Also the wrappings that files have: JSONL, lists of requests, single groups.
 */
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { IssueRecord } from '#shared/record.ts';
import { fail, ok, type Result } from '#shared/result.ts';
import { createDecoding, field, type JsonDecoding, listOf, quarantine, textOf } from './json-fields.ts';
import { parseJsonBodies } from './json-text.ts';
import { readAttributeList } from './json-values.ts';
import { NO_ATTRIBUTES, type OtlpResource, type OtlpScope } from './span.ts';

/** The names of one signal's lists, the specified one first. */
export type Envelope = {
  readonly groups: readonly [string, ...string[]];
  readonly scopes: readonly [string, ...string[]];
  readonly items: readonly [string, ...string[]];
};

export type ReadItem = (decoding: JsonDecoding, value: JsonObject, scope: OtlpScope) => void;

/**
 * Fails with `bad_request` when the bytes are not JSON or hold none of the signal's lists; bad items become issues.
 * @returns the issues; items go to `read` one by one
 */
export function decodeJsonEnvelope(
  bytes: Uint8Array,
  envelope: Envelope,
  read: ReadItem,
): Result<readonly IssueRecord[]> {
  const parsed = parseJsonBodies(bytes);
  if (!parsed.ok) return parsed;
  const decoding = createDecoding(parsed.value.issues);
  const run: Run = { decoding, envelope, read };
  const [what] = envelope.groups;
  let known = false;
  for (const body of parsed.value.bodies) {
    if (readBody(run, body)) known = true;
    else quarantine(decoding, `A line holds no ${what}`, body);
  }
  return known ? ok(decoding.issues) : fail({ code: 'bad_request', message: `The JSON holds no ${what}.` });
}

type Run = { readonly decoding: JsonDecoding; readonly envelope: Envelope; readonly read: ReadItem };

/** A request, the `batches` of a trace store, one group, or a list of any of them. */
function readBody(run: Run, body: Json, nesting = 0): boolean {
  const { decoding, envelope } = run;
  const [what] = envelope.groups;
  if (Array.isArray(body)) {
    if (nesting === 2) return false;
    let known = body.length === 0;
    for (const each of body as readonly Json[]) {
      if (readBody(run, each, nesting + 1)) known = true;
      else quarantine(decoding, `An entry holds no ${what}`, each);
    }
    return known;
  }
  if (!isJsonObject(body)) return false;
  const list = firstOf(body, envelope.groups);
  if (Array.isArray(list)) {
    for (const each of list as readonly Json[]) {
      if (isJsonObject(each)) readGroup(run, each);
      else quarantine(decoding, `An entry of ${what} is not an object`, each);
    }
    return true;
  }
  if (isJsonObject(body.trace) && nesting < 2) return readBody(run, body.trace, nesting + 1);
  if (Array.isArray(firstOf(body, envelope.scopes))) {
    readGroup(run, body);
    return true;
  }
  // `{}` and `{"resourceSpans":null}` are empty requests.
  return Object.keys(body).length === 0 || envelope.groups.some((name) => body[name] === null);
}

function firstOf(value: JsonObject, names: readonly string[]): Json | undefined {
  for (const name of names) {
    const found = value[name];
    if (found !== undefined && found !== null) return found;
  }
  return undefined;
}

function readGroup(run: Run, value: JsonObject): void {
  const { decoding, envelope } = run;
  const resource: OtlpResource = {
    attributes: isJsonObject(value.resource) ? readAttributeList(decoding, value.resource.attributes) : NO_ATTRIBUTES,
    schemaUrl: textOf(field(value, 'schemaUrl', 'schema_url')),
  };
  for (const each of listOf(firstOf(value, envelope.scopes))) {
    if (isJsonObject(each)) readScope(run, each, resource);
    else quarantine(decoding, `An entry of ${envelope.scopes[0]} is not an object`, each);
  }
}

function readScope({ decoding, envelope, read }: Run, value: JsonObject, resource: OtlpResource): void {
  const given = value.scope ?? field(value, 'instrumentationLibrary', 'instrumentation_library');
  const from = isJsonObject(given) ? given : NO_ATTRIBUTES;
  const scope: OtlpScope = {
    name: textOf(from.name) || null,
    version: textOf(from.version) || null,
    attributes: readAttributeList(decoding, from.attributes),
    schemaUrl: textOf(field(value, 'schemaUrl', 'schema_url')),
    resource,
  };
  for (const each of listOf(firstOf(value, envelope.items))) {
    if (isJsonObject(each)) read(decoding, each, scope);
    else quarantine(decoding, `An entry of ${envelope.items[0]} is not an object`, each);
  }
}
