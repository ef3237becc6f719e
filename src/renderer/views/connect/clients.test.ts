import { expect, test } from 'vitest';
import { isFrom } from './client.ts';
import { clients, findClients, languageOf, snippetFiles, snippetText } from './clients.ts';
import { fillSnippet } from './fill-snippet.ts';

const all = clients.flatMap((client) => client.snippets.map((snippet) => ({ client, snippet, name: snippet.file })));

test.each(all)('$client.id: $name holds live values and no placeholder', ({ snippet }) => {
  const filled = fillSnippet(snippetText(snippet), { endpoint: 'http://127.0.0.1:4999/', helpers: '/opt/my helpers' });
  expect(filled).not.toContain('{{');
  expect(filled).not.toContain('4999//');
  expect(filled).not.toContain('4318');
  // A file is imported, not sent.
  if (snippet.file !== 'chat-files.sh') expect(filled).toContain('http://127.0.0.1:4999');
  expect(languageOf(snippet.file)).not.toBe('Text');
});

test('every snippet belongs to a client, every client has what a person needs to know', () => {
  expect(new Set(all.map(({ name }) => name))).toEqual(new Set(snippetFiles.keys()));
  expect(new Set(clients.map(({ id }) => id)).size).toBe(clients.length);
  for (const { title, arrives, lacks, pitfalls, languages, snippets } of clients) {
    expect([title, arrives.endsWith('.'), lacks.endsWith('.')]).toEqual([title, true, true]);
    expect(Math.min(pitfalls.length, languages.length, snippets.length)).toBeGreaterThan(0);
  }
});

test('the folder of the helpers is an address where one is needed', () => {
  const values = { endpoint: null, helpers: 'C:\\Program Files\\tw' };
  expect(fillSnippet('{{helpersUrl}}/x.mjs {{helpers}} {{endpoint}}\n', values)).toBe(
    'file:///C:/Program%20Files/tw/x.mjs C:/Program Files/tw http://127.0.0.1:4318',
  );
  expect(fillSnippet('{{helpersUrl}}', { endpoint: null, helpers: '/opt/ä b' })).toBe('file:///opt/%C3%A4%20b');
  // A path is text, whatever it looks like to a regular expression.
  expect(fillSnippet('{{helpers}}', { endpoint: null, helpers: '/a$&b' })).toBe('/a$&b');
});

test('clients are found by name, language and other names', () => {
  const ids = (text: string): string[] => findClients(text).map(({ id }) => id);
  expect(ids('codex')).toEqual(['codex']);
  expect(ids('openai agents py')).toEqual(['openai-agents-python']);
  expect(ids('  Phoenix ')).toEqual(['openinference']);
  expect(ids('anthropic')).toEqual(['claude-code']);
  expect(ids('')).toHaveLength(clients.length);
  expect(ids('nothing of the kind')).toEqual([]);
});

test('what arrives is told to the client that sent it', () => {
  const who = (dialect: string, source: string): string[] =>
    clients.filter((client) => isFrom(client, { dialect, source })).map(({ id }) => id);
  expect(who('claude_code', 'claude-code')).toEqual(['claude-code']);
  expect(who('agents_sdk', 'openai-agents-js 0.20.0')).toEqual(['openai-agents-js']);
  expect(who('agents_sdk', 'openai-agents-python')).toEqual(['openai-agents-python']);
  expect(who('openinference', 'openinference.instrumentation.crewai 1')).toEqual(['crewai', 'openinference']);
  expect(who('nothing', 'x')).toEqual([]);
});
