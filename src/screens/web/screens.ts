// The screens by address. Each is loaded when it is opened.
import { type ComponentType, lazy } from 'react';

export interface ScreenProps {
  /** What stands behind the screen's address: `S00012` of `/demand/S00012/`. */
  detail: string;
}

export interface ScreenEntry {
  path: string;
  title: string;
  /** Reached by links only. */
  hidden?: boolean;
  component: ComponentType<ScreenProps>;
}

function screen(path: string, title: string, load: () => Promise<ComponentType<ScreenProps>>): ScreenEntry {
  return { path, title, component: lazy(async () => ({ default: await load() })) };
}

/** In the order of the menu. */
export const SCREENS: readonly ScreenEntry[] = [
  screen('/execute/', 'Execute', async () => (await import('./screens/execute.tsx')).Execute),
  screen('/planningboard/', 'Plan editor', async () => (await import('./screens/board.tsx')).Board),
  screen('/demand/', 'Demand', async () => (await import('./screens/demand.tsx')).Demand),
  screen('/orders/', 'Orders', async () => (await import('./screens/orders.tsx')).Orders),
  screen(
    '/inventoryplanning/drp/',
    'Inventory planning',
    async () => (await import('./screens/inventory.tsx')).Inventory,
  ),
  screen('/forecast/editor/', 'Forecast editor', async () => (await import('./screens/forecast.tsx')).ForecastEditor),
  screen(
    '/recommendations/',
    'Recommendations',
    async () => (await import('./screens/recommendations.tsx')).Recommendations,
  ),
  screen('/quote/', 'Quote', async () => (await import('./screens/quote.tsx')).Quote),
  screen('/mail/', 'Mail orders', async () => (await import('./screens/mail.tsx')).MailOrders),
  screen('/automations/', 'Automations', async () => (await import('./screens/automations.tsx')).Automations),
  screen('/mapping/', 'Mapping', async () => (await import('./screens/mapping.tsx')).Mapping),
  screen('/admin/', 'Admin', async () => (await import('./screens/admin.tsx')).Admin),
  { ...screen('/open/', 'In the plan', async () => (await import('./screens/open.tsx')).Open), hidden: true },
];

/** The screen of an address; `/` opens the first. */
export function screenOf(address: string): { screen: ScreenEntry; detail: string } {
  const path = address.endsWith('/') ? address : `${address}/`;
  const fitting = SCREENS.filter((each) => path.startsWith(each.path));
  const found = fitting.sort((a, b) => b.path.length - a.path.length)[0];
  const detail = found ? decodeURIComponent(path.slice(found.path.length).replace(/\/$/, '')) : '';
  return { screen: found ?? SCREENS[0]!, detail };
}
