/** Which control a JSON schema asks for. Pure: the components beside this file draw it. */
import type { Json, JsonObject } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import { checkSchema } from '#shared/schema/schema-check.ts';

export type Option = { readonly value: Json; readonly label: string };
export type Alternative = { readonly label: string; readonly schema: JsonObject };

export type Control =
  | { readonly kind: 'choice'; readonly options: readonly Option[] }
  | { readonly kind: 'switch' }
  | { readonly kind: 'number'; readonly integer: boolean; readonly min: number | null; readonly max: number | null }
  /** `grows` = may be several lines, and may hold template paths. */
  | { readonly kind: 'text'; readonly grows: boolean; readonly known: readonly string[] }
  | { readonly kind: 'list'; readonly item: JsonObject }
  | { readonly kind: 'object'; readonly fields: readonly Field[]; readonly open: JsonObject | null }
  | { readonly kind: 'either'; readonly alternatives: readonly Alternative[]; readonly chosen: number }
  | { readonly kind: 'json' };

export type Field = {
  readonly key: string;
  readonly schema: JsonObject;
  readonly title: string;
  readonly about: string;
  readonly required: boolean;
};

const DEEPEST = 20;
/** Short texts on one line. */
const LINE = new Set(['line', 'regex', 'model', 'id']);

export function controlOf(schema: JsonObject, value: Json | undefined, depth = 0): Control {
  if (depth > DEEPEST) return { kind: 'json' };
  const alternatives = alternativesOf(schema);
  if (alternatives) {
    const options = optionsOf(alternatives);
    if (options) return { kind: 'choice', options };
    const real = alternatives.filter((each) => each.type !== 'null');
    const [only] = real;
    if (real.length === 1 && only) return controlOf({ ...only, title: schema.title ?? '' }, value, depth + 1);
    return { kind: 'either', alternatives: real.map(named), chosen: chosenOf(real, value) };
  }
  if (Array.isArray(schema.enum)) {
    const values = (schema.enum as readonly Json[]).filter((each) => each !== null);
    return { kind: 'choice', options: values.map((each) => ({ value: each, label: plain(each) })) };
  }
  switch (typeOf(schema, value)) {
    case 'boolean':
      return { kind: 'switch' };
    case 'integer':
    case 'number':
      return {
        kind: 'number',
        integer: typeOf(schema, value) === 'integer',
        min: numberOr(schema.minimum ?? schema.exclusiveMinimum),
        max: numberOr(schema.maximum ?? schema.exclusiveMaximum),
      };
    case 'string': {
      const { format, examples } = schema;
      const known = Array.isArray(examples) ? examples.filter((each): each is string => typeof each === 'string') : [];
      return { kind: 'text', grows: known.length === 0 && !(typeof format === 'string' && LINE.has(format)), known };
    }
    case 'array':
      return { kind: 'list', item: isJsonObject(schema.items) ? schema.items : {} };
    case 'object':
      return objectControl(schema);
    case null:
    default:
      return { kind: 'json' };
  }
}

function objectControl(schema: JsonObject): Control {
  const fields = fieldsOf(schema);
  const { additionalProperties: more } = schema;
  const open = isJsonObject(more) ? more : null;
  if (fields.length === 0 && open === null) return { kind: 'json' };
  return { kind: 'object', fields, open };
}

export function fieldsOf({ properties, required }: JsonObject): readonly Field[] {
  if (!isJsonObject(properties)) return [];
  const must = Array.isArray(required) ? (required as readonly Json[]) : [];
  return Object.entries(properties).flatMap(([key, schema]): Field[] => {
    const own = isJsonObject(schema) ? schema : {};
    if (own.const !== undefined) return [];
    const about = typeof own.description === 'string' ? own.description : '';
    return [{ key, schema: own, title: titleOf(key, own), about, required: must.includes(key) }];
  });
}

function titleOf(key: string, { title }: JsonObject): string {
  if (typeof title === 'string' && title !== '') return title;
  const words = key.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function alternativesOf({ anyOf, oneOf }: JsonObject): readonly JsonObject[] | null {
  const list = Array.isArray(anyOf) ? anyOf : Array.isArray(oneOf) ? oneOf : null;
  return list === null || list.length === 0 ? null : (list as readonly Json[]).filter(isJsonObject);
}

/** Of alternatives that are one value each, such as `{const, title}`. */
function optionsOf(alternatives: readonly JsonObject[]): readonly Option[] | null {
  const values = alternatives.filter((each) => each.type !== 'null');
  if (!values.every((each) => each.const !== undefined)) return null;
  return values.map(({ const: value = null, title }) => ({
    value,
    label: typeof title === 'string' ? title : plain(value),
  }));
}

/** The first that the value fits, else the first of its type, else the first. */
function chosenOf(alternatives: readonly JsonObject[], value: Json | undefined): number {
  if (value === undefined) return 0;
  const fits = alternatives.findIndex((each) => checkSchema(each, value).problems.length === 0);
  if (fits >= 0) return fits;
  return Math.max(
    0,
    alternatives.findIndex((each) => each.type === jsonType(value)),
  );
}

function named(schema: JsonObject): Alternative {
  const { title, type } = schema;
  if (typeof title === 'string' && title !== '') return { label: title, schema };
  const words: Readonly<Record<string, string>> = { string: 'text', array: 'list', object: 'fields' };
  return { label: typeof type === 'string' ? (words[type] ?? type) : 'JSON', schema };
}

function typeOf({ type, properties, items }: JsonObject, value: Json | undefined): string | null {
  if (typeof type === 'string') return type;
  if (Array.isArray(type)) {
    const types = (type as readonly Json[]).filter((each): each is string => typeof each === 'string');
    const own = value === undefined || value === null ? undefined : jsonType(value);
    if (own !== undefined && types.includes(own)) return own;
    return types.find((each) => each !== 'null') ?? null;
  }
  if (isJsonObject(properties)) return 'object';
  if (items !== undefined) return 'array';
  // Anything may stand there: what does is edited as what it is.
  return typeof value === 'string' ? 'string' : null;
}

function jsonType(value: Json): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
}

function plain(value: Json): string {
  return typeof value === 'string' ? value.replaceAll('_', ' ') : JSON.stringify(value);
}

function numberOr(value: Json | undefined): number | null {
  return typeof value === 'number' ? value : null;
}

/** What a new item, or a field that is switched on, holds at first. */
export function blankOf(schema: JsonObject, depth = 0): Json {
  if (schema.default !== undefined) return schema.default;
  if (schema.const !== undefined) return schema.const;
  if (Array.isArray(schema.enum)) return (schema.enum as readonly Json[])[0] ?? null;
  if (depth > DEEPEST) return null;
  const [first] = alternativesOf(schema) ?? [];
  if (first) return blankOf(first, depth + 1);
  switch (typeOf(schema, undefined)) {
    case 'boolean':
      return false;
    case 'integer':
    case 'number':
      return numberOr(schema.minimum) ?? 0;
    case 'string':
      return '';
    case 'array':
      return [];
    case 'object': {
      const inner = isJsonObject(schema.properties) ? schema.properties : {};
      const must = Array.isArray(schema.required) ? (schema.required as readonly Json[]) : [];
      return Object.fromEntries(
        Object.entries(inner)
          .filter(([key]) => must.includes(key))
          .map(([key, own]): [string, Json] => [key, isJsonObject(own) ? blankOf(own, depth + 1) : null]),
      );
    }
    case null:
    default:
      return null;
  }
}
