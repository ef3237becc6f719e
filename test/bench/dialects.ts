/** What reading attributes by the conventions of all dialects adds to decoding the bytes. */
import { DIALECTS } from '../../src/main/formats/otlp/dialects/registry.ts';
import { createMerger } from '../../src/main/formats/otlp/merge.ts';
import { decodeProtobuf } from '../../src/main/formats/otlp/protobuf.ts';
import { compile } from '../../src/main/formats/otlp/table.ts';
import { otlpProtobuf } from '../support/encode.ts';
import { makeTrace } from '../support/make-trace.ts';
import type { Benchmark } from './figure.ts';
import { figure } from './figure.ts';

const SPANS = 5_000;
const RUNS = 25;

export const dialects: Benchmark = {
  id: 'dialects',
  method:
    'One OTLP protobuf request of 5,000 made spans, decoded to plain spans with their attributes, and decoded and merged to records by all dialects; 25 runs each, in turn, the medians count.',
  run() {
    const body = otlpProtobuf(makeTrace('swarm', { spans: SPANS }));
    const table = compile(DIALECTS);
    const bare: number[] = [];
    const merged: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      let seen = 0;
      bare.push(time(() => decodeProtobuf(body, () => seen++)));
      merged.push(
        time(() => {
          const merger = createMerger(table);
          decodeProtobuf(body, merger.add);
          merger.records();
        }),
      );
      if (seen !== SPANS) throw new Error(`${seen} spans were decoded, not ${SPANS}.`);
    }
    const baseline = { name: 'decoding alone', value: median(bare), unit: 'ms' };
    const added = (median(merged) / median(bare) - 1) * 100;
    return Promise.resolve([
      figure(`decoding and merging ${SPANS.toLocaleString('en')} spans`, median(merged), 'ms', null, baseline),
      figure('what the merge of dialects adds to decoding', added, '%', { atMost: 40 }),
    ]);
  },
};

function time(work: () => void): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}

function median(samples: readonly number[]): number {
  return [...samples].sort((a, b) => a - b)[Math.floor(samples.length / 2)] ?? Number.NaN;
}
