// Who gets a report, as settings name them.
import { z } from 'zod';
import { parseAddress } from '../../mail/outbox/message.ts';

export const addresses = z
  .array(
    z.string().refine((text) => parseAddress(text) !== null, 'is no address like Ann <ann@example.com>'),
    'is missing; name who gets it',
  )
  .min(1, 'is empty; name who gets it')
  .describe('Who gets it; has to be given');
