import { fieldTerm } from '#shared/query.ts';
import { go } from '../../state/place.ts';

/** The traces that carry a label; aliases count there too. */
export function openLabelled(code: string): void {
  go({ view: 'traces', q: fieldTerm('label', code) });
}

export function counted(count: number, what: string): string {
  const many = what.endsWith('y') ? `${what.slice(0, -1)}ies` : `${what}s`;
  return `${count.toLocaleString('en-GB')} ${count === 1 ? what : many}`;
}
