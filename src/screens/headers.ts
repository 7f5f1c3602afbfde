// What browsers are told about our pages: who may frame them, that nothing but our own files runs in them, and that addresses
// (which may hold a web token) are told to nobody.
import type { Response } from 'express';

export interface HeaderOptions {
  /** Origins that may frame us, such as `https://odoo.example.com`. */
  frameOrigins: readonly string[];
}

/** `'self'` besides, so that the app may open itself in a frame. */
export function contentSecurityPolicy({ frameOrigins }: HeaderOptions): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    `frame-ancestors ${["'self'", ...frameOrigins].join(' ')}`,
  ].join('; ');
}

export function setPageHeaders(response: Response, options: HeaderOptions): void {
  response.set({
    'Cache-Control': 'no-store',
    'Content-Security-Policy': contentSecurityPolicy(options),
    'Referrer-Policy': 'no-referrer',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Origin-Agent-Cluster': '?1',
  });
  if (response.req.secure) response.set('Strict-Transport-Security', 'max-age=31536000');
}
