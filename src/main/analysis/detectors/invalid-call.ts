import type { Json, JsonObject } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import { checkSchema } from '#shared/schema/schema-check.ts';
import { toolsIn } from '../tool-definitions.ts';
import { quote } from './words.ts';
import { whole } from './parameters.ts';
import type { Call, Contents, Detector, Found, Inquiry } from './types.ts';

export const invalidCall: Detector = {
  id: 'invalid-call',
  title: 'Schema-invalid call',
  definition:
    'A tool was called with arguments that its recorded schema does not allow: a required field is missing, a field is not known where no others are allowed, a value has the wrong type, is none of those listed or breaks another rule of the schema; or the arguments are broken JSON; or the tool’s own error says that the arguments or the tool’s name were invalid. Where several schemas of one tool are recorded, one that fits is enough. Schemas are checked at their first level and in nested objects up to `depth`.',
  parameters: { depth: whole(4, 1, 20, 'Levels of a schema that are checked') },
  weight: 4,
  detect(inquiry, parameter) {
    const schemas = readSchemas(inquiry.contents);
    return inquiry.calls.flatMap((call): Found[] => {
      const args = inquiry.args(call);
      const problem =
        broken(call, args) ?? misfit(schemas.get(call.tool), args, parameter('depth')) ?? refusal(inquiry, call);
      if (problem === null) return [];
      return [
        {
          severity: call.failed ? 'high' : 'medium',
          spans: call.asker >= 0 ? [call.span, call.asker] : [call.span],
          agent: call.agent,
          reason: `${call.agent ?? 'The agent'} called ${call.tool} with arguments that it does not take: ${problem}.`,
          evidence: [quote(inquiry.text(call.span, 'input'))],
        },
      ];
    });
  },
};

function broken(call: Call, args: Json): string | null {
  return !call.speaks && typeof args === 'string' && /^\s*\{\s*"/.test(args) ? 'they are broken JSON' : null;
}

const REFUSED =
  /validation error|invalid (?:arguments?|parameters?|input|json)\b|missing \d* ?required|required (?:argument|parameter|property|field)|unexpected keyword argument|unknown (?:tool|function|argument|parameter)|no such tool|tool [\"'`]?[\w.:/-]{1,60}[\"'`]? (?:was |is |could |does )?not (?:be )?(?:found|exist)|does not match schema|is not a valid tool|argument of type|got an unexpected/i;

function refusal(inquiry: Inquiry, call: Call): string | null {
  if (!call.failed || call.speaks) return null;
  const why = `${inquiry.errorText(call.span)} ${inquiry.text(call.span, 'output').slice(0, 600)}`.trim();
  return REFUSED.test(why) ? quote(why, 100) : null;
}

function readSchemas({ toolDefinitions }: Contents): Map<string, JsonObject[]> {
  const schemas = new Map<string, JsonObject[]>();
  for (const list of toolDefinitions) {
    for (const { name, schema } of toolsIn(list)) {
      if (!isJsonObject(schema)) continue;
      const known = schemas.get(name);
      if (!known) schemas.set(name, [schema]);
      else if (known.length < 20) known.push(schema);
    }
  }
  return schemas;
}

function misfit(schemas: readonly JsonObject[] | undefined, args: Json, depth: number): string | null {
  if (!schemas || !isJsonObject(args)) return null;
  let problem: string | null = null;
  for (const schema of schemas) {
    const found = checkSchema(schema, args).problems.find(({ path }) => path.length <= depth);
    if (!found) return null;
    const place = found.path.length === 0 ? 'the arguments' : `"${quote(found.path.join('.'), 60)}"`;
    problem ??= `${place} ${found.message}`;
  }
  return problem;
}
