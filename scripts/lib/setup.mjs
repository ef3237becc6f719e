import { ensureBuilt } from './build.mjs';
import { ensureDebianPackages } from './debian-packages.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { hasDisplay } from './display.mjs';
import { ensureRuntime } from './electron-runtime.mjs';

/**
 * Installs what is missing. When nothing is missing it only looks, in well under a third of a second.
 * @param {import('./processes.mjs').Say} say
 * @returns {Promise<import('./electron-runtime.mjs').Runtime>}
 */
export async function setUp(say) {
  await Promise.all([ensureDependencies(say), ensureDebianPackages({ hasDisplay: hasDisplay() }, say)]);
  return await ensureRuntime(say);
}

/**
 * The same, and the app built from the sources as they are.
 * @param {import('./processes.mjs').Say} say
 * @returns {Promise<import('./electron-runtime.mjs').Runtime>}
 */
export async function setUpAndBuild(say) {
  const runtime = await setUp(say);
  await ensureBuilt(say);
  return runtime;
}
