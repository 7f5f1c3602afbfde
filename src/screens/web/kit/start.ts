// What the page was given about who looks (src/screens/page-start.ts). The session's secret lives in memory only: it is taken out of
// the page, and the web token out of the address.
import type { Start } from '../../page-start.ts';

function read(): Start {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="planbridge"]');
  const start = JSON.parse(meta?.content ?? '{}') as Start;
  meta?.remove();
  if (start.path) history.replaceState(null, '', start.path);
  return start;
}

export const start = read();

const RANKS = ['viewer', 'planner', 'administrator'];

export function may(role: 'viewer' | 'planner' | 'administrator'): boolean {
  return RANKS.indexOf(start.role) >= RANKS.indexOf(role);
}

/** Whether the user may change here what Odoo says of the planning model. */
export const mayEdit = (): boolean => may('planner') && start.edits;

/** Address of a record in Odoo, or null when Odoo's address is not known. */
export function odooLink(model: string, id: number): string | null {
  if (!start.odooUrl) return null;
  return `${start.odooUrl}/web?db=${encodeURIComponent(start.database)}#id=${id}&model=${model}&view_type=form`;
}
