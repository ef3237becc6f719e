/**
 * CSV as RFC 4180 has it, read in pieces: quotes with doubled quotes and line breaks inside, CRLF, LF or CR, and `,` `;` or
 * tab between the cells, whichever the first line has most of.
 */

export type CsvRow = { readonly line: number; readonly cells: readonly string[] };

/** Of one cell, and of the cells of one row. */
export type CsvLimits = { readonly row: number; readonly cells: number };

export type CsvParser = {
  /** Rows that are complete; rows of blanks only are left out. */
  readonly push: (text: string) => readonly CsvRow[];
  readonly end: () => readonly CsvRow[];
  /** Set when reading stopped: nothing after it is given. */
  readonly fault: () => { readonly line: number; readonly message: string } | null;
};

export const DELIMITERS = [',', ';', '\t'] as const;

/** Of the first line, quotes left aside. */
export function delimiterOf(head: string): string {
  const counts = new Map<string, number>(DELIMITERS.map((each) => [each, 0]));
  let quoted = false;
  for (const char of head) {
    if (char === '"') quoted = !quoted;
    else if (!quoted && (char === '\n' || char === '\r')) break;
    else if (!quoted && counts.has(char)) counts.set(char, (counts.get(char) ?? 0) + 1);
  }
  return [...counts].reduce((best, each) => (each[1] > best[1] ? each : best))[0];
}

export function createCsvParser(delimiter: string, limits: CsvLimits): CsvParser {
  let cells: string[] = [];
  let cell = '';
  let length = 0;
  let state: 'start' | 'plain' | 'quoted' | 'quote' = 'start';
  let line = 1;
  let rowLine = 1;
  let afterReturn = false;
  let fault: { line: number; message: string } | null = null;

  function endCell(): void {
    cells.push(cell);
    cell = '';
    state = 'start';
    if (cells.length > limits.cells) stop(`It has more than ${limits.cells} columns.`);
  }

  function endRow(out: CsvRow[]): void {
    endCell();
    if (cells.some((each) => each.trim() !== '')) out.push({ line: rowLine, cells });
    cells = [];
    length = 0;
  }

  function stop(message: string): void {
    fault ??= { line: rowLine, message };
  }

  /** As many characters at once as mean nothing here. */
  function run(text: string, at: number): number {
    const special = state === 'quoted' ? QUOTED : delimiter === ',' ? COMMA : delimiter === ';' ? SEMICOLON : TAB;
    special.lastIndex = at;
    const found = special.exec(text);
    return found ? found.index : text.length;
  }

  return {
    push(text) {
      const out: CsvRow[] = [];
      let at = 0;
      while (at < text.length && fault === null) {
        if (state === 'plain' || state === 'quoted') {
          const to = run(text, at);
          if (to > at) {
            cell += text.slice(at, to);
            length += to - at;
            if (length > limits.row)
              stop(
                state === 'quoted'
                  ? 'A quote that opens here is not closed, or the row is too long.'
                  : 'The row is too long.',
              );
            afterReturn = false;
            at = to;
            continue;
          }
        }
        const char = text.charAt(at++);
        const isBreak = char === '\n' || char === '\r';
        // The second half of a line break counts for nothing outside of quotes.
        const isSecond = char === '\n' && afterReturn;
        afterReturn = char === '\r';
        if (state === 'quoted') {
          if (char === '"') state = 'quote';
          else {
            cell += char;
            length++;
            if (isBreak && !isSecond) line++;
          }
          continue;
        }
        if (isSecond) {
          rowLine = line;
          continue;
        }
        if (isBreak) {
          endRow(out);
          line++;
          rowLine = line;
        } else if (char === delimiter) endCell();
        else if (char === '"' && state === 'start') state = 'quoted';
        else if (char === '"' && state === 'quote') {
          cell += '"';
          state = 'quoted';
        } else {
          // What follows a closing quote belongs to the cell, as spreadsheets take it.
          cell += char;
          length++;
          state = 'plain';
        }
      }
      return out;
    },
    end() {
      const out: CsvRow[] = [];
      if (fault !== null) return out;
      if (state === 'quoted') stop('A quote that opens in this row is never closed.');
      else if (cell !== '' || cells.length > 0 || state === 'quote') endRow(out);
      return out;
    },
    fault: () => fault,
  };
}

const QUOTED = /["\r\n]/g;
const COMMA = /[,\r\n]/g;
const SEMICOLON = /[;\r\n]/g;
const TAB = /[\t\r\n]/g;
