/** What a person may do to the scale of a score schema; pure. */
import type { ScoreSchema } from '#shared/taxonomy.ts';

export type Scale = ScoreSchema['scale'];
export type ScaleType = Scale['type'];
type Options = Extract<Scale, { type: 'categorical' }>['options'];
type Items = Extract<Scale, { type: 'rubric' }>['items'];

export const SCALES: readonly { readonly type: ScaleType; readonly title: string }[] = [
  { type: 'numeric', title: 'A number between bounds' },
  { type: 'categorical', title: 'One of several options' },
  { type: 'boolean', title: 'Yes or no' },
  { type: 'rubric', title: 'A rubric of yes or no questions' },
];

/** A scale of this kind to begin with. */
export function freshScale(type: ScaleType): Scale {
  switch (type) {
    case 'numeric':
      return { type, min: 1, max: 5, step: 1 };
    case 'categorical':
      return {
        type,
        options: [
          { value: 1, title: 'Good' },
          { value: 0, title: 'Bad' },
        ],
      };
    case 'boolean':
      return { type };
    case 'rubric':
      return { type, items: [{ id: 'first', text: 'Is it as it should be?' }] };
  }
}

/** "1 to 5", "3 options", "yes or no", "4 questions". */
export function scaleWords(scale: Scale): string {
  switch (scale.type) {
    case 'numeric':
      return `${scale.min} to ${scale.max}`;
    case 'categorical':
      return `${scale.options.length} options`;
    case 'boolean':
      return 'yes or no';
    case 'rubric':
      return scale.items.length === 1 ? '1 question' : `${scale.items.length} questions`;
  }
}

/** A name that no other option has, and the next lower value. */
export function withOption(options: Options): Options {
  const titles = new Set(options.map(({ title }) => title.toLowerCase()));
  let n = options.length + 1;
  while (titles.has(`option ${n}`)) n++;
  const least = Math.min(...options.map(({ value }) => value));
  return [...options, { value: Number.isFinite(least) ? least - 1 : 0, title: `Option ${n}` }];
}

/** The id stays when its text is edited: answers that were given name it. */
export function withItem(items: Items): Items {
  const ids = new Set(items.map(({ id }) => id.toLowerCase()));
  let n = items.length + 1;
  while (ids.has(`q${n}`)) n++;
  return [...items, { id: `q${n}`, text: `Question ${n}?` }];
}

export function changedAt<T>(list: readonly T[], at: number, change: Partial<T>): readonly T[] {
  return list.map((each, index) => (index === at ? { ...each, ...change } : each));
}

export function withoutAt<T>(list: readonly T[], at: number): readonly T[] {
  return list.filter((_, index) => index !== at);
}

/** Null when the text is no number; a comma counts as a point. */
export function numberIn(text: string): number | null {
  const value = Number(text.trim().replace(',', '.'));
  return text.trim() !== '' && Number.isFinite(value) ? value : null;
}
