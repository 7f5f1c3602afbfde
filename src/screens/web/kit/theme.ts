// Light, dark, or as the system has it.
import { useEffect, useState } from 'react';
import { recall, remember } from './storage.ts';

export type Theme = 'system' | 'light' | 'dark';

export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState<Theme>(() => (recall('theme') as Theme | null) ?? 'system');
  useEffect(() => {
    if (theme === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    remember('theme', theme === 'system' ? null : theme);
    window.dispatchEvent(new Event('planbridge-theme'));
  }, [theme]);
  return [theme, setTheme];
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
    const dark = matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', bump);
    window.addEventListener('planbridge-theme', bump);
    return () => {
      dark.removeEventListener('change', bump);
      window.removeEventListener('planbridge-theme', bump);
    };
  }, []);
  return version;
}
