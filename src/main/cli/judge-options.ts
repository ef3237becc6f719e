/** Which model a command asks for judges and embeddings, told with options instead of Settings. */
import type { Command } from 'commander';
import { isLoopback, parseEndpoint } from '#shared/endpoint.ts';
import { TOLD_ENDPOINT, type EndpointInUse } from '../engine/judge/endpoint-in-use.ts';
import { UsageError } from './context.ts';

export type JudgeOptions = {
  readonly judgeUrl?: string;
  readonly judgeModel?: string;
  readonly judgeEmbeddingModel?: string;
  readonly judgeKeyEnv?: string;
  readonly judgeAllowHost?: string;
};

export function addJudgeOptions(command: Command): Command {
  return command
    .option('--judge-url <url>', 'address of an OpenAI-compatible endpoint, such as http://127.0.0.1:11434/v1')
    .option('--judge-model <name>', "ask this model, whatever a grader names (default: the grader's own)")
    .option('--judge-embedding-model <name>', 'model of embeddings, for the metric cosine')
    .option('--judge-key-env <name>', 'environment variable that holds the key of the endpoint, such as OPENAI_API_KEY')
    .option('--judge-allow-host <host>', 'send to this host, which is not this computer');
}

/** Null where no address is given: then those of the workspace are asked, where the command has one. */
export function endpointOf(options: JudgeOptions): EndpointInUse | null {
  const { judgeUrl, judgeModel, judgeEmbeddingModel, judgeKeyEnv, judgeAllowHost } = options;
  if (judgeUrl === undefined) {
    if ([judgeModel, judgeEmbeddingModel, judgeKeyEnv, judgeAllowHost].every((each) => each === undefined)) return null;
    throw new UsageError('--judge-url is missing: the other options are about it.');
  }
  const endpoint = parseEndpoint({
    label: '--judge-url',
    baseUrl: judgeUrl,
    style: 'openai',
    apiVersion: null,
    model: judgeModel ?? '',
    alwaysOwnModel: judgeModel !== undefined,
    embeddingModel: judgeEmbeddingModel ?? null,
    concurrency: 4,
    timeoutMs: 120_000,
    apiKeyEnv: judgeKeyEnv ?? null,
    isDefault: true,
  });
  if (!endpoint.ok) throw new UsageError(`--judge-url: ${endpoint.error}`);
  const url = new URL(endpoint.value.baseUrl);
  const confirmed = isLoopback(url) || judgeAllowHost === url.host || judgeAllowHost === url.hostname;
  return { ...endpoint.value, id: TOLD_ENDPOINT, confirmed };
}
