/**
 * The text of a JSON value with its keys in order, so that equal values have equal texts. Members without a value are left
 * out, as JSON does.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) {
    let text = '[';
    for (const [index, each] of (value as readonly unknown[]).entries())
      text += (index === 0 ? '' : ',') + (each === undefined ? 'null' : canonicalJson(each));
    return `${text}]`;
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = value as Readonly<Record<string, unknown>>;
  let text = '{';
  for (const key of Object.keys(members).sort()) {
    const member = members[key];
    if (member !== undefined) text += `${text === '{' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(member)}`;
  }
  return `${text}}`;
}
