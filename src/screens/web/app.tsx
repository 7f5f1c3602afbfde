// The frame of the app: menu, the screen of the address, and what is said above all of them.
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { Component, type ReactNode, Suspense, useEffect, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { ApiError, onSessionEnd, send } from './kit/api.ts';
import { start } from './kit/start.ts';
import { type Theme, useTheme } from './kit/theme.ts';
import { Failed, Loading, Toasts } from './kit/ui.tsx';
import { t } from './kit/words.ts';
import { SCREENS, screenOf } from './screens.ts';

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (count, error) => count < 2 && !(error instanceof ApiError && error.status < 500),
    },
  },
});

export function App() {
  const [location] = useLocation();
  const [over, setOver] = useState(false);
  useEffect(() => onSessionEnd(() => setOver(true)), []);
  const { screen, detail } = screenOf(location);
  const Shown = screen.component;
  return (
    <QueryClientProvider client={queries}>
      <div className={start.navbar ? 'app' : 'app bare'}>
        {start.navbar && <Menu current={screen.path} />}
        <Mishap key={screen.path}>
          {over ? (
            <SessionOver />
          ) : (
            <Suspense fallback={<Loading />}>
              <Shown detail={detail} />
            </Suspense>
          )}
        </Mishap>
      </div>
      <Toasts />
    </QueryClientProvider>
  );
}

function Menu({ current }: { current: string }) {
  const [theme, setTheme] = useTheme();
  return (
    <nav className="menu" aria-label={t('Screens')}>
      {/* Past the menu, for who walks by keyboard. */}
      <button type="button" className="skip" onClick={() => document.querySelector<HTMLElement>('main')?.focus()}>
        {t('To the screen')}
      </button>
      <span className="brand">Planbridge</span>
      {SCREENS.filter(({ hidden }) => !hidden).map(({ path, title }) => (
        <Link key={path} href={path} aria-current={path === current ? 'page' : undefined}>
          {t(title)}
        </Link>
      ))}
      <div className="foot">
        {start.odooUrl && (
          <a href={start.odooUrl} target="_top">
            {t('Back to Odoo')}
          </a>
        )}
        <label className="field">
          <span>{t('Colours')}</span>
          <select value={theme} onChange={(event) => setTheme(event.target.value as Theme)}>
            <option value="system">{t('As the system')}</option>
            <option value="light">{t('Light')}</option>
            <option value="dark">{t('Dark')}</option>
          </select>
        </label>
        <span className="soft">{start.name || start.login}</span>
        <button type="button" className="button" onClick={() => void signOut()}>
          {t('Sign out')}
        </button>
      </div>
    </nav>
  );
}

async function signOut(): Promise<void> {
  await send('POST', '/signout');
  window.location.assign('/');
}

function SessionOver() {
  return (
    <div className="note" role="alert">
      <strong>{t('Your session has ended.')}</strong>
      <p>{t('Open the menu in Odoo again, or sign in here.')}</p>
      <button type="button" className="button primary" onClick={() => window.location.reload()}>
        {t('Sign in')}
      </button>
    </div>
  );
}

/** A screen that breaks leaves the others alone. */
class Mishap extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state = { error: null };
  static getDerivedStateFromError(error: Error) {
    return { error };
  }
  override render() {
    const { error } = this.state;
    return error ? <Failed error={error} retry={() => this.setState({ error: null })} /> : this.props.children;
  }
}
