// Mails of automations: into the outbox, which sends them once. A mail and its entry in the ledger are one transaction.

import { PlanbridgeError } from '../../errors.ts';
import type { MailAnswersConfig } from '../../mail/outbox/config.ts';
import { newMessageId, newToken, parseAddress, rawMessage } from '../../mail/outbox/message.ts';
import { addOutbound } from '../../mail/outbox/store.ts';
import type { AutomationMail } from '../automation.ts';
import type { Effects } from './effects.ts';

export interface MailOptions {
  /** Whom mails come from; null = nothing says. */
  from: MailAnswersConfig['from'];
  automation: string;
  effects: Effects;
  now: () => number;
}

export function createAutomationMail({ from, automation, effects, now }: MailOptions): AutomationMail {
  return {
    async send({ key, once, to, subject, html, text, language = 'en' }) {
      if (from === null) {
        throw new PlanbridgeError('PB_AUTOMATION_ENGINE', 409, 'Nothing says whom mails of automations come from.', {
          remedy: 'Set MAIL_FROM, and MAIL_SMTP_URL.',
        });
      }
      const recipient = parseAddress(to);
      const change = {
        key,
        once,
        subject: to,
        description: `mail "${subject}"`,
        before: null,
        after: { subject, text },
      };
      return await effects.within(change, async (query) => {
        if (recipient === null) throw new PlanbridgeError('PB_REQUEST_ARGUMENT', 400, `"${to}" is no mail address.`);
        const at = new Date(now());
        const messageId = newMessageId(from.address);
        const raw = await rawMessage({
          from,
          to,
          subject,
          text,
          html,
          messageId,
          inReplyTo: null,
          references: [],
          autoSubmitted: 'auto-generated',
          date: at,
        });
        await addOutbound(
          query,
          {
            conversation: null,
            effect: null,
            part: '',
            template: automation,
            kind: 'notice',
            messageId,
            recipient: recipient.address,
            envelopeFrom: from.address,
            subject,
            language,
            text,
            raw,
            automatic: true,
            author: null,
            open: false,
            token: newToken(),
          },
          at,
        );
        return true;
      });
    },
  };
}
