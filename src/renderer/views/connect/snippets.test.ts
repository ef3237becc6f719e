import { expect, test } from 'vitest';
import { fillSnippet, snippets } from './snippets.ts';

test.each(snippets)('$id holds the live address and no placeholder', ({ code }) => {
  const filled = fillSnippet(code, 'http://127.0.0.1:4999/');
  expect(filled).toContain('http://127.0.0.1:4999');
  expect(filled).not.toContain('{{');
  expect(filled).not.toContain('4999//');
  expect(filled).not.toContain('4318');
});

test('the Agents SDK gets the ingest path, OpenTelemetry only the base', () => {
  const [python, javascript, opentelemetry] = snippets.map(({ code }) => fillSnippet(code, null));
  expect(python).toContain('"http://127.0.0.1:4318/v1/traces/ingest"');
  expect(javascript).toContain("'http://127.0.0.1:4318/v1/traces/ingest'");
  expect(opentelemetry).toMatch(/^export OTEL_EXPORTER_OTLP_ENDPOINT=http:\/\/127\.0\.0\.1:4318$/m);
});
