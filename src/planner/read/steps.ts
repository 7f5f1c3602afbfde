// The steps of a run that read Odoo into the stored model.
import type { Step } from '../runs/step.ts';
import type { ReadSurroundings } from './open.ts';
import { READ_1_PARAMETERS, READ_2_PARAMETERS } from './parameters.ts';
import { readOdoo1 } from './read-1.ts';
import { readOdoo2 } from './read-2.ts';

export function createReadSteps(surroundings: ReadSurroundings): Step[] {
  const first: Step<typeof READ_1_PARAMETERS> = {
    name: 'odoo_read_1',
    title: 'Read Odoo: what every plan needs',
    parameters: READ_1_PARAMETERS,
    run: (context) => readOdoo1(surroundings, context),
  };
  const second: Step<typeof READ_2_PARAMETERS> = {
    name: 'odoo_read_2',
    title: 'Read Odoo: history of sales, and what changes slowly',
    parameters: READ_2_PARAMETERS,
    run: (context) => readOdoo2(surroundings, context),
  };
  return [first as unknown as Step, second as unknown as Step];
}
