// 20: tables with prices from the sites of competitors, as CSV of the day. A site that fails does not keep the others.
import { z } from 'zod';
import { describeError } from '../../errors.ts';
import { redact } from '../../redact.ts';
import { automation } from '../automation.ts';
import { dayName } from '../csv.ts';
import { Site, scrape } from '../scrape.ts';

const settings = z.object({
  sites: z.array(Site).min(1).describe('The sites, each with its sign-in and where the table is'),
  timeoutSeconds: z.number().positive().max(600).default(60).describe('Longest wait for a page'),
  pauseSeconds: z.number().min(0).max(600).default(2).describe('Pause between two pages of a site'),
  userAgent: z.string().min(1).default('Mozilla/5.0 (compatible; Planbridge)').describe('How it calls itself'),
});

export const competitorPrices = automation({
  name: 'competitor-prices',
  title: 'Competitor prices',
  seed: '20',
  description:
    'Signs in to the sites of competitors, reads their tables of prices and availability, and keeps them as CSV.',
  schedule: 'daily at 04:00',
  missed: 'skip',
  needs: ['files'],
  settings,
  async run({ settings: wanted, files, signal, today, log, count, progress }) {
    const options = {
      ...{ timeoutMs: wanted.timeoutSeconds * 1_000, pauseMs: wanted.pauseSeconds * 1_000 },
      ...{ userAgent: wanted.userAgent, signal },
    };
    for (const [at, site] of wanted.sites.entries()) {
      progress(at / wanted.sites.length, site.name);
      try {
        const { header, rows } = await scrape(site, options);
        count(`rows of ${site.name}`, rows.length);
        await files.writeCsv(`competitors/${dayName(site.name, today())}.csv`, header, rows);
      } catch (error) {
        signal.throwIfAborted();
        log('error', redact(describeError(error)));
      }
    }
  },
});
