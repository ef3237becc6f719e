/** What stands in a snippet until it is shown. */
export type SnippetValues = {
  /** Where the collector listens; null = nowhere, and the usual address stands for it. */
  readonly endpoint: string | null;
  /** The folder of the helpers that come with the app; null = unknown. */
  readonly helpers: string | null;
};

const USUAL_ENDPOINT = 'http://127.0.0.1:4318';
const UNKNOWN_HELPERS = '/path/to/tracewright/resources/helpers';

/** The text as it can be pasted. */
export function fillSnippet(code: string, { endpoint, helpers }: SnippetValues): string {
  const folder = helpers ?? UNKNOWN_HELPERS;
  return (
    code
      .trimEnd()
      .replaceAll('{{endpoint}}', () => (endpoint ?? USUAL_ENDPOINT).replace(/\/$/, ''))
      .replaceAll('{{helpersUrl}}', () => fileUrl(folder))
      // In quotes of Python and of the shell, which read a backslash as something else.
      .replaceAll('{{helpers}}', () => folder.replaceAll('\\', '/'))
  );
}

/** Variables and imports take a path with spaces or umlauts only as an address. */
function fileUrl(folder: string): string {
  const path = folder.replaceAll('\\', '/');
  const encoded = path.split('/').map(encodeURIComponent).join('/').replace('%3A', ':');
  return `file://${encoded.startsWith('/') ? '' : '/'}${encoded}`;
}
