// The variables of answers and sales orders: what they may be, and what becomes of them. config.ts puts them among the others.
import { z } from 'zod';
import { type Address, parseAddress } from './message.ts';

export interface MailAnswersConfig {
  /** Whom answers come from; null = nothing can be answered. */
  from: Address | null;
  /** `smtp://…`; `catch:` keeps mails instead of sending them; null = they wait. */
  smtpUrl: string | null;
  /** Under which customers reach this service; null = mails have no links. */
  publicUrl: string | null;
  confirmOrders: boolean;
  holdWholeOrder: boolean;
  templates: string | null;
  reminderDays: number;
  expiryDays: number;
  answersPerHour: number;
  /** Who is told daily what waits; null = nobody. */
  reportTo: string | null;
}

const number = (fallback: number, minimum: number, maximum: number) => {
  const wanted = `is not a number from ${minimum} to ${maximum}`;
  return z.coerce.number(wanted).min(minimum, wanted).max(maximum, wanted).default(fallback);
};
const yesOrNo = (fallback: 'yes' | 'no') =>
  z
    .string()
    .toLowerCase()
    .default(fallback)
    .refine((text) => ['yes', 'no', 'true', 'false', '1', '0', 'on', 'off'].includes(text), 'is neither yes nor no')
    .transform((text) => ['yes', 'true', '1', 'on'].includes(text));

/** Of the whole configuration's schema. */
export const MAIL_ANSWERS_SHAPE = {
  MAIL_FROM: z
    .string()
    .refine((text) => parseAddress(text) !== null, 'is no address like Sales <sales@example.com>')
    .optional(),
  MAIL_SMTP_URL: z
    .string()
    .refine(
      (text) => text === 'catch:' || /^smtps?:$/.test(URL.parse(text)?.protocol ?? ''),
      'is no address of a mail server like smtp://user:password@mail.example.com:587',
    )
    .optional(),
  PUBLIC_URL: z
    .string()
    .refine(
      (text) => /^https?:$/.test(URL.parse(text)?.protocol ?? ''),
      'is no web address like https://planbridge.example.com',
    )
    .transform((text) => text.replace(/[?#].*$/, '').replace(/\/+$/, ''))
    .optional(),
  MAIL_CONFIRM_ORDERS: yesOrNo('yes'),
  MAIL_HOLD_WHOLE_ORDER: yesOrNo('no'),
  MAIL_TEMPLATES: z.string().optional(),
  MAIL_REMINDER_DAYS: number(3, 0.01, 365),
  MAIL_EXPIRY_DAYS: number(4, 0.01, 365),
  MAIL_ANSWERS_PER_HOUR: number(20, 1, 10_000),
  MAIL_REPORT_TO: z
    .string()
    .refine((text) => parseAddress(text) !== null, 'is no address like sales@example.com')
    .optional(),
} as const;

type Values = z.output<z.ZodObject<typeof MAIL_ANSWERS_SHAPE>>;

/** @param addresses at which orders come in; the first answers when nothing else is said */
export function mailAnswersConfig(values: Values, addresses: ReadonlySet<string>): MailAnswersConfig {
  const [first] = addresses;
  const from = values.MAIL_FROM ?? first;
  return {
    from: from === undefined ? null : parseAddress(from),
    smtpUrl: values.MAIL_SMTP_URL ?? null,
    publicUrl: values.PUBLIC_URL ?? null,
    confirmOrders: values.MAIL_CONFIRM_ORDERS,
    holdWholeOrder: values.MAIL_HOLD_WHOLE_ORDER,
    templates: values.MAIL_TEMPLATES ?? null,
    reminderDays: values.MAIL_REMINDER_DAYS,
    expiryDays: values.MAIL_EXPIRY_DAYS,
    answersPerHour: values.MAIL_ANSWERS_PER_HOUR,
    reportTo: values.MAIL_REPORT_TO ? (parseAddress(values.MAIL_REPORT_TO)?.address ?? null) : null,
  };
}

const DEMO_SALES = 'sales@mycompany.com';

/** The demo's sales desk: its mails are kept where they can be looked at, and nothing leaves the machine. */
export function mailsOfDemo<
  C extends { mail: { addresses: ReadonlySet<string> }; mailAnswers: MailAnswersConfig; http: { port: number } },
>({ mail, mailAnswers, http }: C): Pick<C, 'mail' | 'mailAnswers'> {
  const from = mailAnswers.from ?? { name: 'Sales', address: DEMO_SALES };
  return {
    mail: { ...mail, addresses: new Set([...mail.addresses, from.address]) },
    mailAnswers: {
      ...mailAnswers,
      from,
      smtpUrl: mailAnswers.smtpUrl ?? 'catch:',
      publicUrl: mailAnswers.publicUrl ?? `http://localhost:${http.port}`,
    },
  } as Pick<C, 'mail' | 'mailAnswers'>;
}
