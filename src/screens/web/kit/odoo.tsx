// Links from names of planning entities to their records in Odoo. Names that are drawn at the same time are asked for together.
import { useQuery } from '@tanstack/react-query';
import { api } from './api.ts';
import { odooLink } from './start.ts';
import { t } from './words.ts';

export interface OdooRecord {
  model: string;
  id: number;
}

type Kind = 'demand' | 'item' | 'operationplan' | 'operation' | 'resource' | 'location' | 'customer' | 'supplier';

interface Asked {
  kind: string;
  key: string;
  answer(record: OdooRecord | null): void;
  fail(error: unknown): void;
}

const TOGETHER_MS = 15;
const MOST = 200;
let asked: Asked[] = [];

async function ask(): Promise<void> {
  const all = asked;
  asked = [];
  for (let at = 0; at < all.length; at += MOST) {
    const some = all.slice(at, at + MOST);
    try {
      const names = some.map(({ kind, key }) => ({ kind, key }));
      const { records } = await api.post<{ records: (OdooRecord & { kind: string; key: string })[] }>(
        '/api/odoo-records',
        { names },
      );
      const found = new Map(records.map((record) => [`${record.kind}\n${record.key}`, record]));
      for (const { kind, key, answer } of some) answer(found.get(`${kind}\n${key}`) ?? null);
    } catch (error) {
      for (const { fail } of some) fail(error);
    }
  }
}

function recordOf(kind: string, key: string): Promise<OdooRecord | null> {
  return new Promise((answer, fail) => {
    if (asked.length === 0) setTimeout(() => void ask(), TOGETHER_MS);
    asked.push({ kind, key, answer, fail });
  });
}

/** An arrow to the record in Odoo; nothing where there is none. */
export function OdooArrow({ record, name }: { record: OdooRecord | null | undefined; name: string }) {
  const address = record ? odooLink(record.model, record.id) : null;
  if (!address) return null;
  return (
    <a
      className="arrow"
      href={address}
      target="_blank"
      rel="noreferrer"
      title={t('Open in Odoo')}
      aria-label={t('Open {name} in Odoo', { name })}
    >
      ↗
    </a>
  );
}

/** The arrow of a name: `<InOdoo kind="item" name={item} />`. */
export function InOdoo({ kind, name }: { kind: Kind; name: string | null | undefined }) {
  const found = useQuery({
    queryKey: ['odoo record', kind, name],
    queryFn: () => recordOf(kind, name ?? ''),
    enabled: Boolean(name),
    staleTime: 60_000,
  });
  return <OdooArrow record={found.data} name={name ?? ''} />;
}
