/** Changes of a taxonomy as pure functions. Annotations are never touched: what was merged or renamed is counted anew. */
import { folded, type Taxonomy, type TaxonomyCategory } from '#shared/taxonomy.ts';

export type CategoryRow = { readonly category: TaxonomyCategory; readonly depth: number; readonly leaf: boolean };

type Categories = readonly TaxonomyCategory[];

/** As a tree, each under its parent, siblings in their order. */
export function treeRows(categories: Categories): readonly CategoryRow[] {
  const children = new Map<string | null, TaxonomyCategory[]>();
  for (const each of categories) {
    const known = children.get(each.parent);
    if (known) known.push(each);
    else children.set(each.parent, [each]);
  }
  const rows: CategoryRow[] = [];
  const waiting = (children.get(null) ?? []).map((category) => ({ category, depth: 0 })).reverse();
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const below = children.get(next.category.code) ?? [];
    rows.push({ ...next, leaf: below.length === 0 });
    for (const category of [...below].reverse()) waiting.push({ category, depth: next.depth + 1 });
  }
  return rows;
}

/** A code for a title that no category has: "Lost order" becomes "lost-order". */
export function codeFor(title: string, categories: Categories): string {
  const words = title.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const base = [...words.join('-')].slice(0, 60).join('') || 'category';
  const taken = new Set(categories.flatMap(({ code, title: each, aliases }) => [code, each, ...aliases].map(folded)));
  // A title that says the same as its code is one spelling, not two.
  taken.delete(folded(title));
  for (let n = 1; ; n++) {
    const code = n === 1 ? base : `${base}-${n}`;
    if (!taken.has(code)) return code;
  }
}

/** At the end of its siblings, where it is in the list. */
export function addCategory(taxonomy: Taxonomy, title: string, parent: string | null): [Taxonomy, string] {
  const code = codeFor(title, taxonomy.categories);
  const added = { code, title, definition: '', parent, aliases: [], retired: false };
  return [{ ...taxonomy, categories: [...taxonomy.categories, added] }, code];
}

export function changeCategory(
  taxonomy: Taxonomy,
  code: string,
  change: Partial<Omit<TaxonomyCategory, 'code'>>,
): Taxonomy {
  return {
    ...taxonomy,
    categories: taxonomy.categories.map((each) => (each.code === code ? { ...each, ...change } : each)),
  };
}

/** The title of before stays an alias, as labels may have been written with it; the new one need be none any more. */
export function renameCategory(taxonomy: Taxonomy, code: string, title: string): Taxonomy {
  const category = taxonomy.categories.find((each) => each.code === code);
  if (!category || category.title === title) return taxonomy;
  const kept = category.aliases.filter((alias) => folded(alias) !== folded(title));
  const isSaid = [code, title, ...kept].some((name) => folded(name) === folded(category.title));
  return changeCategory(taxonomy, code, { title, aliases: isSaid ? kept : [...kept, category.title] });
}

/** Among its siblings; the same taxonomy where it is at the end already. */
export function moveCategory(taxonomy: Taxonomy, code: string, by: -1 | 1): Taxonomy {
  const { categories } = taxonomy;
  const moved = categories.find((each) => each.code === code);
  const siblings = categories.filter(({ parent }) => parent === moved?.parent);
  const other = siblings[siblings.findIndex((each) => each.code === code) + by];
  if (!moved || !other) return taxonomy;
  return {
    ...taxonomy,
    categories: categories.map((each) => (each === moved ? other : each === other ? moved : each)),
  };
}

/** Where it may be put: anywhere but under itself. */
export function possibleParents(categories: Categories, code: string): readonly TaxonomyCategory[] {
  const below = new Set([code]);
  for (const { category } of treeRows(categories)) {
    if (category.parent !== null && below.has(category.parent)) below.add(category.code);
  }
  return categories.filter((each) => !below.has(each.code));
}

/** `from` is retired, and its labels count as `into`, which takes over its names and what stood under it. */
export function mergeCategory(taxonomy: Taxonomy, from: string, into: string): Taxonomy {
  const source = taxonomy.categories.find(({ code }) => code === from);
  const target = taxonomy.categories.find(({ code }) => code === into);
  if (!source || !target || source === target) return taxonomy;
  const known = new Set([target.code, target.title, ...target.aliases].map(folded));
  const taken = [source.code, source.title, ...source.aliases].filter((name) => {
    const isNew = !known.has(folded(name));
    known.add(folded(name));
    return isNew;
  });
  // What stood under the source would stand above itself if the target is among it.
  const isBelow = !possibleParents(taxonomy.categories, from).includes(target);
  return {
    ...taxonomy,
    categories: taxonomy.categories.map((each): TaxonomyCategory => {
      if (each.code === from) return { ...each, aliases: [], retired: true };
      if (each.code === into)
        return { ...each, aliases: [...each.aliases, ...taken], parent: isBelow ? source.parent : each.parent };
      return each.parent === from ? { ...each, parent: into } : each;
    }),
  };
}

/** The category that took over the labels of a retired one. */
export function mergedInto(categories: Categories, { code, retired }: TaxonomyCategory): TaxonomyCategory | null {
  if (!retired) return null;
  return categories.find(({ aliases }) => aliases.some((alias) => folded(alias) === folded(code))) ?? null;
}

/** What stood under it moves up. */
export function removeCategory(taxonomy: Taxonomy, code: string): Taxonomy {
  const parent = taxonomy.categories.find((each) => each.code === code)?.parent ?? null;
  return {
    ...taxonomy,
    categories: taxonomy.categories
      .filter((each) => each.code !== code)
      .map((each) => (each.parent === code ? { ...each, parent } : each)),
  };
}

/** An id for a title that no taxonomy has. */
export function taxonomyId(title: string, taken: readonly string[]): string {
  const words = title.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const base = [...words.join('-')].slice(0, 60).join('') || 'taxonomy';
  for (let n = 1; ; n++) {
    const id = n === 1 ? base : `${base}-${n}`;
    if (!taken.includes(id)) return id;
  }
}

/** What the second has that the first has not, in sentences. */
export function changesBetween(before: Taxonomy | null, after: Taxonomy | null): readonly string[] {
  if (after === null) return ['Removed.'];
  if (before === null) return [`Begun with ${after.categories.length} categories.`];
  const old = new Map(before.categories.map((each) => [each.code, each]));
  const now = new Map(after.categories.map((each) => [each.code, each]));
  const said: string[] = [];
  if (before.title !== after.title) said.push(`Title: “${before.title}” became “${after.title}”.`);
  if (before.about !== after.about) said.push('Its description was changed.');
  for (const each of after.categories) {
    const was = old.get(each.code);
    if (!was) {
      said.push(`Added “${each.title}”.`);
      continue;
    }
    if (was.title !== each.title) said.push(`“${was.title}” is now called “${each.title}”.`);
    if (was.definition !== each.definition) said.push(`“${each.title}” is defined anew.`);
    if (was.parent !== each.parent) {
      const parent = each.parent === null ? null : (now.get(each.parent)?.title ?? each.parent);
      said.push(parent === null ? `“${each.title}” is at the top.` : `“${each.title}” is under “${parent}”.`);
    }
    const added = each.aliases.filter((alias) => !was.aliases.includes(alias));
    const gone = was.aliases.filter((alias) => !each.aliases.includes(alias));
    if (added.length > 0) said.push(`“${each.title}” also counts ${quoted(added)}.`);
    if (gone.length > 0) said.push(`“${each.title}” no longer counts ${quoted(gone)}.`);
    if (was.retired !== each.retired) said.push(`“${each.title}” is ${each.retired ? 'retired' : 'offered again'}.`);
  }
  for (const each of before.categories) if (!now.has(each.code)) said.push(`“${each.title}” was taken out.`);
  const order = (of: Categories, in_: ReadonlyMap<string, unknown>): string =>
    JSON.stringify(of.flatMap(({ code }) => (in_.has(code) ? [code] : [])));
  if (order(before.categories, now) !== order(after.categories, old)) said.push('The order was changed.');
  return said;
}

function quoted(names: readonly string[]): string {
  const shown = names.slice(0, 5).map((name) => `“${name}”`);
  return names.length > 5 ? `${shown.join(', ')} and ${names.length - 5} more` : shown.join(', ');
}
