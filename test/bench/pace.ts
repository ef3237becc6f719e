/**
 * A sender at a steady pace, as a process of its own:
 *
 *     pace.ts URL SPANS_PER_SECOND SECONDS one|many
 *
 * `one`: all spans belong to one trace; `many`: a trace a request. Prints `sending TRACE_ID` (of the first trace) when it starts, and at
 * the end how many spans a second were acknowledged.
 */
import { otlpProtobuf } from '../support/encode.ts';
import { makeTrace } from '../support/make-trace.ts';
import { createSender } from './lib/load.ts';

const PER_REQUEST = 500;
const [url = '', rate = '0', seconds = '0', shape = 'many'] = process.argv.slice(2);
const requests = Math.ceil((Number(rate) * Number(seconds)) / PER_REQUEST);
// A seed that no other benchmark uses: what was sent before would only be recognised as a duplicate.
const seed = 50_000_000 + (Date.now() % 1_000_000) * 10;
const startNs = BigInt(Date.now()) * 1_000_000n;

function bodies(): Buffer[] {
  if (shape === 'many') {
    return Array.from({ length: requests }, (_, index) =>
      otlpProtobuf(makeTrace('swarm', { seed: seed + index, spans: PER_REQUEST, startNs: startNs + BigInt(index) })),
    );
  }
  const spans = makeTrace('swarm', { seed, spans: requests * PER_REQUEST, startNs });
  // The root comes last, as exporters send it: until then the trace runs.
  spans.push(...spans.splice(0, 1));
  return Array.from({ length: requests }, (_, index) =>
    otlpProtobuf(spans.slice(index * PER_REQUEST, (index + 1) * PER_REQUEST)),
  );
}

const made = bodies();
const sender = createSender(url, 'otlp', 4);
process.stdout.write(`sending ${makeTrace('swarm', { seed, spans: 1 })[0]?.traceId ?? ''}\n`);
const started = performance.now();
const answers: Promise<number>[] = [];
for (const [index, body] of made.entries()) {
  const due = started + (index * PER_REQUEST * 1_000) / Number(rate);
  const early = due - performance.now();
  if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
  answers.push(sender.post(body));
}
await Promise.all(answers);
process.stdout.write(`${(requests * PER_REQUEST) / ((performance.now() - started) / 1_000)}\n`);
sender.close();
