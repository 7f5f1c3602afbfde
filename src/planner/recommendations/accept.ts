// What accepting a recommendation sends: a plan of its orders, which goes into Odoo as any other plan does (mode 2: these
// orders alone). Pure; also for recommendations that come back from a store as JSON.
import { PlanbridgeError } from '../../errors.ts';
import type { Recommendation } from './recommendation.ts';

export interface Acceptance {
  /** Plan document for the import. */
  document: string;
  mode: 2;
}

/** @throws PlanbridgeError PB_PLAN_REFUSED when a person has to do it in Odoo */
export function acceptanceOf({
  title,
  reasons,
  document,
}: Pick<Recommendation, 'title' | 'reasons' | 'document'>): Acceptance {
  if (document !== null) return { document, mode: 2 };
  throw new PlanbridgeError('PB_PLAN_REFUSED', 409, `"${title}" cannot be carried out from here.`, {
    remedy: reasons.at(-1) ?? 'Do it in Odoo.',
  });
}
