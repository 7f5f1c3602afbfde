// Light, dark, or as the system has it.
import { useEffect, useState } from 'react';
import { recall, remember } from './storage.ts';

export type Theme = 'system' | 'light' | 'dark';

const dark = matchMedia('(prefers-color-scheme: dark)');
/** Here too, for browsers that remember nothing in frames. */
let chosen = (recall('theme') as Theme | null) ?? 'system';

/** Sets what the style sheet goes by, and tells canvases. Called at start, and when the choice or the system changes. */
export function applyTheme(): void {
  document.documentElement.dataset.theme = chosen === 'system' ? (dark.matches ? 'dark' : 'light') : chosen;
  window.dispatchEvent(new Event('planbridge-theme'));
}

dark.addEventListener('change', applyTheme);

export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState(chosen);
  const choose = (next: Theme) => {
    chosen = next;
    remember('theme', next === 'system' ? null : next);
    applyTheme();
    setTheme(next);
  };
  return [theme, choose];
}

/** A colour of the present theme, for canvases: `color('--late')`. */
export function color(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Changes whenever canvases have to be drawn in other colours. */
export function useThemeVersion(): number {
  const [version, setVersion] = useState(0);
  useEffect(() => {
    const bump = () => setVersion((before) => before + 1);
    window.addEventListener('planbridge-theme', bump);
    return () => {
      window.removeEventListener('planbridge-theme', bump);
    };
  }, []);
  return version;
}
