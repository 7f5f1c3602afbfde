// The mail that tells somebody that a product is there again, as shipped; the settings may have other words.
import { z } from 'zod';
import { problemOf } from './template.ts';

export const BACK_IN_STOCK_NAMES = [
  ...['name', 'product', 'description', 'image', 'link', 'code', 'amount', 'minimum', 'expires', 'shop'],
] as const;

const SUBJECT = '{{product}} is back in stock';

const HTML = `<!doctype html>
<html><body style="margin:0;padding:24px;background:#f4f4f2;font-family:Helvetica,Arial,sans-serif;color:#222">
<table role="presentation" width="100%" style="max-width:560px;margin:0 auto;background:#fff;border-radius:8px"><tr><td style="padding:24px">
<p>Hello{{#name}} {{name}}{{/name}},</p>
<p>good news: <strong>{{product}}</strong> is back in stock.</p>
{{#image}}<p><img src="{{image}}" alt="{{product}}" width="320" style="max-width:100%;border-radius:6px"></p>{{/image}}
{{#description}}<p style="color:#555">{{description}}</p>{{/description}}
{{#code}}<p>Here is a coupon for your patience: {{amount}} off when you spend {{minimum}} or more.</p>
<p style="font-size:22px;letter-spacing:2px;text-align:center;border:2px dashed #4a7c59;border-radius:6px;padding:12px"><strong>{{code}}</strong></p>
<p style="color:#555">It can be used until {{expires}}.</p>{{/code}}
{{#link}}<p><a href="{{link}}" style="color:#2b6cb0">See it in the shop</a></p>{{/link}}
<p>{{shop}}</p>
</td></tr></table></body></html>`;

const TEXT = `Hello{{#name}} {{name}}{{/name}},

good news: {{product}} is back in stock.
{{#description}}

{{description}}
{{/description}}
{{#code}}

Here is a coupon for your patience: {{amount}} off when you spend {{minimum}} or more.

    {{code}}

It can be used until {{expires}}.
{{/code}}
{{#link}}

{{link}}
{{/link}}

{{shop}}`;

const template = (text: string) =>
  z
    .string()
    .min(1)
    .superRefine((given, context) => {
      const problem = problemOf(given, BACK_IN_STOCK_NAMES);
      if (problem) context.addIssue({ code: 'custom', message: problem });
    })
    .default(text);

export const BACK_IN_STOCK_TEMPLATES = {
  subject: template(SUBJECT).describe('Subject of the mail'),
  html: template(HTML).describe('The mail as a page'),
  text: template(TEXT).describe('The mail as plain text'),
};
