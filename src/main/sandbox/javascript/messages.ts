/** What the sandbox's thread hears and says. One grade is in it at a time. */
import type { CodeAnswer } from '../../graders/types.ts';
import type { RunRequest } from './run.ts';

export type ToJavaScript = { readonly id: number; readonly request: RunRequest };
export type FromJavaScript = { readonly id: number; readonly answer: CodeAnswer };
/** Path of QuickJS's WebAssembly file. */
export type JavaScriptData = { readonly wasm: string };
