/** Names and texts of traces as parts of a definition. Braces that stood in them are no path. */

const LONGEST_NAME = 80;

export function short(text: string, most = LONGEST_NAME): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const characters = Array.from(line.slice(0, most * 2 + 2));
  return characters.length > most ? `${characters.slice(0, most).join('')}…` : line;
}

/** To its bound, and up to the first braces. */
export function literal(text: string, most: number): string {
  const cut = text.slice(0, most).split('{{')[0] ?? '';
  // Half of a pair of surrogates is no text.
  return cut.replace(/[\ud800-\udbff]$/, '');
}

/** The first line that says something, at the end of a word. */
export function beginning(text: string, most = 120): string {
  const line =
    text
      .slice(0, 10_000)
      .split('\n')
      .map((each) => each.trim())
      .find((each) => each !== '' && !each.startsWith('{{')) ?? '';
  const cut = literal(line, most).trim();
  if (line.length <= most) return cut;
  const space = cut.lastIndexOf(' ');
  return space > most / 2 ? cut.slice(0, space) : cut;
}

/** Readable text of braces, for prose that is not to be filled in. */
export function withoutPaths(text: string): string {
  return text.replaceAll('{{', '{ {').replaceAll('}}', '} }');
}
