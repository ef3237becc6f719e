/** Reads a taxonomy or a score schema that a file or another process sends: one sentence says what is wrong with it. */
import { isJsonObject, type Json, type JsonObject } from './json.ts';
import { fail, ok, type Result } from './result.ts';
import { folded, type ScoreSchema, type Taxonomy, type TaxonomyCategory } from './taxonomy.ts';

/** Marks a file that holds one taxonomy. */
const TAXONOMY_FILE = 'tracewright taxonomy';

const MAX_CATEGORIES = 500;
const MAX_ALIASES = 200;
const MAX_NAME = 200;
const MAX_TEXT = 10_000;
const MAX_OPTIONS = 100;

class Wrong extends Error {}

/** `version` and `preset` are the store's to say; what is sent of them does not count. */
export function parseTaxonomy(value: unknown): Result<Taxonomy> {
  return reading('taxonomy', () => readTaxonomy(objectOf(value)));
}

export function parseScoreSchema(value: unknown): Result<ScoreSchema> {
  return reading('score schema', () => readSchema(objectOf(value)));
}

/** The text of a file: one of ours, or a list of codes as AdaMAST has it. */
export function parseTaxonomyFile(text: string): Result<Taxonomy> {
  return reading('taxonomy file', () => {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      throw new Wrong('it is not JSON');
    }
    const file = objectOf(value);
    return readTaxonomy(Array.isArray(file.codes) && file.categories === undefined ? fromCodes(file) : file);
  });
}

/** The text of a file that `parseTaxonomyFile` reads. */
export function writeTaxonomyFile({ preset: _, ...taxonomy }: Taxonomy): string {
  return `${JSON.stringify({ kind: TAXONOMY_FILE, ...taxonomy }, null, 2)}\n`;
}

function reading<T>(what: string, read: () => T): Result<T> {
  try {
    return ok(read());
  } catch (cause) {
    if (!(cause instanceof Wrong)) throw cause;
    return fail({
      code: 'bad_request',
      message: `This is no ${what} that can be used: ${cause.message}.`,
      hint: 'Correct it and try again.',
    });
  }
}

function readTaxonomy(value: JsonObject): Taxonomy {
  const given = listOf(value.categories, 'categories', MAX_CATEGORIES);
  const categories = given.map((each, index) => readCategory(each, index));
  checkClaims(categories);
  checkParents(categories);
  return {
    id: idOf(value),
    title: nameOf(value, 'title', 'its title'),
    about: textOf(value, 'about', 'its description'),
    version: wholeOf(value.version),
    preset: false,
    categories,
  };
}

function readCategory(value: Json, index: number): TaxonomyCategory {
  const where = `category ${index + 1}`;
  if (!isJsonObject(value)) throw new Wrong(`${where} is not an object`);
  const code = nameOf(value, 'code', `the code of ${where}`);
  const quoted = `“${shortened(code)}”`;
  const title = value.title === undefined ? code : nameOf(value, 'title', `the title of ${quoted}`);
  const { parent } = value;
  if (parent !== undefined && parent !== null && typeof parent !== 'string')
    throw new Wrong(`the parent of ${quoted} must be a code or null`);
  const aliases = listOf(value.aliases ?? [], `aliases of ${quoted}`, MAX_ALIASES).map((alias) => {
    if (typeof alias !== 'string' || alias.trim() === '' || alias.length > MAX_NAME)
      throw new Wrong(`an alias of ${quoted} must be a text of 1 to ${MAX_NAME} characters`);
    return alias.trim();
  });
  return {
    code,
    title,
    definition: textOf(value, 'definition', `the definition of ${quoted}`),
    parent: parent ?? null,
    aliases,
    retired: value.retired === true,
  };
}

/** What one spelling counts as must be one category. A retired code may be claimed: that is how categories are merged. */
function checkClaims(categories: readonly TaxonomyCategory[]): void {
  const codes = new Map<string, string>();
  for (const { code } of categories) {
    if (codes.has(folded(code))) throw new Wrong(`two categories have the code “${shortened(code)}”`);
    codes.set(folded(code), code);
  }
  const claims = new Map<string, string>();
  const claim = (spelling: string, code: string): void => {
    const other = claims.get(folded(spelling));
    if (other !== undefined && other !== code)
      throw new Wrong(`“${shortened(spelling)}” stands for both “${shortened(other)}” and “${shortened(code)}”`);
    claims.set(folded(spelling), code);
  };
  for (const { code, title, aliases, retired } of categories) {
    for (const alias of aliases) claim(alias, code);
    if (retired) continue;
    claim(code, code);
    claim(title, code);
  }
}

function checkParents(categories: readonly TaxonomyCategory[]): void {
  const parents = new Map(categories.map(({ code, parent }) => [code, parent]));
  /** Codes from which the way up is known to end. */
  const sound = new Set<string>();
  for (const { code } of categories) {
    const way = new Set<string>();
    for (let at: string | null = code; at !== null && !sound.has(at); at = parents.get(at) ?? null) {
      if (!parents.has(at)) throw new Wrong(`the parent “${shortened(at)}” is not among the categories`);
      if (way.has(at)) throw new Wrong(`“${shortened(at)}” is above itself`);
      way.add(at);
    }
    for (const each of way) sound.add(each);
  }
}

function fromCodes(file: JsonObject): JsonObject {
  const codes = listOf(file.codes ?? [], 'codes', MAX_CATEGORIES).map(objectOf);
  const groups = [...new Set(codes.flatMap(({ category }) => (typeof category === 'string' ? [category] : [])))];
  const title = typeof file.title === 'string' ? file.title : (file.taxonomy_id ?? null);
  return {
    id: file.taxonomy_id ?? null,
    title,
    about: typeof file.domain === 'string' ? `Domain: ${file.domain}.` : '',
    categories: [
      ...groups.map((group) => ({ code: group })),
      ...codes.map(({ id, name, description, category }) => ({
        code: id ?? null,
        title: name ?? null,
        definition: description ?? '',
        parent: typeof category === 'string' ? category : null,
      })),
    ],
  };
}

function readSchema(value: JsonObject): ScoreSchema {
  const { direction } = value;
  if (direction !== undefined && direction !== 'maximise' && direction !== 'minimise' && direction !== 'neutral')
    throw new Wrong('its direction must be maximise, minimise or neutral');
  return {
    id: idOf(value),
    title: nameOf(value, 'title', 'its title'),
    about: textOf(value, 'about', 'its description'),
    version: wholeOf(value.version),
    scale: readScale(value.scale),
    direction: direction ?? 'maximise',
  };
}

function readScale(value: Json | undefined): ScoreSchema['scale'] {
  if (!isJsonObject(value)) throw new Wrong('its scale must be an object');
  const type = typeof value.type === 'string' ? value.type : '';
  switch (type) {
    case 'boolean':
      return { type: 'boolean' };
    case 'numeric': {
      const [min, max] = [numberOf(value.min, 'its least value'), numberOf(value.max, 'its greatest value')];
      const step = value.step === undefined ? 1 : numberOf(value.step, 'its step');
      if (max <= min) throw new Wrong('its greatest value must be above its least');
      if (step <= 0 || step > max - min) throw new Wrong('its step must be above 0 and within its bounds');
      return { type: 'numeric', min, max, step };
    }
    case 'categorical': {
      const options = listOf(value.options, 'options', MAX_OPTIONS).map((each, index) => {
        const option = objectOf(each);
        return {
          value: numberOf(option.value, `the value of option ${index + 1}`),
          title: nameOf(option, 'title', `the title of option ${index + 1}`),
        };
      });
      if (options.length < 2) throw new Wrong('it needs two options or more');
      unique(
        options.map(({ title }) => title),
        'options',
      );
      return { type: 'categorical', options };
    }
    case 'rubric': {
      const items = listOf(value.items, 'items', MAX_OPTIONS).map((each, index) => {
        const item = objectOf(each);
        return {
          id: nameOf(item, 'id', `the id of item ${index + 1}`),
          text: nameOf(item, 'text', `the text of item ${index + 1}`, MAX_TEXT),
        };
      });
      if (items.length === 0) throw new Wrong('it needs an item');
      unique(
        items.map(({ id }) => id),
        'items',
      );
      return { type: 'rubric', items };
    }
    default:
      throw new Wrong('its scale must be numeric, categorical, boolean or rubric');
  }
}

function unique(names: readonly string[], what: string): void {
  const twice = names.find((name, index) => names.findIndex((each) => folded(each) === folded(name)) !== index);
  if (twice !== undefined) throw new Wrong(`two ${what} are called “${shortened(twice)}”`);
}

function objectOf(value: unknown): JsonObject {
  if (!isJsonObject(value)) throw new Wrong('it must be an object');
  return value;
}

function listOf(value: Json | undefined, what: string, most: number): readonly Json[] {
  if (!Array.isArray(value)) throw new Wrong(`the ${what} must be a list`);
  if (value.length > most) throw new Wrong(`there may be at most ${most} ${what}`);
  return value as readonly Json[];
}

function idOf(value: JsonObject): string {
  const id = nameOf(value, 'id', 'its id');
  if (/[\s"]/.test(id)) throw new Wrong('its id may hold neither spaces nor quotes');
  return id;
}

/** A text that is not empty, without outer space. */
function nameOf(value: JsonObject, field: string, what: string, most = MAX_NAME): string {
  const found = value[field];
  if (typeof found !== 'string' || found.trim() === '') throw new Wrong(`${what} is missing`);
  if (found.trim().length > most) throw new Wrong(`${what} is longer than ${most} characters`);
  return found.trim();
}

function textOf(value: JsonObject, field: string, what: string): string {
  const found = value[field];
  if (found === undefined || found === null) return '';
  if (typeof found !== 'string') throw new Wrong(`${what} must be a text`);
  if (found.length > MAX_TEXT) throw new Wrong(`${what} is longer than ${MAX_TEXT} characters`);
  return found;
}

function wholeOf(value: Json | undefined): number {
  return Number.isSafeInteger(value) && Number(value) >= 1 ? Number(value) : 1;
}

function numberOf(value: Json | undefined, what: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new Wrong(`${what} must be a number`);
  return value;
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
