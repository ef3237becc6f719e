/** `tool_schema`: whether the arguments of tool calls fit the schema that the model was given. */
import type { Json } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import { checkSchema } from '#shared/schema/schema-check.ts';
import type { GraderKind } from '../types.ts';
import { nameTest, parsed } from './calls.ts';
import { amount, count, graded, quoted, textsOf, traceKind } from './kind.ts';

export const toolSchema: GraderKind = traceKind({
  type: 'tool_schema',
  label: 'Tool arguments fit their schema',
  about: 'Whether every tool call has arguments that fit the JSON schema which the model was given for it.',
  fields: {
    tools: {
      type: 'array',
      items: { type: 'string' },
      title: 'Tools',
      description: 'Only these; * stands for any text.',
    },
    schemas: {
      type: 'object',
      additionalProperties: { type: ['object', 'boolean'] },
      title: 'Schemas',
      description: 'By name of a tool: a JSON schema to use instead of the recorded one.',
    },
    pass_threshold: {
      type: ['number', 'null'],
      default: 1,
      title: 'Passes from',
      description: 'Share of calls that fit. Without one: all.',
    },
  },
  example: { name: 'Valid arguments' },
  grade: (definition, trace) => {
    const tests = textsOf(definition.tools).map(nameTest);
    const schemas = isJsonObject(definition.schemas) ? definition.schemas : {};
    const calls = trace.tool_calls.filter(({ name }) => tests.length === 0 || tests.some((test) => test(name)));
    const checked = calls.flatMap((call) => {
      const schema: Json = Object.hasOwn(schemas, call.name) ? (schemas[call.name] ?? null) : call.schema;
      if (schema === null || call.arguments === null) return [];
      const given = typeof call.arguments === 'string' ? parsed(call.arguments) : call.arguments;
      const { problems } = checkSchema(schema, given);
      return [{ call, problem: problems[0] }];
    });
    if (checked.length === 0)
      return {
        status: 'not_applicable',
        explanation:
          calls.length === 0
            ? 'No such tool was called.'
            : `Of ${count(calls.length, 'tool call')}, none has a recorded schema and arguments.`,
      };
    const wrong = checked.flatMap(({ call, problem }) =>
      problem
        ? [{ call, said: `${problem.path.length === 0 ? 'the arguments' : problem.path.join('.')} ${problem.message}` }]
        : [],
    );
    const [first] = wrong;
    const share = (checked.length - wrong.length) / checked.length;
    const threshold = typeof definition.pass_threshold === 'number' ? definition.pass_threshold : 1;
    return graded(
      share,
      `${amount(checked.length - wrong.length)} of ${count(checked.length, 'checked call')} fit${checked.length === 1 ? 's' : ''}${
        first ? `: of ${quoted(first.call.name)}, ${first.said}` : ''
      }.`,
      {
        passed: share >= threshold,
        evidence: wrong
          .slice(0, 50)
          .map(({ call, said }) => ({ spanId: call.span_id, quote: null, note: said.slice(0, 200) })),
        notes: { checked: checked.length, without_schema: calls.length - checked.length },
      },
    );
  },
});
