// GET shows what a link would do and changes nothing, however often scanners fetch it; POST, sent by the page's button, does it.
import type { Api } from '../../http/api.ts';
import { errorFields, type Log } from '../../log.ts';
import type { Query, Store } from '../../store/database.ts';
import { asLanguage, nameIn } from '../answers/language.ts';
import { formatsOf, pageWords } from '../answers/words.ts';
import type { Catalogue } from '../catalogue.ts';
import { applyEvent } from '../conversation/apply.ts';
import { choiceHappening, type HandleSettings } from '../conversation/handle.ts';
import { lockStock } from '../conversation/holds.ts';
import type { Conversation } from '../conversation/model.ts';
import { type FactsSurroundings, gatherFacts } from '../conversation/prepare.ts';
import { findConversation, lockConversation } from '../conversation/rows.ts';
import { type ChoicePage, sendChoicePage } from './page.ts';
import { CHOICE_PATH, type LinkClaim, type Links } from './sign.ts';

export interface ChoiceSurroundings extends FactsSurroundings {
  store: Store;
  settings: HandleSettings;
  catalogue: () => Promise<Catalogue>;
  today: (instant: number) => string;
  company: () => string;
  wake(): void;
  log: Log;
}

type Verdict = 'open' | 'used' | 'expired';

/** A link counts for the question that it was sent with, as long as that is open. */
function verdictOf(claim: LinkClaim, conversation: Conversation | null): Verdict {
  if (claim.used) return 'used';
  if (!conversation) return 'expired';
  const asking =
    conversation.state === 'waiting-for-choice' || (conversation.state === 'person' && conversation.short.length > 0);
  if (!asking) return 'used';
  return claim.expired || conversation.round !== claim.round ? 'expired' : 'open';
}

export function addChoiceRoutes(api: Api, links: Links, surroundings: ChoiceSurroundings): void {
  const { store, now, log, company } = surroundings;
  const route = { path: `${CHOICE_PATH}/:token`, tag: 'Mail', role: 'anyone', contentType: 'text/html' } as const;

  function page(more: Partial<ChoicePage> & Pick<ChoicePage, 'language'>, key: string, status: number): ChoicePage {
    const words = pageWords(more.language);
    return { status, heading: words.title!, text: words[key]!, company: company(), ...more };
  }

  api.route(
    { method: 'get', ...route, summary: 'The page behind a link in a stock notice; changes nothing' },
    async ({ params, response }) => {
      try {
        const checked = await links.check(store.query, params.token ?? '', new Date(now()));
        if (checked.kind === 'invalid') {
          sendChoicePage(response, page({ language: 'en' }, 'invalid', 404));
          return;
        }
        const { claim } = checked;
        const conversation = await findConversation(store.query, claim.conversation);
        const language = asLanguage(conversation?.language ?? 'en');
        const verdict = verdictOf(claim, conversation);
        const open = verdict === 'open' && conversation !== null;
        sendChoicePage(response, open ? await question(conversation, claim) : page({ language }, verdict, 410));
      } catch (error) {
        log.warn(errorFields(error), 'the page of a link could not be shown');
        sendChoicePage(response, page({ language: 'en' }, 'later', 503));
      }
    },
  );

  api.route(
    { method: 'post', ...route, summary: 'Makes the choice of a link in a stock notice' },
    async ({ params, response }) => {
      let language = asLanguage('en');
      try {
        const checked = await links.check(store.query, params.token ?? '', new Date(now()));
        if (checked.kind === 'invalid') {
          sendChoicePage(response, page({ language }, 'invalid', 404));
          return;
        }
        const { claim } = checked;
        const conversation = await findConversation(store.query, claim.conversation);
        language = asLanguage(conversation?.language ?? 'en');
        const verdict = conversation ? await choose(conversation, claim) : 'expired';
        const [key, status] = verdict === 'open' ? (['thanks', 200] as const) : ([verdict, 410] as const);
        sendChoicePage(response, page({ language }, key, status));
      } catch (error) {
        log.warn(errorFields(error), 'the choice of a link could not be made');
        sendChoicePage(response, page({ language }, 'later', 503));
      }
    },
  );

  async function question(conversation: Conversation, { choice }: LinkClaim): Promise<ChoicePage> {
    const language = asLanguage(conversation.language);
    const words = pageWords(language);
    const format = formatsOf(language);
    const catalogue = await surroundings.catalogue();
    const reference = conversation.readOrder?.customerReference;
    const lines = conversation.short.map(({ product: id, quantity, uom }) => {
      const product = catalogue.product(id);
      const name = product ? nameIn(product.name, language) : '';
      return `${format.quantity(quantity, uom ?? product?.uom ?? '')} ${name}`;
    });
    return {
      language,
      status: 200,
      heading: words[choice]!,
      text: reference
        ? `${words.of} ${reference}:`
        : `${words.from} ${format.instant(conversation.receivedAt.getTime())}:`,
      lines,
      confirm: { label: words.confirm! },
      company: company(),
    };
  }

  async function choose(found: Conversation, claim: LinkClaim): Promise<Verdict> {
    const today = surroundings.today(now());
    const facts = await gatherFacts(surroundings, {
      catalogue: await surroundings.catalogue(),
      lines: [],
      customerKeys: [],
      conversation: found.id,
      today,
      signal: new AbortController().signal,
    });
    const verdict = await store.transaction(async (query) => {
      await lockStock(query);
      const conversation = await lockConversation(query, found.id);
      const state = verdictOf((await fresh(query, claim)) ?? claim, conversation);
      if (state !== 'open' || !conversation) return state;
      const at = new Date(now());
      await query('update planbridge.mail_link set used_at = $2 where id = $1', [claim.id, at]);
      const incoming = { today, stored: null };
      const happening = await choiceHappening({ query, facts, incoming }, conversation, claim.choice, []);
      const cause = { kind: 'link', link: claim.id } as const;
      await applyEvent(query, conversation, { ...happening, cause }, surroundings.settings.deadlines, at);
      return state;
    });
    surroundings.wake();
    return verdict;
  }

  async function fresh(query: Query, claim: LinkClaim): Promise<LinkClaim | null> {
    const [row] = await query<{ usedAt: Date | null; expiresAt: Date }>(
      'select used_at as "usedAt", expires_at as "expiresAt" from planbridge.mail_link where id = $1 for update',
      [claim.id],
    );
    return row ? { ...claim, used: row.usedAt !== null, expired: row.expiresAt.getTime() <= now() } : null;
  }
}
