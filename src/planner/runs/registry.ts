// The steps that this service has, and the check of a chain that somebody asks for.
import { PlanbridgeError } from '../../errors.ts';
import type { RunParameters } from './run.ts';
import type { Step, StepName } from './step.ts';

export interface Registry {
  readonly steps: readonly Step[];
  find(name: string): Step | undefined;
  /**
   * @param chain `odoo_read_1,plan` or its parts
   * @throws PlanbridgeError PB_REQUEST_ARGUMENT
   */
  chain(chain: string | readonly string[]): StepName[];
  /**
   * Parameters by step as the steps' schemas have them, defaults filled in.
   * @throws PlanbridgeError PB_REQUEST_ARGUMENT
   */
  parameters(steps: readonly StepName[], given: Readonly<Record<string, unknown>>): RunParameters;
}

export function createRegistry(steps: readonly Step[]): Registry {
  const byName = new Map<string, Step>(steps.map((step) => [step.name, step]));
  const known = () => [...byName.keys()].join(', ');

  return {
    steps,
    find: (name) => byName.get(name),
    chain(chain) {
      const names = (typeof chain === 'string' ? chain.split(',') : chain).map((name) => name.trim()).filter(Boolean);
      if (names.length === 0) throw invalid('The run has no steps.', `There are ${known()}.`);
      for (const [position, name] of names.entries()) {
        if (!byName.has(name)) throw invalid(`There is no step "${name.slice(0, 60)}".`, `There are ${known()}.`);
        if (names.indexOf(name) !== position) throw invalid(`The step ${name} is named twice.`, 'Name it once.');
      }
      return names as StepName[];
    },
    parameters(names, given) {
      const checked: Partial<Record<StepName, Record<string, unknown>>> = {};
      const problems: string[] = [];
      for (const name of Object.keys(given)) {
        if (!names.includes(name as StepName)) problems.push(`${name.slice(0, 60)}: is no step of this run`);
      }
      for (const name of names) {
        const parsed = byName
          .get(name)!
          .parameters.strict()
          .safeParse(given[name] ?? {});
        if (parsed.success) checked[name] = parsed.data as Record<string, unknown>;
        else
          problems.push(...parsed.error.issues.map(({ path, message }) => `${[name, ...path].join('.')}: ${message}`));
      }
      if (problems.length === 0) return checked;
      throw invalid(
        `Parameters: ${problems.slice(0, 20).join('; ')}.`,
        'GET /api/steps describes what each step takes.',
      );
    },
  };
}

function invalid(message: string, remedy: string): PlanbridgeError {
  return new PlanbridgeError('PB_REQUEST_ARGUMENT', 400, message, { remedy });
}
