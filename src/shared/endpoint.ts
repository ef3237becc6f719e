/**
 * Model servers that judges and embeddings are asked of: any that speaks OpenAI's chat completions. Keys are never part
 * of this: they lie in the system's keychain, or in an environment variable whose name is kept here.
 */
import type { Result } from './result.ts';
import { fail, ok } from './result.ts';

/** `azure`: deployments in the path, `api-version`, and the key in a header of its own. */
export const ENDPOINT_STYLES = ['openai', 'azure'] as const;
export type EndpointStyle = (typeof ENDPOINT_STYLES)[number];

/** What a person says of an endpoint. */
export type EndpointDraft = {
  /** Absent for a new one. */
  readonly id?: string;
  readonly label: string;
  /** As other programs are told it: `http://127.0.0.1:11434/v1`. */
  readonly baseUrl: string;
  readonly style: EndpointStyle;
  /** Of the style `azure`; null otherwise. */
  readonly apiVersion: string | null;
  /** Asked where a grader names none. */
  readonly model: string;
  /** Always ask `model`, also where a grader names another: for servers that have only that one. */
  readonly alwaysOwnModel: boolean;
  readonly embeddingModel: string | null;
  /** Requests at the same time. */
  readonly concurrency: number;
  /** Of one request, in milliseconds. */
  readonly timeoutMs: number;
  /** Name of an environment variable that holds the key, such as OPENAI_API_KEY; null = none. */
  readonly apiKeyEnv: string | null;
  /** Asked by graders that name no endpoint. The first one is, whatever is said. */
  readonly isDefault: boolean;
};

/** Where the key of an endpoint is: `session` = in memory until the app is closed, where the system has no keychain. */
export type KeyPlace = 'keychain' | 'session' | 'environment';

export type JudgeEndpoint = Omit<EndpointDraft, 'id'> & {
  readonly id: string;
  readonly hasKey: boolean;
  readonly keyPlace: KeyPlace | null;
  /** On this computer: nothing leaves it. */
  readonly loopback: boolean;
  /** It is on this computer, or its user said here that traces may be sent to this host. Nothing is sent before. */
  readonly confirmed: boolean;
};

export type EndpointTest = {
  readonly ok: boolean;
  /** One sentence: what came back, or what is wrong and what to do. */
  readonly message: string;
  /** Ids of the models that it lists, at most 500. */
  readonly models: readonly string[];
};

export const OUTBOUND_PURPOSES = ['judge', 'embed', 'models'] as const;
export type OutboundPurpose = (typeof OUTBOUND_PURPOSES)[number];

/** One request that was made of an endpoint. What it said is not kept. */
export type OutboundRow = {
  readonly id: number;
  /** Milliseconds since the Unix epoch. */
  readonly time: number;
  /** With its port, where it is not the usual one. */
  readonly host: string;
  /** It went to this computer. */
  readonly loopback: boolean;
  readonly purpose: OutboundPurpose;
  /** Of the bodies. */
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** HTTP status; null = no answer. */
  readonly status: number | null;
  readonly durationMs: number;
  /** Why there is no answer of use; null = there is. */
  readonly error: string | null;
};

export type OutboundPage = {
  /** The newest first. */
  readonly rows: readonly OutboundRow[];
  /** Of all that are kept: about the last `OUTBOUND_KEPT`. */
  readonly requests: number;
  /** Those of them that went to other computers. */
  readonly elsewhere: number;
  readonly bytesSent: number;
};

export const OUTBOUND_KEPT = 10_000;

/** Servers that people run on their own computer, and two that they do not, to begin with. */
export const ENDPOINT_PRESETS: readonly { readonly id: string; readonly draft: EndpointDraft }[] = [
  { id: 'ollama', draft: local('Ollama', 11434) },
  { id: 'lm-studio', draft: local('LM Studio', 1234) },
  { id: 'llama-cpp', draft: local('llama.cpp server', 8080) },
  { id: 'vllm', draft: local('vLLM', 8000) },
  {
    id: 'openai',
    draft: {
      ...local('OpenAI', 0),
      baseUrl: 'https://api.openai.com/v1',
      alwaysOwnModel: false,
      embeddingModel: 'text-embedding-3-large',
      concurrency: 4,
      apiKeyEnv: 'OPENAI_API_KEY',
    },
  },
  {
    id: 'azure',
    draft: {
      ...local('Azure OpenAI', 0),
      baseUrl: 'https://your-name.openai.azure.com',
      style: 'azure',
      apiVersion: '2024-10-21',
      concurrency: 4,
      apiKeyEnv: 'AZURE_OPENAI_API_KEY',
    },
  },
];

function local(label: string, port: number): EndpointDraft {
  return {
    label,
    baseUrl: `http://127.0.0.1:${port}/v1`,
    style: 'openai',
    apiVersion: null,
    model: '',
    alwaysOwnModel: true,
    embeddingModel: null,
    concurrency: 1,
    timeoutMs: 120_000,
    apiKeyEnv: null,
    isDefault: false,
  };
}

/** The address that paths are appended to, without a slash at its end; or why it is none, in one sentence. */
export function parseBaseUrl(text: string): Result<URL, string> {
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch {
    return fail('The address must be a URL such as http://127.0.0.1:11434/v1.');
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return fail('The address must begin with http or https.');
  if (url.username !== '' || url.password !== '') return fail('A key does not belong in the address.');
  if (url.search !== '' || url.hash !== '') return fail('The address must end with its path, without ? and #.');
  url.pathname = url.pathname.replace(/\/+$/, '');
  return ok(url);
}

/** By its name alone: a name that only resolves to this computer is another host. */
export function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname);
}

const LONGEST = 300;
export const MOST_CONCURRENCY = 32;
/** The HTTP client waits no longer for an answer to begin. */
export const LONGEST_TIMEOUT_MS = 300_000;

/** Reads what a person entered; the error is one sentence that names the field. */
export function parseEndpoint(value: unknown): Result<EndpointDraft, string> {
  if (typeof value !== 'object' || value === null) return fail('An endpoint is an object.');
  const given = value as { readonly [Field in keyof EndpointDraft]?: unknown };
  const label = textOf(given.label);
  if (label === '') return fail('An endpoint has a name.');
  const url = parseBaseUrl(textOf(given.baseUrl));
  if (!url.ok) return url;
  const style = ENDPOINT_STYLES.find((each) => each === given.style);
  if (!style) return fail(`The style is ${ENDPOINT_STYLES.join(' or ')}.`);
  const apiVersion = textOf(given.apiVersion);
  if (style === 'azure' && apiVersion === '') return fail('Azure needs an API version, such as 2024-10-21.');
  if (!isWithin(given.concurrency, 1, MOST_CONCURRENCY))
    return fail(`Requests at the same time are from 1 to ${MOST_CONCURRENCY}.`);
  if (!isWithin(given.timeoutMs, 1_000, LONGEST_TIMEOUT_MS))
    return fail(`The time limit is from 1 to ${LONGEST_TIMEOUT_MS / 1_000} seconds.`);
  const apiKeyEnv = textOf(given.apiKeyEnv);
  // Any other variable may be a secret of something else.
  if (apiKeyEnv !== '' && !/^[A-Z][A-Z0-9_]*_(?:KEY|TOKEN)$/.test(apiKeyEnv))
    return fail('The environment variable of a key is named like OPENAI_API_KEY.');
  const id = textOf(given.id);
  return ok({
    ...(id === '' ? {} : { id }),
    label,
    baseUrl: url.value.href.replace(/\/$/, ''),
    style,
    apiVersion: style === 'azure' ? apiVersion : null,
    model: textOf(given.model),
    alwaysOwnModel: given.alwaysOwnModel === true,
    embeddingModel: textOf(given.embeddingModel) || null,
    concurrency: given.concurrency,
    timeoutMs: given.timeoutMs,
    apiKeyEnv: apiKeyEnv || null,
    isDefault: given.isDefault === true,
  });
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim().slice(0, LONGEST) : '';
}

function isWithin(value: unknown, min: number, max: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;
}
