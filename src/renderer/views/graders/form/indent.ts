/** What Tab and Enter do in code. */
import type { CodeLanguage } from './code-tokens.ts';

export type CodeEdit = { readonly text: string; readonly caret: number };

function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

/** Spaces to the next stop, in place of what is selected. */
export function indented(text: string, from: number, to: number, unit: string): CodeEdit {
  const spaces = unit.slice((from - lineStart(text, from)) % unit.length);
  return { text: text.slice(0, from) + spaces + text.slice(to), caret: from + spaces.length };
}

export function outdented(text: string, at: number, unit: string): CodeEdit {
  const start = lineStart(text, at);
  const spaces = /^ */.exec(text.slice(start, start + unit.length))?.[0].length ?? 0;
  return { text: text.slice(0, start) + text.slice(start + spaces), caret: Math.max(start, at - spaces) };
}

/** As far in as the line before, and one step more after what opens a block. */
export function newLine(text: string, from: number, to: number, unit: string, language: CodeLanguage): CodeEdit {
  const before = text.slice(lineStart(text, from), from);
  const indent = /^[ \t]*/.exec(before)?.[0] ?? '';
  const last = before.trimEnd().at(-1) ?? '';
  const opens = language === 'python' ? ':([{'.includes(last) && last !== '' : '([{'.includes(last) && last !== '';
  const closes = ')]}'.includes(text.charAt(to)) && text.charAt(to) !== '';
  const added = `\n${indent}${opens ? unit : ''}`;
  const after = opens && closes ? `\n${indent}` : '';
  return { text: text.slice(0, from) + added + after + text.slice(to), caret: from + added.length };
}
