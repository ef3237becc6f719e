import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { LEDGER_KINDS } from '../../src/shared/ledger.ts';
import { ask, cli, makePlace } from '../support/cli.ts';
import { spanItem } from '../support/agents-items.ts';

const place = makePlace();
const at = ['--workspace', place.workspace];
const counts = z.record(z.enum(LEDGER_KINDS), z.number().int().nonnegative());
const listed = z.strictObject({
  counts,
  kind: z.literal('dropped'),
  items: z.array(
    z.strictObject({
      traceId: z.string().nullable(),
      spanId: z.string().nullable(),
      label: z.string(),
      detail: z.string().nullable(),
      rawKey: z.number().nullable(),
      receivedAt: z.iso.datetime().nullable(),
    }),
  ),
});

beforeAll(async () => {
  const file = join(dirname(place.workspace), 'batch.json');
  writeFileSync(file, JSON.stringify({ data: [spanItem(), { object: 'trace.span', id: 'no trace' }] }));
  await ask(['import', file, ...at]);
});
afterAll(place.remove);

test('ledger: the counts, and what is behind one', async () => {
  const whole = z.strictObject({ counts }).parse(await ask(['ledger', ...at]));
  expect(Object.keys(whole.counts)).toEqual([...LEDGER_KINDS]);
  expect(whole.counts).toMatchObject({ received: 2, understood: 1, dropped: 1 });
  const { items } = listed.parse(await ask(['ledger', '--kind', 'dropped', ...at]));
  expect(items).toHaveLength(1);
  expect((await cli(['ledger', ...at])).stdout).toMatch(/^WHAT +COUNT\nreceived +2\n/);
  expect((await cli(['ledger', '--kind', 'late', ...at])).stdout).toBe('Nothing was late.\n');
});

test('ledger: of one trace; a trace or a kind that is not there', async () => {
  const { traceId } = z.object({ traceId: z.string() }).parse({ traceId: spanItem().trace_id });
  expect(await ask(['ledger', traceId, ...at])).toMatchObject({ counts: { received: 1, dropped: 0 } });
  const unknown = await cli(['ledger', 'nope', '--json', ...at]);
  expect(unknown.code).toBe(1);
  expect(JSON.parse(unknown.stdout)).toMatchObject({ error: { code: 'not_found' } });
  expect((await cli(['ledger', '--kind', 'odd', ...at])).code).toBe(2);
});
