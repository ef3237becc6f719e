/** What a person does with judge endpoints; what goes wrong is told as news. */
import type { EndpointDraft, EndpointTest, JudgeEndpoint } from '#shared/endpoint.ts';
import { attempt } from '#shared/rpc/client.ts';
import { bridge } from '../../../data/bridge.ts';
import { engine } from '../../../data/engine.ts';
import { notify, notifyError } from '../../../state/notices.ts';

export function draftOf(endpoint: JudgeEndpoint): EndpointDraft {
  const { hasKey, keyPlace, loopback, confirmed, ...draft } = endpoint;
  return draft;
}

/** @param key null leaves the one that there is */
export async function saveEndpoint(
  endpoint: EndpointDraft,
  options: { readonly confirm?: boolean; readonly key?: string | null } = {},
): Promise<JudgeEndpoint | null> {
  const saved = await attempt(engine.call('endpoint.save', { endpoint, confirm: options.confirm === true }));
  if (!saved.ok) {
    notifyError('The endpoint was not saved', saved.error);
    return null;
  }
  if (options.key) await saveKey(saved.value, options.key);
  return saved.value;
}

async function saveKey({ id, label, baseUrl }: JudgeEndpoint, key: string): Promise<void> {
  const place = await bridge.setEndpointKey({ endpointId: id, origin: baseUrl, key });
  if (place === 'session')
    notify({
      tone: 'info',
      title: `The key of ${label} is kept until the app is closed`,
      detail: 'This system has no keychain that the app could use.',
    });
}

export async function forgetKey({ id, baseUrl }: JudgeEndpoint): Promise<void> {
  await bridge.setEndpointKey({ endpointId: id, origin: baseUrl, key: null });
}

export async function removeEndpoint(endpoint: JudgeEndpoint): Promise<void> {
  const removed = await attempt(engine.call('endpoint.remove', { id: endpoint.id }));
  if (!removed.ok) {
    notifyError('The endpoint was not removed', removed.error);
    return;
  }
  const hadKey = endpoint.hasKey && endpoint.keyPlace !== 'environment';
  await forgetKey(endpoint);
  const { id, ...draft } = draftOf(endpoint);
  notify({
    tone: 'ok',
    title: `${endpoint.label} is removed`,
    ...(hadKey && { detail: 'Its key is forgotten.' }),
    action: {
      label: 'Undo',
      run: () => void saveEndpoint(draft, { confirm: endpoint.confirmed && !endpoint.loopback }),
    },
  });
}

export async function testEndpoint({ id }: JudgeEndpoint): Promise<EndpointTest> {
  const tested = await attempt(engine.call('endpoint.test', { id }));
  return tested.ok ? tested.value : { ok: false, message: tested.error.message, models: [] };
}
