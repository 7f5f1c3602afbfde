// frePPLe in place of the built-in engine: `plan` has frePPLe pull from here and plan; `odoo_write` has it post its plan here.
import { z } from 'zod';
import type { FreppleConfig } from '../../config.ts';
import type { Surroundings } from '../../parts.ts';
import type { Step, StepContext } from '../runs/step.ts';
import type { FreppleClient } from './client.ts';
import { runTask } from './task.ts';

const Plan = z.object({
  constraints: z.string().describe('capa, mfg_lt, po_lt separated by commas').default('capa,mfg_lt,po_lt'),
  plantype: z.coerce.number().int().min(1).max(2).describe('1 constrained, 2 unconstrained').default(1),
  recommend: z.boolean().describe('whether frePPLe sends its recommendations here').default(true),
});

const Write = z.object({});

/** The steps of frePPLe's that take the place of ours. */
export function createFreppleSteps(
  { store, imports, account }: Pick<Surroundings, 'store' | 'imports' | 'account'>,
  config: FreppleConfig,
  client: FreppleClient,
): Step[] {
  async function run(
    context: StepContext,
    name: string,
    args: Readonly<Record<string, string>>,
  ): Promise<{ posted: number; recommendations: number }> {
    const odoo = imports.odooOf((await account()).database);
    const since = await newest(odoo);
    await runTask({ key: context.key, name, arguments: args }, { client, store, server: config.url }, context);
    const [counted] = await store.query<{ posted: number; recommendations: number }>(
      `select (select count(*) from planbridge.import where odoo = $1 and source = 'http' and id > $2)::integer as posted,
        (select count(*) from planbridge.recommendation where odoo = $1 and id > $3)::integer as recommendations`,
      [odoo, since.import, since.recommendation],
    );
    return counted!;
  }

  async function newest(odoo: string): Promise<{ import: number; recommendation: number }> {
    const [row] = await store.query<{ import: number; recommendation: number }>(
      `select coalesce((select max(id) from planbridge.import where odoo = $1), 0)::integer as import,
        coalesce((select max(id) from planbridge.recommendation where odoo = $1), 0)::integer as recommendation`,
      [odoo],
    );
    return row!;
  }

  const plan: Step<typeof Plan> = {
    name: 'plan',
    title: 'Plan with frePPLe',
    parameters: Plan,
    async run(context) {
      const { constraints, plantype, recommend } = context.parameters;
      const env = ['odoo_read_1', 'supply', ...(recommend ? ['odoo_write_1'] : [])].join(',');
      const { recommendations } = await run(context, 'runplan', {
        constraint: constraints,
        plantype: String(plantype),
        env,
      });
      return { counts: { recommendations } };
    },
  };
  const write: Step<typeof Write> = {
    name: 'odoo_write',
    title: "Write frePPLe's plan to Odoo",
    parameters: Write,
    async run(context) {
      const { posted } = await run(context, 'odoo_export', {});
      return { counts: { posted } };
    },
  };
  return [plan as unknown as Step, write as unknown as Step];
}
