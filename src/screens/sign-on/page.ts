// The page that asks for an Odoo login, and says what to do when a link from Odoo is not taken. Plain HTML, no script.
import { escapeHtml } from '../../http/html.ts';
import type { Language } from '../languages.ts';

const TEXTS = {
  en: {
    title: 'Sign in',
    intro: 'Use your Odoo login.',
    login: 'Login',
    password: 'Password or API key',
    submit: 'Sign in',
  },
  fr: {
    title: 'Connexion',
    intro: 'Utilisez votre identifiant Odoo.',
    login: 'Identifiant',
    password: 'Mot de passe ou clé API',
    submit: 'Se connecter',
  },
  de: {
    title: 'Anmelden',
    intro: 'Mit dem Odoo-Konto anmelden.',
    login: 'Benutzername',
    password: 'Passwort oder API-Schlüssel',
    submit: 'Anmelden',
  },
} as const satisfies Record<Language, object>;

export interface SignInPage {
  language: Language;
  /** Address to go on to. */
  next: string;
  /** What went wrong, and what to do; null at the first visit. */
  problem: { message: string; remedy: string } | null;
  login: string;
}

export function signInPage({ language, next, problem, login }: SignInPage): string {
  const texts = TEXTS[language];
  const said = problem
    ? `<p role="alert" class="problem"><strong>${escapeHtml(problem.message)}</strong> ${escapeHtml(problem.remedy)}</p>`
    : '';
  return `<!doctype html>
<html lang="${language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="referrer" content="no-referrer">
<title>${texts.title} · Planbridge</title>
<link rel="stylesheet" href="/signin.css">
<link rel="icon" href="data:,">
<main>
<h1>Planbridge</h1>
${said}
<p>${texts.intro}</p>
<form method="post" action="/signin">
<input type="hidden" name="next" value="${escapeHtml(next)}">
<label>${texts.login}<input name="login" autocomplete="username" required autofocus value="${escapeHtml(login)}"></label>
<label>${texts.password}<input name="password" type="password" autocomplete="current-password" required></label>
<button>${texts.submit}</button>
</form>
</main>
</html>
`;
}

export const SIGN_IN_STYLE = `:root { color-scheme: light dark; font: 14px/1.5 system-ui, sans-serif;
  --ground: light-dark(#f6f7f9, #12161c); --paper: light-dark(#fff, #191f27); --line: light-dark(#cdd3db, #3b4758);
  --ink: light-dark(#1b2430, #e6eaf0); --soft: light-dark(#5a6675, #9aa7b7);
  --accent: light-dark(#1f5fbf, #74a7f5); --accent-ink: light-dark(#fff, #0d1b30); }
body { display: grid; place-items: center; min-height: 90vh; margin: 0; background: var(--ground); color: var(--ink); }
main { box-sizing: border-box; width: min(24rem, 92vw); padding: 1.6rem 1.8rem 1.8rem; background: var(--paper);
  border: 1px solid var(--line); border-radius: 10px; }
h1 { margin: 0; font-size: 1.35rem; }
p { margin: .3rem 0 1rem; color: var(--soft); }
label { display: block; margin: .8rem 0; }
input { display: block; box-sizing: border-box; width: 100%; margin-top: .2rem; padding: .5rem .6rem; font: inherit; color: inherit;
  background: var(--paper); border: 1px solid var(--line); border-radius: 6px; }
button { width: 100%; margin-top: .4rem; padding: .55rem 1.2rem; font: inherit; font-weight: 600; cursor: pointer;
  color: var(--accent-ink); background: var(--accent); border: 0; border-radius: 6px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
.problem { padding: .6rem .8rem; color: var(--ink); border-left: 4px solid #c0392b; border-radius: 4px;
  background: color-mix(in srgb, #c0392b 12%, transparent); }
`;
