// Where the web app starts.
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { applyTheme } from './kit/theme.ts';
import './kit/style.css';

applyTheme();
createRoot(document.getElementById('app')!).render(<App />);
