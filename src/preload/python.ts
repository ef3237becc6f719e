/** Beside the hidden page that Python graders run in: hands the one port on to the worker, and nothing else to anybody. */
import { ipcRenderer } from 'electron';
import { pythonPortChannel } from '#shared/rpc/host.ts';

ipcRenderer.once(pythonPortChannel, ({ ports }) => {
  const worker = new Worker('./python-worker.js', { type: 'module' });
  worker.postMessage(null, [...ports]);
});
