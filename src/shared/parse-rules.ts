/** Reads rules from outside: a window, a setting, a hand. Every error names the rule and the field, and says what it takes. */
import type { AppError, Result } from './result.ts';
import { fail, ok } from './result.ts';
import { SPAN_KINDS } from './record.ts';
import type { AttributeMatch, Rule, RuleMatch, RuleSet } from './rules.ts';

export const MAX_RULES = 200;
const MAX_ATTRIBUTES = 20;
const MAX_TEXT = 1_000;

class Wrong extends Error {}

export function parseRules(value: unknown): Result<readonly Rule[], AppError> {
  try {
    if (!Array.isArray(value)) throw new Wrong('Rules must be a list.');
    if (value.length > MAX_RULES) throw new Wrong(`There are ${value.length} rules; at most ${MAX_RULES} are applied.`);
    const rules = value.map(readRule);
    const ids = new Set<string>();
    for (const { id } of rules) {
      if (ids.has(id)) throw new Wrong(`Two rules have the id "${id}".`);
      ids.add(id);
    }
    return ok(rules);
  } catch (cause) {
    if (cause instanceof Wrong) return fail({ code: 'bad_request', message: cause.message });
    throw cause;
  }
}

/** One sentence about what keeps this rule from being used, or null. */
export function problemOf(rule: Rule): string | null {
  const parsed = parseRules([rule]);
  return parsed.ok ? null : parsed.error.message.replace(/^Rule 1(?: \(.*?\))?: /, '');
}

function readRule(value: unknown, index: number): Rule {
  const where = `Rule ${index + 1}`;
  const given = object(value, where);
  const label = text(given, 'label', where) ?? '';
  const named = label === '' ? where : `${where} ("${label.slice(0, 60)}")`;
  const id = text(given, 'id', named) ?? '';
  if (id === '' || id.length > 100) throw new Wrong(`${named}: it needs an id of at most 100 characters.`);
  const enabled = own(given, 'enabled') ?? true;
  if (typeof enabled !== 'boolean') throw new Wrong(`${named}: "enabled" must be true or false.`);
  const match = readMatch(own(given, 'match'), named);
  const set = readSet(own(given, 'set'), named);
  if (Object.keys(match).length === 0)
    throw new Wrong(`${named}: it says nothing about which spans it is for. Give a name, scope, dialect or attribute.`);
  if (Object.keys(set).length === 0)
    throw new Wrong(`${named}: it changes nothing. Give a kind, agent, tool, session or edge.`);
  return { id, enabled, label, match, set };
}

function readMatch(value: unknown, where: string): RuleMatch {
  const given = object(value ?? {}, `${where}: "match"`);
  const attributes = own(given, 'attributes') ?? [];
  if (!Array.isArray(attributes) || attributes.length > MAX_ATTRIBUTES)
    throw new Wrong(`${where}: "attributes" must be a list of at most ${MAX_ATTRIBUTES}.`);
  const read = attributes.map((each): AttributeMatch => {
    const attribute = object(each, `${where}: an attribute`);
    const key = text(attribute, 'key', where);
    if (key === undefined || key === '') throw new Wrong(`${where}: an attribute needs a key.`);
    const wanted = text(attribute, 'value', where);
    return { key, ...(wanted === undefined ? {} : { value: wanted }) };
  });
  return {
    ...some('scope', text(given, 'scope', where)),
    ...some('name', text(given, 'name', where)),
    ...some('dialect', text(given, 'dialect', where)),
    ...(read.length === 0 ? {} : { attributes: read }),
  };
}

function readSet(value: unknown, where: string): RuleSet {
  const given = object(value ?? {}, `${where}: "set"`);
  const kind = own(given, 'kind');
  const known = SPAN_KINDS.find((each) => each === kind);
  if (kind !== undefined && known === undefined)
    throw new Wrong(`${where}: "kind" must be one of ${SPAN_KINDS.join(', ')}.`);
  const edge = own(given, 'handoff');
  const handoff = edge === undefined ? undefined : object(edge, `${where}: "handoff"`);
  const from = handoff && text(handoff, 'from', where);
  const to = handoff && text(handoff, 'to', where);
  return {
    ...(known === undefined ? {} : { kind: known }),
    ...some('agent', text(given, 'agent', where)),
    ...some('tool', text(given, 'tool', where)),
    ...some('session', text(given, 'session', where)),
    ...(from || to ? { handoff: { ...some('from', from), ...some('to', to) } } : {}),
  };
}

/** An empty text says nothing. */
function some<K extends string>(key: K, value: string | undefined): { readonly [P in K]?: string } {
  return (value === undefined || value === '' ? {} : { [key]: value }) as { readonly [P in K]?: string };
}

function text(given: object, key: string, where: string): string | undefined {
  const value = own(given, key);
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw new Wrong(`${where}: "${key}" must be a text.`);
  if (value.length > MAX_TEXT) throw new Wrong(`${where}: "${key}" has over ${MAX_TEXT} characters.`);
  return value;
}

function object(value: unknown, where: string): object {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Wrong(`${where} must be an object.`);
  return value;
}

function own(given: object, key: string): unknown {
  return Object.hasOwn(given, key) ? (given as Readonly<Record<string, unknown>>)[key] : undefined;
}
