// Connections with a test each, users and their roles, and what is configured.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../kit/api.ts';
import { may } from '../kit/start.ts';
import { Badge, Empty, Failed, Loading, Screen, say, sayError, type Tone } from '../kit/ui.tsx';
import { t } from '../kit/words.ts';

interface Finding {
  state: 'ok' | 'warning' | 'fault';
  subject: string;
  found: string;
  remedy: string;
}

interface User {
  login: string;
  name: string;
  role: string;
  givenRole: string | null;
  active: boolean;
}

const CONNECTIONS = [
  { name: 'odoo', title: 'Odoo' },
  { name: 'database', title: 'Database of Planbridge' },
  { name: 'planner', title: 'Planning engine' },
  { name: 'mail', title: 'Mail' },
  { name: 'parts', title: 'Parts of the service' },
];
const TONES: Record<Finding['state'], Tone> = { ok: 'ok', warning: 'warn', fault: 'late' };
/** Words that stand for values. */
const VALUES = ['set', 'not set', 'none', 'yes', 'no', 'embedded', 'built-in engine', 'every internal user'];
const ROLES = ['viewer', 'planner', 'administrator'];

export function Admin() {
  if (!may('administrator')) {
    return (
      <Screen title={t('Admin')}>
        <Empty title={t('This is for administrators.')}>{t('An administrator can give you the role.')}</Empty>
      </Screen>
    );
  }
  return (
    <Screen title={t('Admin')}>
      <div className="split">
        <div>
          <section className="card">
            <h2>{t('Connections')}</h2>
            <div className="tests">
              {CONNECTIONS.map(({ name, title }) => (
                <Connection key={name} name={name} title={t(title)} />
              ))}
            </div>
          </section>
          <Users />
        </div>
        <Settings />
      </div>
    </Screen>
  );
}

function Connection({ name, title }: { name: string; title: string }) {
  const test = useMutation({
    mutationFn: () => api.post<{ findings: Finding[] }>(`/api/admin/test/${name}`),
    onError: sayError,
  });
  return (
    <>
      <strong>{title}</strong>
      <button type="button" className="button" disabled={test.isPending} onClick={() => test.mutate()}>
        {test.isPending ? t('Testing …') : t('Test')}
      </button>
      {test.data && (
        <div className="found" role="status">
          {test.data.findings.map(({ state, subject, found, remedy }) => (
            <div key={`${subject} ${found}`} className="row">
              <Badge tone={TONES[state]}>{t(state)}</Badge>
              <span>
                {subject}: <span className="soft">{found}</span> {remedy}
              </span>
            </div>
          ))}
        </div>
      )}
    </>
  );
}

function Users() {
  const client = useQueryClient();
  const found = useQuery({ queryKey: ['users'], queryFn: () => api.get<{ users: User[] }>('/api/users') });
  const again = () => client.invalidateQueries({ queryKey: ['users'] });
  const sync = () =>
    api.post('/api/users/sync').then(() => {
      say(t('The users are as Odoo has them.'));
      return again();
    }, sayError);
  const give = (login: string, role: string) =>
    api.put(`/api/users/${encodeURIComponent(login)}/role`, { role: role || null }).then(again, sayError);
  return (
    <section className="card">
      <div className="row">
        <h2>{t('Users')}</h2>
        <button type="button" className="button" onClick={() => void sync()}>
          {t('Take over from Odoo')}
        </button>
      </div>
      {found.isPending ? (
        <Loading />
      ) : found.error ? (
        <Failed error={found.error} retry={() => void found.refetch()} />
      ) : (
        <table className="plain level">
          <tbody>
            {found.data.users.map(({ login, name, role, givenRole, active }) => (
              <tr key={login}>
                <td>
                  {name} <span className="soft">{login}</span>
                </td>
                <td>{!active && <Badge>{t('not active')}</Badge>}</td>
                <td>
                  <select
                    aria-label={t('Role of {name}', { name: name || login })}
                    value={givenRole ?? ''}
                    onChange={(event) => void give(login, event.target.value)}
                  >
                    <option value="">{t('{role}, as Odoo says', { role: t(role) })}</option>
                    {ROLES.map((each) => (
                      <option key={each} value={each}>
                        {t(each)}
                      </option>
                    ))}
                  </select>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Settings() {
  const found = useQuery({
    queryKey: ['settings'],
    queryFn: () => api.get<{ settings: { name: string; value: string }[] }>('/api/admin/settings'),
  });
  return (
    <section className="card">
      <h2>{t('Configuration')}</h2>
      <p className="soft">{t('It is set by variables of the environment; the README has them all.')}</p>
      {found.error && <Failed error={found.error} />}
      <table className="plain">
        <tbody>
          {found.data?.settings.map(({ name, value }) => (
            <tr key={name}>
              <td>
                <code>{name}</code>
              </td>
              <td>{VALUES.includes(value) ? t(value) : value}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>
        <a href="/api" target="_blank" rel="noreferrer">
          {t('Description of the API')}
        </a>
      </p>
    </section>
  );
}
