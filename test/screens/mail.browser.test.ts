// Order mails in a real browser: a mail with a wrong line is corrected beside its original until Odoo's number stands there, a
// refused sender is let through, a customer is answered and chosen for; and no mail becomes part of our page.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingChromium, type Screens, startScreens } from './browser.ts';

const missing = missingChromium();
const MAIL_TOKEN = 'a-token-that-only-hands-in-mails-here';
const SALES = 'sales@mycompany.example';
const CUSTOMER = 'einkauf@hydrotec.example';

let serial = 0;
function written(subject: string, text: string, { from = CUSTOMER, type = 'text/plain' } = {}): string {
  return [
    `From: ${from}`,
    `To: ${SALES}`,
    `Subject: ${subject}`,
    `Message-ID: <${++serial}.${process.pid}@customer.example>`,
    'MIME-Version: 1.0',
    `Content-Type: ${type}; charset=utf-8`,
    '',
    text.replaceAll('\n', '\r\n'),
    '',
  ].join('\r\n');
}

/** A day that is still to come when the test runs. */
const day = new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 10);

describe.skipIf(missing !== null)('mail orders', () => {
  let screens: Screens;
  beforeAll(async () => {
    screens = await startScreens({
      MAIL_TOKEN,
      MAIL_ADDRESSES: SALES,
      MAIL_FROM: `Sales <${SALES}>`,
      MAIL_SMTP_URL: 'catch:',
      MAIL_SENDERS: 'hydrotec.example',
    });
  }, 120_000);
  afterAll(() => screens?.close());

  const hand = async (raw: string) => {
    const headers = { authorization: `Bearer ${MAIL_TOKEN}` };
    const answer = await fetch(`${screens.service.url}/mail/inbound`, { method: 'POST', headers, body: raw });
    expect(answer.status).toBe(201);
  };
  const rowOf = (page: Page, subject: string) =>
    page.getByRole('grid').locator('.lines [role=row]', { hasText: subject }).first();
  const openRow = async (page: Page, subject: string) => {
    const row = rowOf(page, subject);
    await row.waitFor();
    // Not on a link.
    await row.click({ position: { x: 4, y: 10 } });
  };

  it('come in while one looks; a wrong line is corrected beside the mail, and Odoo gives its number', async () => {
    const page = await screens.tab('/mail/');
    await page.getByText('No mail has come yet.').waitFor();
    const lines = [
      'Hello, this is my order below,',
      '- address: chemin de soleil, 1223, Geneva',
      `- Delivery Date: ${day}`,
      '- Product ID: 21',
      '- Quantity: 2',
      '',
      `- Delivery Date: ${day}`,
      '- Product: HG-999',
      '- Quantity: lots',
      '',
      'Thank you,',
    ];
    await hand(written('Order of hinges', lines.join('\n')));
    await openRow(page, 'Order of hinges');

    const read = page.getByRole('region', { name: 'As it was read' });
    await read.getByText('Quantity: not a number').waitFor();
    await read.getByText('Product: unknown').waitFor();
    expect(await read.getByText('line 7').count()).toBe(1);
    const original = page.locator('pre.mail').first();
    expect(await original.innerText()).toContain('chemin de soleil, 1223, Geneva');
    await read.getByText('HG-999').first().hover();
    await expect.poll(() => original.locator('mark.chosen').allInnerTexts()).toContainEqual('- Product: HG-999\n');
    expect(await page.getByLabel('Mails sent').getByText(CUSTOMER).count()).toBeGreaterThan(0);

    await page.getByRole('button', { name: 'Correct the order' }).click();
    const form = page.getByRole('form', { name: 'Correct the order' });
    expect(await form.getByRole('button', { name: 'Go on with these lines' }).isDisabled()).toBe(true);
    const product = form.getByLabel('Product of line 2', { exact: true }).first();
    await product.fill('hinge nick');
    await page.getByRole('option', { name: /HG-241/ }).waitFor();
    await product.press('Enter');
    await expect.poll(() => product.inputValue()).toBe('[HG-241] Hinge, nickel-plated');
    await form.getByLabel('Quantity of line 2').fill('3');
    await form.getByLabel("Customer's reference").fill('PO 4711');
    await form.getByRole('button', { name: 'Make the order anyway' }).click();
    const number = page.locator('a', { hasText: /^S\d{5}/ });
    await number.waitFor();
    expect(await number.getAttribute('href')).toContain(screens.demo.url);
    expect(await number.getAttribute('href')).toContain('model=sale.order');
    await page.getByLabel('What happened').getByText('by admin').waitFor();
    const name = (await number.innerText()).slice(0, 6);
    await page.getByRole('link', { name: 'All conversations' }).click();
    await rowOf(page, 'Order of hinges').getByText(name).waitFor();
    await page.close();
    expect(screens.troubles).toEqual([]);
  }, 120_000);

  it('that are short are chosen for, answered by hand, and closed', async () => {
    await hand(written('Pump housings', 'Please send 3 x PH-120 Pump housing.\n'));
    const page = await screens.tab('/mail/');
    await openRow(page, 'Pump housings');
    const short = page.getByRole('region', { name: 'Short of stock' });
    await short.getByText('[PH-120] Pump housing').waitFor();
    await page.getByRole('button', { name: 'Answer', exact: true }).click();
    await page.getByLabel('Text').fill('We are looking for a way.');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByLabel('Mails sent').getByText('Re: Pump housings').first().waitFor();
    await short.getByRole('button', { name: /^3/ }).click();
    await page.getByText('cancelled', { exact: true }).first().waitFor();
    await page.getByLabel('What happened').getByText('choice cancel').waitFor();
    await page.close();
    expect(screens.troubles).toEqual([]);
  }, 120_000);

  it('from senders that are refused are let through, and HTML is shown as text', async () => {
    const html = '<p>We order <b>2 x HG-240</b>.</p><img src=x onerror="document.title=1"><script>alert(1)</script>';
    await hand(written('From elsewhere', html, { from: 'ann@elsewhere.example', type: 'text/html' }));
    const { page, frame } = await screens.framed('/mail/mails/');
    const row = frame.getByRole('grid').locator('.lines [role=row]', { hasText: 'From elsewhere' }).first();
    await row.getByText('refused', { exact: true }).waitFor();
    await row.click({ position: { x: 4, y: 10 } });
    await frame.getByRole('button', { name: 'Let it through' }).click();
    await row.getByText('order', { exact: true }).waitFor();
    await row.click({ position: { x: 4, y: 10 } });
    await frame.getByRole('link', { name: /^Conversation/ }).click();
    const original = frame.locator('pre.mail').first();
    await original.waitFor();
    expect(await original.innerText()).toContain('We order 2 x HG-240.');
    expect(await original.locator('img, script, b').count()).toBe(0);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      frame.getByRole('button', { name: 'Download the original' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^mail-\d+\.eml$/);
    await page.close();
    expect(screens.troubles).toEqual([]);
  }, 120_000);
});
