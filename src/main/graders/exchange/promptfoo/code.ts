/** Code of promptfoo assertions as code of graders: `output` and `context.vars` are there, and its results mean the same. */

/** One line is an expression unless it begins a statement; more are the body of a function. */
function isExpression(code: string): boolean {
  return !code.includes('\n') && !/^(return|const|let|var|if|for|while|throw|try|import|def|raise)\b/.test(code);
}

/** @param threshold null = what is more than 0 passes */
export function javascriptOf(code: string, threshold: number | null, negated: boolean): string {
  const text = code.trim();
  const body = isExpression(text) ? `  return (\n    ${text.replace(/;+$/, '')}\n  );` : indent(text, '  ');
  return `// From an assertion of promptfoo.
function check(output, context) {
${body}
}

function grade(sample, item) {
  const output = sample.output_text;
  const context = { vars: item };
  let found = check(output, context);
  if (typeof found === 'function') found = found(output, context);
  const isResult = typeof found === 'object' && found !== null;
  const score = Number(isResult ? (found.score ?? found.pass) : found);
  const meets = ${threshold === null ? 'score > 0' : `score >= ${threshold}`};
  const passed = isResult && typeof found.pass === 'boolean' ? found.pass : meets;
  return {
    score: ${negated ? '1 - score' : 'score'},
    passed: ${negated ? '!passed' : 'passed'},
    explanation: isResult && found.reason ? String(found.reason) : '',
  };
}
`;
}

/** The same in Python. */
export function pythonOf(code: string, threshold: number | null, negated: boolean): string {
  const text = code.replace(/\s+$/, '').replace(/^\n+/, '');
  const body = isExpression(text.trim()) ? `    return (${text.trim()}\n    )` : indent(text, '    ');
  return `# From an assertion of promptfoo.
def check(output, context):
${body}


def grade(sample, item):
    found = check(sample["output_text"], {"vars": item})
    reason = ""
    if isinstance(found, dict):
        score = float(found.get("score", 1.0 if found.get("pass", found.get("pass_")) else 0.0))
        passed = found.get("pass", found.get("pass_", ${threshold === null ? 'score > 0' : `score >= ${threshold}`}))
        reason = str(found.get("reason", ""))
    else:
        score = float(found)
        passed = ${threshold === null ? 'score > 0' : `score >= ${threshold}`}
${negated ? '    score, passed = 1 - score, not passed\n' : ''}    return verdict(score, passed=bool(passed), explanation=reason)
`;
}

function indent(text: string, by: string): string {
  return text
    .split('\n')
    .map((line) => (line.trim() === '' ? '' : `${by}${line}`))
    .join('\n');
}

/** Edits between two texts, as the assertion `levenshtein` counts them. */
export function levenshteinSource(reference: string, most: number): string {
  return `// From an assertion of promptfoo: at most ${most} edits between answer and reference.
const REFERENCE = ${JSON.stringify(reference)};

function grade(sample, item) {
  const a = Array.from(sample.output_text).slice(0, 20000);
  const b = Array.from(REFERENCE);
  let row = b.map((_, j) => j + 1);
  row.unshift(0);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  const edits = row[b.length];
  const most = Math.max(a.length, b.length, 1);
  return { score: 1 - edits / most, passed: edits <= ${most}, explanation: edits + ' edits' };
}
`;
}

/** A number of the trace within bounds. `value` is an expression; null of it = not applicable. */
export function boundsSource(about: string, value: string, min: number | null, max: number | null): string {
  const tests = [...(min === null ? [] : [`value >= ${min}`]), ...(max === null ? [] : [`value <= ${max}`])];
  return `// From an assertion of promptfoo: ${about}.
function glob(pattern, text) {
  const parts = pattern.toLowerCase().split('*');
  const last = parts.length - 1;
  let rest = text.toLowerCase();
  if (last === 0) return rest === parts[0];
  if (!rest.startsWith(parts[0])) return false;
  rest = rest.slice(parts[0].length);
  for (const part of parts.slice(1, last)) {
    const at = rest.indexOf(part);
    if (at < 0) return false;
    rest = rest.slice(at + part.length);
  }
  return rest.endsWith(parts[last]);
}

function grade(sample, item) {
  const value = ${value};
  if (value === null) return null;
  return { score: ${tests.join(' && ')} ? 1 : 0, explanation: ${JSON.stringify(about)} + ': ' + value };
}
`;
}
