// Sessions of the plan editor: moves are kept as they were wished, and made anew on the current plan each time somebody looks. So
// they outlive the thread that makes them and the plan that they began with. Saved ones become edits of the planning model.
import { PlanbridgeError } from '../../errors.ts';
import { notFound } from '../../http/api.ts';
import type { Store } from '../../store/database.ts';
import type { LivePlanner } from '../live/live.ts';
import type { MovesAnswer, MoveWish } from '../live/protocol.ts';
import { heldLines } from '../quotes/store.ts';
import type { ModelScope } from '../store/scope.ts';
import { saveMoves } from './save.ts';

export interface Whatif {
  id: number;
  planId: number;
  moves: MoveWish[];
  state: 'open' | 'saved' | 'discarded';
  who: string;
}

export interface WhatifView extends MovesAnswer {
  id: number;
  /** Of moves that can be undone. */
  moves: number;
  /** Whether another plan is current by now than when it was begun. */
  planChanged: boolean;
}

export interface Whatifs {
  /** The session that this person has open, or a new one. */
  begin(scope: ModelScope, who: string, signal?: AbortSignal): Promise<WhatifView>;
  /** The session that this person has open, with moves in it; null = none. */
  current(scope: ModelScope, who: string, signal?: AbortSignal): Promise<WhatifView | null>;
  view(scope: ModelScope, id: number, signal?: AbortSignal): Promise<WhatifView>;
  /** @throws PlanbridgeError PB_PLAN_REFUSED when it cannot be made; then it is not kept */
  move(scope: ModelScope, id: number, wish: MoveWish, signal?: AbortSignal): Promise<WhatifView>;
  undo(scope: ModelScope, id: number, signal?: AbortSignal): Promise<WhatifView>;
  discard(scope: ModelScope, id: number): Promise<void>;
  /** @returns references of the orders that keep their dates from now on */
  save(scope: ModelScope, id: number, who: string): Promise<string[]>;
}

const COLUMNS = 'id::float8 as id, plan_id::float8 as "planId", moves, state, who';
const MOST_MOVES = 500;

export function createWhatifs(surroundings: { store: Store; live: LivePlanner; now: () => number }): Whatifs {
  const { store, live, now } = surroundings;

  async function open(scope: ModelScope, id: number): Promise<Whatif> {
    const [found] = await store.query<Whatif>(
      `select ${COLUMNS} from planbridge.whatif where odoo = $1 and company = $2 and id = $3`,
      [scope.odoo, scope.company ?? '', id],
    );
    if (!found) throw notFound('session of the plan editor');
    if (found.state === 'open') return found;
    throw new PlanbridgeError('PB_PLAN_REFUSED', 409, `These moves were ${found.state} already.`, {
      remedy: 'Begin anew.',
    });
  }

  async function openOf({ odoo, company }: ModelScope, who: string): Promise<Whatif | null> {
    const [known] = await store.query<Whatif>(
      `select ${COLUMNS} from planbridge.whatif
       where odoo = $1 and company = $2 and who = $3 and state = 'open' order by id desc limit 1`,
      [odoo, company ?? '', who],
    );
    return known ?? null;
  }

  async function made(scope: ModelScope, moves: readonly MoveWish[], signal?: AbortSignal): Promise<MovesAnswer> {
    const held = await heldLines(store.query, { odoo: scope.odoo, company: scope.company ?? '' });
    return await live.ask(scope, 'moves', { moves, held }, { signal });
  }

  async function viewOf(scope: ModelScope, { id, planId, moves }: Whatif, signal?: AbortSignal): Promise<WhatifView> {
    const answer = await made(scope, moves, signal);
    const plan = await live.plan(scope);
    return { id, moves: moves.length, planChanged: plan?.id !== planId, ...answer };
  }

  /** Two windows of one person change the same session: the list must still be what was looked at. */
  async function change(session: Whatif, moves: readonly MoveWish[]): Promise<Whatif> {
    const [changed] = await store.query<Whatif>(
      `update planbridge.whatif set moves = $2::jsonb, changed_at = $3
       where id = $1 and state = 'open' and jsonb_array_length(moves) = $4 returning ${COLUMNS}`,
      [session.id, JSON.stringify(moves), new Date(now()), session.moves.length],
    );
    if (changed) return changed;
    throw new PlanbridgeError('PB_PLAN_REFUSED', 409, 'These moves were changed in another window meanwhile.', {
      remedy: 'Load the page again.',
    });
  }

  return {
    async begin(scope, who, signal) {
      const { odoo } = scope;
      const company = scope.company ?? '';
      const plan = await live.plan(scope);
      if (plan === null) {
        throw new PlanbridgeError('PB_PLAN_REFUSED', 409, 'There is no plan yet.', {
          remedy: 'Begin a run of odoo_read_1,plan.',
        });
      }
      const known = await openOf(scope, who);
      if (known) return await viewOf(scope, known, signal);
      const [fresh] = await store.query<Whatif>(
        `insert into planbridge.whatif (odoo, company, plan_id, who, begun_at, changed_at)
         values ($1, $2, $3, $4, $5, $5) returning ${COLUMNS}`,
        [odoo, company, plan.id, who, new Date(now())],
      );
      return await viewOf(scope, fresh!, signal);
    },
    async current(scope, who, signal) {
      const known = await openOf(scope, who);
      return known && known.moves.length > 0 ? await viewOf(scope, known, signal) : null;
    },
    async view(scope, id, signal) {
      return await viewOf(scope, await open(scope, id), signal);
    },
    async move(scope, id, wish, signal) {
      const session = await open(scope, id);
      const moves = [...session.moves, wish];
      if (moves.length > MOST_MOVES) {
        throw new PlanbridgeError('PB_PLAN_REFUSED', 409, `There are ${MOST_MOVES} moves already.`, {
          remedy: 'Save them, and plan anew.',
        });
      }
      const { lost } = await made(scope, moves, signal);
      const mine = lost.find(({ move }) => move === moves.length - 1);
      if (mine) throw new PlanbridgeError('PB_PLAN_REFUSED', 409, mine.reason, { remedy: 'Put it elsewhere.' });
      return await viewOf(scope, await change(session, moves), signal);
    },
    async undo(scope, id, signal) {
      const session = await open(scope, id);
      const left = session.moves.slice(0, -1);
      return await viewOf(scope, session.moves.length === 0 ? session : await change(session, left), signal);
    },
    async discard(scope, id) {
      await open(scope, id);
      await store.query(`update planbridge.whatif set state = 'discarded', changed_at = $2 where id = $1`, [
        id,
        new Date(now()),
      ]);
    },
    async save(scope, id, who) {
      const session = await open(scope, id);
      const { changed } = await made(scope, session.moves);
      const saved = await saveMoves(store, scope, changed, { who, at: now() });
      await store.query(`update planbridge.whatif set state = 'saved', changed_at = $2 where id = $1`, [
        id,
        new Date(now()),
      ]);
      return saved;
    },
  };
}
