import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './theme/fonts.ts';
import './theme/tokens.css';
import './theme/base.css';
import { App } from './app/app.tsx';
import { connectEngine } from './data/connection.ts';
import { followChanges } from './data/engine.ts';
import { followEngineState } from './state/engine-state.ts';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

connectEngine();
followChanges();
followEngineState();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
