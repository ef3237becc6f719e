// Writes a made trace as a request body: node scripts/make-trace.mjs swarm --spans 100000 --as otlp-json > trace.json
import { parseArgs } from 'node:util';
import { agentsSdk, otlpJson, otlpProtobuf } from '../test/support/encode.ts';
import { makeTrace, topologies } from '../test/support/make-trace.ts';

const encoders = { 'otlp-json': otlpJson, 'otlp-protobuf': otlpProtobuf, 'agents-sdk': agentsSdk };
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { spans: { type: 'string' }, seed: { type: 'string' }, as: { type: 'string', default: 'otlp-json' } },
});
const [topology = ''] = positionals;
const encode = Object.hasOwn(encoders, values.as) ? encoders[/** @type {keyof typeof encoders} */ (values.as)] : null;
if (!Object.hasOwn(topologies, topology) || !encode) {
  process.stderr.write(
    `Usage: make-trace TOPOLOGY [--spans N] [--seed N] [--as ${Object.keys(encoders).join('|')}]\nTopologies: ${Object.keys(topologies).join(', ')}\n`,
  );
  process.exit(2);
}
const options = {
  ...(values.spans ? { spans: Number(values.spans) } : {}),
  ...(values.seed ? { seed: Number(values.seed) } : {}),
};
process.stdout.write(encode(makeTrace(topology, options)));
