/** Colours for code in the editor: enough to read by, not a grammar. Joined, the tokens give the text again. */

export type CodeLanguage = 'json' | 'javascript' | 'python';
export type TokenKind = 'key' | 'string' | 'number' | 'word' | 'comment' | 'path' | 'plain';
export type Token = { readonly kind: TokenKind; readonly text: string };

const NUMBER = String.raw`-?\b\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b`;
const DOUBLE = String.raw`"(?:[^"\\\n]|\\.)*"?`;
const SINGLE = String.raw`'(?:[^'\\\n]|\\.)*'?`;

const PATTERNS: Readonly<Record<CodeLanguage, RegExp>> = {
  json: new RegExp(
    String.raw`(?<key>"(?:[^"\\\n]|\\.)*"(?=[ \t]*:))|(?<string>${DOUBLE})|(?<number>${NUMBER})|(?<word>\b(?:true|false|null)\b)`,
    'g',
  ),
  javascript: new RegExp(
    String.raw`(?<comment>\/\/.*|\/\*.*?(?:\*\/|$))|(?<string>${DOUBLE}|${SINGLE}|\x60(?:[^\x60\\]|\\.)*\x60?)|(?<number>${NUMBER})|(?<word>\b(?:async|await|break|case|catch|class|const|continue|default|delete|do|else|export|false|finally|for|function|if|in|instanceof|let|new|null|of|return|switch|this|throw|true|try|typeof|undefined|var|void|while|yield)\b)`,
    'g',
  ),
  python: new RegExp(
    String.raw`(?<comment>#.*)|(?<string>"""[^]*?(?:"""|$)|${DOUBLE}|${SINGLE})|(?<number>${NUMBER})|(?<word>\b(?:False|None|True|and|as|assert|async|await|break|class|continue|def|del|elif|else|except|finally|for|from|global|if|import|in|is|lambda|nonlocal|not|or|pass|raise|return|try|while|with|yield)\b)`,
    'g',
  ),
};

/** Longer lines are one plain token. */
const LONGEST = 5_000;

/** Of one line. */
export function codeTokens(line: string, language: CodeLanguage): readonly Token[] {
  if (line.length > LONGEST) return [{ kind: 'plain', text: line }];
  const tokens: Token[] = [];
  let at = 0;
  for (const match of line.matchAll(PATTERNS[language])) {
    if (match[0] === '') continue;
    if (match.index > at) tokens.push({ kind: 'plain', text: line.slice(at, match.index) });
    const kind = kindOf(match.groups);
    if (kind === 'string' && language === 'json') tokens.push(...withPaths(match[0]));
    else tokens.push({ kind, text: match[0] });
    at = match.index + match[0].length;
  }
  if (at < line.length) tokens.push({ kind: 'plain', text: line.slice(at) });
  return tokens;
}

function kindOf(groups: Readonly<Record<string, string | undefined>> | undefined): TokenKind {
  for (const kind of ['key', 'string', 'number', 'word', 'comment'] as const)
    if (groups?.[kind] !== undefined) return kind;
  return 'plain';
}

/** Template paths in a text stand out. */
function withPaths(text: string): readonly Token[] {
  return text
    .split(/(\{\{[^{}]*\}\})/)
    .filter((part) => part !== '')
    .map((part): Token => ({ kind: part.startsWith('{{') ? 'path' : 'string', text: part }));
}
