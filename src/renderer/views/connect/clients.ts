/** Every client that Connect explains: what to paste, what arrives then, and what does not. Adding one is one entry. */
import { AGENT_SDKS } from './clients-agent-sdks.ts';
import { CODING_CLIS } from './clients-coding.ts';
import { FRAMEWORKS } from './clients-frameworks.ts';
import { TRACERS } from './clients-tracers.ts';
import type { ConnectClient, Snippet } from './client.ts';

export const clients: readonly ConnectClient[] = [...AGENT_SDKS, ...FRAMEWORKS, ...TRACERS, ...CODING_CLIS];

const texts: Readonly<Record<string, string>> = import.meta.glob<string>('../../../../resources/snippets/*', {
  query: '?raw',
  import: 'default',
  eager: true,
});

export const snippetFiles: ReadonlyMap<string, string> = new Map(
  Object.entries(texts).map(([path, text]) => [path.slice(path.lastIndexOf('/') + 1), text]),
);

/** The text of a snippet as it lies in its file; throws for a file that is not there, which a test looks for. */
export function snippetText({ file }: Snippet): string {
  const text = snippetFiles.get(file);
  if (text === undefined) throw new Error(`There is no snippet ${file}.`);
  return text;
}

const LANGUAGES: Readonly<Record<string, string>> = { sh: 'Shell', py: 'Python', mjs: 'JavaScript', toml: 'TOML' };

export function languageOf(file: string): string {
  return LANGUAGES[file.slice(file.lastIndexOf('.') + 1)] ?? 'Text';
}

/** Those whose name, language or other name holds every word of the text, in the order of the list. */
export function findClients(text: string): readonly ConnectClient[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return clients;
  return clients.filter((client) => {
    const said = [client.title, ...client.languages, ...(client.alsoCalled ?? [])].join(' ').toLowerCase();
    return words.every((word) => said.includes(word));
  });
}
