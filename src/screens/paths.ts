// The addresses of the screens. Those of frePPLe that its Odoo addon's menus open are kept (screens.md).

export const SCREEN_PATHS = [
  '/',
  '/execute/',
  '/planningboard/',
  '/demand/',
  '/orders/',
  '/inventoryplanning/drp/',
  '/forecast/editor/',
  '/quote/',
  '/recommendations/',
  '/mail/',
  '/automations/',
  '/mapping/',
  '/admin/',
  // A record of Odoo: leads to the screen that shows it.
  '/open/',
] as const;

/** Whether an address is one of a screen: itself, without its slash, or a deep link behind it. */
export function isScreen(path: string): boolean {
  return SCREEN_PATHS.some((screen) =>
    screen === '/' ? path === '/' : path === screen.slice(0, -1) || path.startsWith(screen),
  );
}
