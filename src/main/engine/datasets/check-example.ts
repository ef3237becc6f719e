/** Examples as another process sends them, and as files give them, made whole: what cannot be kept is refused with its reason. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '#shared/canonical-json.ts';
import type { DatasetExample, ExampleOrigin, ExpectedCall } from '#shared/dataset.ts';
import { EXAMPLE_SIZE } from '#shared/dataset.ts';
import type { Json } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import type { Result } from '#shared/result.ts';
import { fail, ok } from '#shared/result.ts';
import { KEY_LENGTH } from '../../formats/datasets/texts.ts';
import { isDeeperThan } from '../../formats/messages/json-text.ts';
import { inputHash } from '../evals/input-hash.ts';

const MAX_DEPTH = 100;
const MOST_CALLS = 10_000;

/** One that has no key gets one of its contents, so that the same row has the same key in every import. */
export function checkExample(given: unknown): Result<DatasetExample & { readonly key: string }> {
  if (!isJsonObject(given)) return wrong('An example is an object.');
  const { key, item, input, expectedOutput, expectedTrajectory, origin } = given as Readonly<Record<string, unknown>>;
  if (!isJsonObject(item)) return wrong('The item of an example is an object.');
  if (!isTextOrNull(input) || !isTextOrNull(expectedOutput))
    return wrong('Input and expected output of an example are texts, or null.');
  if (key !== undefined && (typeof key !== 'string' || key.trim() === '' || key.length > KEY_LENGTH))
    return wrong(`A key is a text of 1 to ${KEY_LENGTH} characters.`);
  if (isDeeperThan(item, MAX_DEPTH) || isDeeperThan(expectedTrajectory, MAX_DEPTH))
    return wrong('It is nested too deeply.');
  const calls = callsOf(expectedTrajectory);
  if (calls === undefined) return wrong('The expected trajectory is a list of tool calls with their names, or null.');
  const body = {
    item: item,
    input: input === '' ? null : input,
    expectedOutput: expectedOutput === '' ? null : expectedOutput,
    expectedTrajectory: calls,
    origin: originOf(origin),
  };
  const size = JSON.stringify(body).length;
  if (size > EXAMPLE_SIZE)
    return fail({
      code: 'too_large',
      message: `It has ${size.toLocaleString('en-US')} characters; an example may have ${EXAMPLE_SIZE.toLocaleString('en-US')}.`,
      hint: 'Leave fields out that graders do not need.',
    });
  return ok({ key: key === undefined ? contentKey(body) : key.trim(), ...body });
}

/** By what an example is found again that has no id: its input, else all its fields. */
export function contentKey({ item, input }: Pick<DatasetExample, 'item' | 'input'>): string {
  const text = input === null ? canonicalJson(item) : input.normalize('NFC').replaceAll(/\s+/gu, ' ').trim();
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

export function hashOfInput({ input }: Pick<DatasetExample, 'input'>): Uint8Array | null {
  return input === null ? null : inputHash(input);
}

function callsOf(value: unknown): readonly ExpectedCall[] | null | undefined {
  if (value === null || value === undefined) return null;
  if (!Array.isArray(value) || value.length > MOST_CALLS) return undefined;
  const calls: ExpectedCall[] = [];
  for (const each of value as readonly Json[]) {
    if (!isJsonObject(each) || typeof each.name !== 'string' || each.name === '') return undefined;
    const { name, agent } = each;
    calls.push({
      name,
      arguments: each.arguments ?? null,
      ...(typeof agent === 'string' && agent !== '' ? { agent } : {}),
    });
  }
  return calls;
}

function originOf(value: unknown): ExampleOrigin {
  const given = isJsonObject(value) ? (value as Readonly<Record<string, unknown>>) : {};
  if (given.kind === 'trace' && typeof given.traceId === 'string') return { kind: 'trace', traceId: given.traceId };
  if (given.kind === 'file' && typeof given.file === 'string' && Number.isSafeInteger(given.row))
    return { kind: 'file', file: given.file.slice(0, 300), row: Number(given.row) };
  return { kind: 'hand' };
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}

function wrong(message: string): Result<never> {
  return fail({ code: 'bad_request', message, hint: 'Correct the example, then save again.' });
}
