/** What a picture shows of the annotations at one of its places. */
export type NoteMark = {
  readonly count: number;
  /** One of them names a root cause. */
  readonly root: boolean;
  /** The first few, in words. */
  readonly said: readonly string[];
};

const MOST = 99;

/** A sentence to be spoken after the name of the place; '' without annotations. */
export function noteWords(mark: NoteMark | null | undefined): string {
  if (!mark) return '';
  const count = mark.count === 1 ? 'One annotation' : `${mark.count} annotations`;
  return ` ${count}${mark.root ? ', a root cause' : ''}.`;
}

export function noteTitle({ said, count }: NoteMark): string {
  return [...said, ...(count > said.length ? [`and ${count - said.length} more`] : [])].join('\n');
}

export function noteCount({ count }: NoteMark): string {
  return count === 1 ? '' : count > MOST ? `${MOST}+` : String(count);
}
