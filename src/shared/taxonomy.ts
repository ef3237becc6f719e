/** Sets of failure labels, and schemas of scores: what an annotation's `taxonomy` names. */

export type TaxonomyCategory = {
  /** What annotations name; never changed once used. */
  readonly code: string;
  readonly title: string;
  readonly definition: string;
  /** Code of the category that it is a case of. */
  readonly parent: string | null;
  /** Other spellings, and codes that were merged into it: they count as this one, and stay as they were written. */
  readonly aliases: readonly string[];
  /** No longer offered; old annotations keep it. */
  readonly retired: boolean;
};

export type Taxonomy = {
  readonly id: string;
  readonly title: string;
  /** What it is for, and where it comes from. */
  readonly about: string;
  /** Grows with each edit; earlier ones are kept. */
  readonly version: number;
  /** Ships with the app and was not edited. */
  readonly preset: boolean;
  readonly categories: readonly TaxonomyCategory[];
};

export type ScoreSchema = {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly version: number;
  readonly scale:
    | { readonly type: 'numeric'; readonly min: number; readonly max: number; readonly step: number }
    | { readonly type: 'categorical'; readonly options: readonly { readonly value: number; readonly title: string }[] }
    | { readonly type: 'boolean' }
    /** Yes or no to each; the score is the share of yes among those answered. */
    | { readonly type: 'rubric'; readonly items: readonly { readonly id: string; readonly text: string }[] };
  readonly direction: 'maximise' | 'minimise' | 'neutral';
};

/** The code that a spelling counts as: itself where no category claims it. Letter case and outer space do not count. */
export function countedAs(taxonomy: Pick<Taxonomy, 'categories'>, spelling: string): string {
  return counting(taxonomy)(spelling);
}

/** The same for many spellings. What was merged counts as what it was merged into: an alias goes before a retired code. */
export function counting(taxonomy: Pick<Taxonomy, 'categories'>): (spelling: string) => string {
  const codes = new Map<string, string>();
  function claim(spelling: string, code: string): void {
    const key = folded(spelling);
    if (!codes.has(key)) codes.set(key, code);
  }
  const { categories } = taxonomy;
  for (const { code, retired } of categories) if (!retired) claim(code, code);
  for (const { code, title, retired } of categories) if (!retired) claim(title, code);
  for (const { code, aliases } of categories) for (const alias of aliases) claim(alias, code);
  for (const { code, title } of categories) {
    claim(code, code);
    claim(title, code);
  }
  return (spelling) => codes.get(folded(spelling)) ?? spelling;
}

export function folded(text: string): string {
  return text.trim().toLowerCase();
}

/** What became of a taxonomy, oldest first. */
export type TaxonomyVersion = {
  readonly version: number;
  /** Null for what ships with the app. */
  readonly author: string | null;
  /** Milliseconds since the Unix epoch; null for what ships with the app. */
  readonly madeAt: number | null;
  /** Null = it was removed. */
  readonly taxonomy: Taxonomy | null;
};

export type CategoryUsage = {
  readonly code: string;
  readonly annotations: number;
  readonly traces: number;
  /** As they stand in the data, the most frequent first, at most 20. */
  readonly spellings: readonly { readonly spelling: string; readonly annotations: number }[];
};

/** How often the categories of a taxonomy are used; aliases count together. Those that nobody used are not listed. */
export type TaxonomyUsage = {
  readonly categories: readonly CategoryUsage[];
  /** Spellings that no category claims, the most frequent first, at most 200. */
  readonly unknown: readonly CategoryUsage[];
  readonly unknownCount: number;
};
