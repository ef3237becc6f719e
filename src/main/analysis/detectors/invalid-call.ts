import type { Json, JsonObject } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import { quote } from './words.ts';
import type { Call, Contents, Detector, Found, Inquiry } from './types.ts';

export const invalidCall: Detector = {
  id: 'invalid-call',
  title: 'Schema-invalid call',
  definition:
    'A tool was called with arguments that its recorded schema does not allow: a required field is missing, a field is not known where no others are allowed, a value has the wrong type or is none of those listed; or the arguments are broken JSON; or the tool’s own error says that the arguments or the tool’s name were invalid. Where several schemas of one tool are recorded, one that fits is enough. Schemas are checked at their first level and in nested objects up to `depth`.',
  parameters: { depth: 4 },
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
  /validation error|invalid (?:arguments?|parameters?|input|json)\b|missing \d* ?required|required (?:argument|parameter|property|field)|unexpected keyword argument|unknown (?:tool|function|argument|parameter)|no such tool|tool .{1,60} not found|does not match schema|is not a valid tool|argument of type|got an unexpected/i;

function refusal(inquiry: Inquiry, call: Call): string | null {
  if (!call.failed || call.speaks) return null;
  const why = `${inquiry.errorText(call.span)} ${inquiry.text(call.span, 'output').slice(0, 600)}`.trim();
  return REFUSED.test(why) ? quote(why, 100) : null;
}

function readSchemas({ toolDefinitions }: Contents): Map<string, JsonObject[]> {
  const schemas = new Map<string, JsonObject[]>();
  for (const list of toolDefinitions) {
    for (const each of Array.isArray(list) ? (list as readonly Json[]) : [list]) {
      const definition = typeof each === 'string' ? objectIn(each) : each;
      if (!isJsonObject(definition)) continue;
      const inner = isJsonObject(definition.function) ? definition.function : definition;
      const schema = inner.parameters ?? inner.input_schema ?? inner.inputSchema;
      if (typeof inner.name !== 'string' || !isJsonObject(schema)) continue;
      const known = schemas.get(inner.name);
      if (!known) schemas.set(inner.name, [schema]);
      else if (known.length < 20) known.push(schema);
    }
  }
  return schemas;
}

function objectIn(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}

function misfit(schemas: readonly JsonObject[] | undefined, args: Json, depth: number): string | null {
  if (!schemas || !isJsonObject(args)) return null;
  let problem: string | null = null;
  for (const schema of schemas) {
    const found = check(schema, args, 'the arguments', depth);
    if (found === null) return null;
    problem ??= found;
  }
  return problem;
}

/** Only what is plain: references and combinations of schemas allow everything. */
function check(schema: JsonObject, value: Json, name: string, depth: number): string | null {
  if (depth <= 0 || ['$ref', 'anyOf', 'oneOf', 'allOf', 'not'].some((key) => schema[key] !== undefined)) return null;
  const types = typeof schema.type === 'string' ? [schema.type] : Array.isArray(schema.type) ? schema.type : [];
  if (
    types.length > 0 &&
    !types.some((type) => typeof type !== 'string' || fits(type, value)) &&
    !(value === null && schema.nullable === true)
  )
    return `${name} should be ${types.join(' or ')}`;
  if (Array.isArray(schema.enum) && !(schema.enum as readonly Json[]).some((one) => one === value))
    return `${quote(JSON.stringify(value), 40)} is none of the values that ${name} may have`;
  if (!isJsonObject(value)) return null;
  const properties = isJsonObject(schema.properties) ? schema.properties : null;
  for (const key of Array.isArray(schema.required) ? (schema.required as readonly Json[]) : []) {
    if (typeof key === 'string' && !Object.hasOwn(value, key)) return `"${quote(key, 60)}" is missing`;
  }
  for (const [key, each] of Object.entries(value)) {
    const inner = properties && Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (inner === undefined && properties && schema.additionalProperties === false)
      return `"${quote(key, 60)}" is not known`;
    if (!isJsonObject(inner)) continue;
    const found = check(inner, each, `"${quote(key, 60)}"`, depth - 1);
    if (found !== null) return found;
  }
  return null;
}

function fits(type: string, value: Json): boolean {
  switch (type) {
    case 'object':
      return isJsonObject(value);
    case 'array':
      return Array.isArray(value);
    case 'string':
      return typeof value === 'string';
    case 'number':
      return typeof value === 'number';
    case 'integer':
      return Number.isInteger(value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'null':
      return value === null;
    default:
      return true;
  }
}
