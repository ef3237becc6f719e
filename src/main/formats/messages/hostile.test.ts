import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contentText } from '#shared/message.ts';
import { isDeeperThan } from './json-text.ts';
import { readContent } from './index.ts';
import { pythonLiteral } from './python-literal.ts';

/** Words of all dialects, in every combination that nobody meant. */
const KEYS = (
  'role content type parts text tool_calls function name arguments id call_id callId output input result tool_call_id message ' +
  'messages choices candidates contents generations kwargs lc data image source image_url file input_audio functionCall ' +
  'functionResponse inlineData toolCallId toolName args reasoning summary rawContent thinking tool_use_id is_error model ' +
  'instructions system prompt object responseId update lg_name response_metadata additional_kwargs __proto__ constructor'
).split(' ');
const WORDS = (
  'user assistant tool system model function human ai message text input_text function_call function_call_output reasoning ' +
  'function_call_result hosted_tool_call tool_use tool_result tool-call tool-result image image_url file blob uri thinking ' +
  'refusal AIMessage HumanMessage response Command mcp_call data:image/png;base64,AAAA {"a":1} [] __proto__ constructor toString'
).split(' ');

const vocabulary = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<unknown>(...WORDS, null, 1, true, ''),
    fc.array(tie('value'), { maxLength: 3 }),
    fc
      .array(fc.tuple(fc.constantFrom(...KEYS), tie('value')), { maxLength: 6 })
      .map((entries) => Object.fromEntries(entries)),
  ),
})).value;

test(
  'any mixture of the dialects reads without a throw, the same each time, and no deeper than it was',
  { timeout: 600_000 },
  () => {
    fc.assert(
      fc.property(vocabulary, fc.constantFrom(undefined, 'user', 'assistant'), (value, role) => {
        const options = role === undefined ? {} : { role };
        const items = readContent(value, options);
        const again = readContent(JSON.parse(JSON.stringify(value)), options);
        expect(JSON.stringify(again)).toBe(JSON.stringify(items));
        for (const item of items) {
          expect(['message', 'json', 'text']).toContain(item.kind);
          if (item.kind === 'message') {
            expect(typeof item.role).toBe('string');
            for (const part of item.parts) expect(typeof part.type).toBe('string');
          }
          expect(typeof contentText(item)).toBe('string');
        }
        // A message wraps what it holds in at most: item, parts, part, error object.
        expect(isDeeperThan(items, 50)).toBe(false);
        // Only what says nothing reads as nothing: an answer whose output is empty.
        const isEmpty = value === null || value === '' || JSON.stringify(value).includes('"output":[]');
        if (!isEmpty) expect(items.length).toBeGreaterThan(0);
      }),
      { numRuns: Number(process.env.FUZZ_RUNS ?? 3_000) },
    );
  },
);

test('text in any state reads without a throw', { timeout: 600_000 }, () => {
  const characters = fc.constantFrom(...`{}[]()'",:\\ntfu0-1.eENxb \n`.split(''));
  fc.assert(
    fc.property(fc.string({ unit: characters, maxLength: 40 }), (text) => {
      pythonLiteral(text);
      const items = readContent(text);
      if (text !== '') expect(items).toHaveLength(1);
    }),
    { numRuns: Number(process.env.FUZZ_RUNS ?? 3_000) },
  );
});

test('lists longer than a call takes arguments are read whole', () => {
  const many = Array.from({ length: 300_000 }, () => ({ role: 'user', content: 'x' }));
  expect(readContent([many])).toHaveLength(many.length);
  expect(readContent({ messages: [many] })).toHaveLength(many.length);
  expect(readContent({ generations: [[{ message: many }]] })).toHaveLength(many.length);
  expect(readContent({ role: 'user', content: many })).toHaveLength(1);
});

test('time grows with the size and not faster', { timeout: 60_000 }, () => {
  const unit = {
    role: 'user',
    content: [{ type: 'text', text: 'x' }],
    messages: [{ type: 'new' }],
    contents: [{ a: 1 }],
    input: [{}],
  };
  const nest = (depth: number): unknown => {
    let value: unknown = { type: 'unknown' };
    for (let at = 0; at < depth; at++) value = { messages: [value], contents: [value], input: [value], model: 'm' };
    return value;
  };
  const millisecondsOf = (work: () => unknown): number => {
    const start = performance.now();
    work();
    return performance.now() - start;
  };
  // Three fields that each hold the whole rest: every level reads each at most once, and six levels are the end.
  expect(millisecondsOf(() => readContent(nest(40)))).toBeLessThan(2_000);
  expect(millisecondsOf(() => readContent(Array.from({ length: 50_000 }, () => unit)))).toBeLessThan(5_000);
  expect(millisecondsOf(() => pythonLiteral(`[${"'a' ".repeat(200_000)}]`))).toBeLessThan(2_000);
  expect(millisecondsOf(() => pythonLiteral(`{${"'".repeat(1_000_000)}`))).toBeLessThan(2_000);
  expect(millisecondsOf(() => readContent(`{${' '.repeat(2_000_000)}`))).toBeLessThan(2_000);
});
