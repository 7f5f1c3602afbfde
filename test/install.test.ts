// What a fresh clone needs to install: npm ci refuses a lock that does not name every package, those of other platforms too.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { VARIABLES } from '../src/config-variables.ts';

interface Locked {
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

const read = (path: string) => JSON.parse(readFileSync(new URL(`../${path}`, import.meta.url), 'utf8'));

it('locks every package that some package names', () => {
  const packages: Record<string, Locked> = read('package-lock.json').packages;
  const missing: string[] = [];
  for (const [path, { dependencies, optionalDependencies, devDependencies }] of Object.entries(packages)) {
    for (const name of Object.keys({
      ...dependencies,
      ...optionalDependencies,
      ...(path === '' ? devDependencies : {}),
    })) {
      const places = path
        .split('/node_modules/')
        .map((_part, depth, parts) => parts.slice(0, depth + 1).join('/node_modules/'));
      const found = ['', ...places].some((place) => packages[`${place ? `${place}/` : ''}node_modules/${name}`]);
      if (!found) missing.push(`${name}, wanted by ${path || 'package.json'}`);
    }
  }
  expect(missing).toEqual([]);
});

it('locks exactly the versions of package.json, which are exact', () => {
  const { dependencies, devDependencies } = read('package.json');
  const { packages } = read('package-lock.json');
  for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
    expect(`${name} ${packages[`node_modules/${name}`]?.version}`).toBe(`${name} ${version}`);
  }
});

it('holds no address of a registry', () => {
  expect(Object.values(read('package-lock.json').packages).some((locked) => 'resolved' in (locked as object))).toBe(
    false,
  );
});

it('starts containers with variables that exist', () => {
  const text = readFileSync(new URL('../compose.yaml', import.meta.url), 'utf8');
  const services = text.slice(text.indexOf('x-planbridge'), text.indexOf('\n  postgres:'));
  const set = [...services.matchAll(/^ {4}([A-Z_]+):/gm)].map((match) => match[1]!.replace(/_FILE$/, ''));
  expect(set.length).toBeGreaterThan(4);
  const known = VARIABLES.map(({ name }) => name);
  expect(set.filter((name) => !known.includes(name))).toEqual([]);
});
