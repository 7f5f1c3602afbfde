// Where the web app starts.
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import './kit/style.css';

createRoot(document.getElementById('app')!).render(<App />);
