/** Terms that are added to a query by choosing, so that nobody has to know how they are written. */

export function term(field: string, value: string): string {
  return /^[^\s"\\]+$/.test(value) ? `${field}:${value}` : `${field}:"${value.replace(/(["\\])/g, '\\$1')}"`;
}

/** Once. */
export function withTerm(query: string, added: string): string {
  const trimmed = query.trim();
  if (` ${trimmed} `.includes(` ${added} `)) return trimmed;
  return trimmed === '' ? added : `${trimmed} ${added}`;
}

/** The date of a term such as `since:2026-01-31`; '' = there is none. */
export function dateOf(query: string, field: 'since' | 'until'): string {
  return new RegExp(`(?:^|\\s)${field}:(\\d{4}-\\d{2}-\\d{2})(?=\\s|$)`).exec(query)?.[1] ?? '';
}

/** `date` '' takes the term away. */
export function withDate(query: string, field: 'since' | 'until', date: string): string {
  const rest = query
    .replace(new RegExp(`(^|\\s)${field}:\\S+(?=\\s|$)`, 'g'), '$1')
    .replace(/\s+/g, ' ')
    .trim();
  return date === '' ? rest : withTerm(rest, `${field}:${date}`);
}
