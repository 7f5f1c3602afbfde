// The screens by address. Each is loaded when it is opened.
import { type ComponentType, lazy } from 'react';

export interface ScreenProps {
  /** What stands behind the screen's address: `S00012` of `/demand/S00012/`. */
  detail: string;
}

export interface ScreenEntry {
  path: string;
  title: string;
  component: ComponentType<ScreenProps>;
}

function shown(load: () => Promise<ComponentType<ScreenProps>>): ComponentType<ScreenProps> {
  return lazy(async () => ({ default: await load() }));
}

export const SCREENS: readonly ScreenEntry[] = [
  {
    path: '/execute/',
    title: 'Execute',
    component: shown(async () => (await import('./screens/execute.tsx')).Execute),
  },
];

/** The screen of an address; `/` opens the first. */
export function screenOf(address: string): { screen: ScreenEntry; detail: string } {
  const path = address.endsWith('/') ? address : `${address}/`;
  const found = SCREENS.filter((screen) => path.startsWith(screen.path)).sort(
    (a, b) => b.path.length - a.path.length,
  )[0];
  const screen = found ?? SCREENS[0]!;
  return { screen, detail: found ? decodeURIComponent(path.slice(screen.path.length).replace(/\/$/, '')) : '' };
}
