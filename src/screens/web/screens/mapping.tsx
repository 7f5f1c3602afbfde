// The mapping sheet: as tables, as a drawing, to download, and to take an edited one in its place.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ChangeEvent, useEffect, useState } from 'react';
import { api, checked, download, query, send } from '../kit/api.ts';
import { may } from '../kit/start.ts';
import { Badge, Failed, Loading, Screen, say, sayError } from '../kit/ui.tsx';
import { instantText, t } from '../kit/words.ts';

interface CellError {
  address: string;
  heading: string;
  found: string;
  message: string;
  allowed: string[];
  suggestion?: string;
}

interface Answer {
  source: 'uploaded' | 'file' | 'shipped';
  sheets: { name: string; rows: string[][] }[];
  uploads: { id: number; name: string; who: string; at: string; inForce: boolean }[];
}

/** Words of this screen that stand in lists. */
const SOURCES = { uploaded: 'an uploaded sheet', file: 'the file mapping.xlsx', shipped: 'the sheet as shipped' };

/** Words of tabs that are no sheet. */
const TABS = ['Drawing', 'History'];

export function Mapping() {
  const client = useQueryClient();
  const found = useQuery({ queryKey: ['mapping'], queryFn: () => api.get<Answer>('/api/mapping') });
  const [shown, setShown] = useState('Mapping');
  const [errors, setErrors] = useState<{ name: string; errors: CellError[]; warnings: CellError[] } | null>(null);
  const again = () => client.invalidateQueries({ queryKey: ['mapping'] });

  async function upload(event: ChangeEvent<HTMLInputElement>): Promise<void> {
    const [file] = event.target.files ?? [];
    event.target.value = '';
    if (!file) return;
    try {
      const answer = await send('POST', `/api/mapping/file${query({ name: file.name })}`, { body: file });
      type Result = Omit<NonNullable<typeof errors>, 'name'>;
      // A file that is no workbook at all is refused without cells to name.
      const cells = answer.status === 422 ? ((await answer.clone().json()) as Partial<Result>) : {};
      const result = cells.errors ? (cells as Result) : ((await (await checked(answer)).json()) as Result);
      const clean = result.errors.length === 0 && result.warnings.length === 0;
      setErrors(clean ? null : { name: file.name, ...result });
      if (result.errors.length === 0) say(t('The sheet is in force.'));
      await again();
    } catch (error) {
      sayError(error);
    }
  }

  const back = () => api.delete('/api/mapping/file').then(again, sayError);
  const all = may('administrator');
  return (
    <Screen
      title={t('Mapping')}
      tools={
        found.data && (
          <>
            <span className="soft">{t('In force: {source}', { source: t(SOURCES[found.data.source]) })}</span>
            <span className="space" />
            <button
              type="button"
              className="button"
              onClick={() => void download('/api/mapping/file', 'mapping.xlsx').catch(sayError)}
            >
              {t('Download')}
            </button>
            {all && (
              <label className="button primary">
                {t('Upload')}
                <input
                  type="file"
                  accept=".xlsx"
                  className="visually-hidden"
                  onChange={(event) => void upload(event)}
                />
              </label>
            )}
            {all && found.data.source === 'uploaded' && (
              <button type="button" className="button" onClick={() => void back()}>
                {t('Back to the file')}
              </button>
            )}
          </>
        )
      }
    >
      {errors && <Errors {...errors} onClose={() => setErrors(null)} />}
      {found.isPending ? (
        <Loading />
      ) : found.error ? (
        <Failed error={found.error} retry={() => void found.refetch()} />
      ) : (
        <>
          <div className="row" role="tablist">
            {[...found.data.sheets.map(({ name }) => name), ...TABS].map((name) => (
              <button
                key={name}
                type="button"
                role="tab"
                aria-selected={name === shown}
                className={name === shown ? 'button primary' : 'button'}
                onClick={() => setShown(name)}
              >
                {t(name)}
              </button>
            ))}
          </div>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what is wider than the screen is scrolled by keys */}
          <section className="card" aria-label={t(shown)} tabIndex={0} style={{ marginTop: '.8rem', overflow: 'auto' }}>
            {shown === 'Drawing' ? (
              <Drawing version={found.data.uploads[0]?.id ?? 0} />
            ) : shown === 'History' ? (
              <History uploads={found.data.uploads} />
            ) : (
              <Table rows={found.data.sheets.find(({ name }) => name === shown)?.rows ?? []} />
            )}
          </section>
        </>
      )}
    </Screen>
  );
}

function Errors({ name, errors, warnings, onClose }: ErrorsProps) {
  const all = [...errors, ...warnings];
  return (
    <div className="problem" role="alert">
      <div className="row">
        <strong>
          {errors.length > 0
            ? t('{name} has {count} errors; the sheet in force stays as it was.', { name, count: errors.length })
            : t('{name} is in force. Odoo does not have everything that it asks for:', { name })}
        </strong>
        <button type="button" className="button plain" onClick={onClose}>
          {t('Close')}
        </button>
      </div>
      <table className="plain">
        <tbody>
          {all.map((error) => (
            <tr key={`${error.address} ${error.message}`}>
              <td>
                <code>{error.address}</code>
              </td>
              <td>{error.heading}</td>
              <td>
                <code>{error.found}</code>
              </td>
              <td>
                {error.message}
                {error.suggestion && ` – ${t('did you mean {name}?', { name: error.suggestion })}`}
                {error.allowed.length > 0 && <div className="soft">{error.allowed.slice(0, 20).join(', ')}</div>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface ErrorsProps {
  name: string;
  errors: CellError[];
  warnings: CellError[];
  onClose: () => void;
}

function Table({ rows }: { rows: readonly string[][] }) {
  const [heads = [], ...rest] = rows;
  return (
    <table className="plain sheet">
      <thead>
        <tr>
          <th className="soft">1</th>
          {heads.map((head) => (
            <th key={head}>{head}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rest.map((row, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows of a sheet are known by their place
          <tr key={index}>
            <th className="soft">{index + 2}</th>
            {row.map((cell, column) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: cells of a sheet are known by their place
              <td key={column} style={{ maxWidth: '26rem' }}>
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Drawing({ version }: { version: number }) {
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    let url: string | null = null;
    send('GET', `/api/mapping/diagram.svg${query({ version })}`)
      .then(checked)
      .then((answer) => answer.blob())
      .then((blob) => {
        url = URL.createObjectURL(blob);
        setAddress(url);
      }, sayError);
    return () => {
      if (url) URL.revokeObjectURL(url);
    };
  }, [version]);
  return address ? (
    <img src={address} alt={t('Models of Odoo, planning entities, and what connects them')} />
  ) : (
    <Loading />
  );
}

function History({ uploads }: { uploads: Answer['uploads'] }) {
  if (uploads.length === 0) return <p className="soft">{t('No sheet was uploaded yet.')}</p>;
  return (
    <table className="plain">
      <tbody>
        {uploads.map(({ id, name, who, at, inForce }) => (
          <tr key={id}>
            <td>{name}</td>
            <td>{who}</td>
            <td>{instantText(at)}</td>
            <td>{inForce && <Badge tone="ok">{t('in force')}</Badge>}</td>
            <td>
              <button
                type="button"
                className="button plain"
                onClick={() => void download(`/api/mapping/file?upload=${id}`, name).catch(sayError)}
              >
                {t('Download')}
              </button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
