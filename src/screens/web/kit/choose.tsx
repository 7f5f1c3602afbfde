// A field that finds what is typed: a list below it, arrows walk, Enter takes. What may be chosen comes from the server.
import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useId, useState } from 'react';
import { t } from './words.ts';

export interface ChooseOption {
  key: string;
  label: string;
  hint?: string;
}

export interface ChooseProps<O extends ChooseOption> {
  label: string;
  /** What is chosen, as text. */
  value: string;
  /** Where answers are kept. */
  name: string;
  find: (typed: string, signal: AbortSignal) => Promise<O[]>;
  onChoose: (option: O) => void;
  placeholder?: string;
  invalid?: boolean;
}

export function Choose<O extends ChooseOption>(props: ChooseProps<O>) {
  const { label, value, name, find, onChoose, placeholder, invalid } = props;
  const id = useId();
  /** null = not being typed into. */
  const [typed, setTyped] = useState<string | null>(null);
  const [at, setAt] = useState(0);
  const open = typed !== null;
  const found = useQuery({
    queryKey: ['choose', name, typed],
    queryFn: ({ signal }) => find(typed ?? '', signal),
    enabled: open,
    placeholderData: (before) => before,
    staleTime: 30_000,
  });
  const options = open ? (found.data ?? []) : [];
  const current = options[Math.min(at, options.length - 1)];

  function take(option: O): void {
    onChoose(option);
    setTyped(null);
  }

  function walk(event: KeyboardEvent): void {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (!open) setTyped('');
      else setAt((before) => Math.max(0, Math.min(options.length - 1, before + (event.key === 'ArrowDown' ? 1 : -1))));
    } else if (event.key === 'Enter' && open) {
      event.preventDefault();
      if (current && !found.isFetching) take(current);
    } else if (event.key === 'Escape' && open) {
      event.stopPropagation();
      setTyped(null);
    }
  }

  return (
    <span className="choose">
      <input
        type="text"
        role="combobox"
        aria-label={label}
        aria-expanded={open}
        aria-controls={id}
        aria-autocomplete="list"
        aria-activedescendant={current && `${id} ${current.key}`}
        aria-invalid={invalid}
        autoComplete="off"
        placeholder={placeholder}
        value={typed ?? value}
        onFocus={(event) => event.target.select()}
        onChange={(event) => {
          setTyped(event.target.value);
          setAt(0);
        }}
        onKeyDown={walk}
        onBlur={() => setTyped(null)}
      />
      {open && (
        <div id={id} role="listbox" aria-label={label} className="popover">
          {options.length === 0 && (
            <span className="soft">{found.isFetching ? t('Loading …') : t('Nothing fits.')}</span>
          )}
          {options.map((option) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the focus and the keys
            // biome-ignore lint/a11y/useFocusableInteractive: the field has the focus and the keys
            <div
              key={option.key}
              id={`${id} ${option.key}`}
              role="option"
              aria-selected={option === current}
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => take(option)}
            >
              {option.label} {option.hint && <span className="soft">{option.hint}</span>}
            </div>
          ))}
        </div>
      )}
    </span>
  );
}
