// The step `odoo_write`: the current plan into Odoo, as far as the filters let it through; or what that would do.
import { z } from 'zod';
import { messageOf, summaryOf } from '../../connector/import-answer.ts';
import type { RecordResult } from '../../connector/import-result.ts';
import { PlanbridgeError } from '../../errors.ts';
import { createReport } from '../../mapping/report.ts';
import type { PlannerSurroundings } from '../open.ts';
import { EXPORT_TYPES, type ExportDocument, noteExport, wholeExport } from '../results/export.ts';
import { currentPlan } from '../results/plans.ts';
import type { Step, StepResult } from '../runs/step.ts';
import { accountScope } from '../store/scope.ts';

const names = z.array(z.string().max(500)).min(1).max(1_000);

export const WriteParameters = z.object({
  types: z
    .array(z.enum(EXPORT_TYPES))
    .min(1)
    .optional()
    .describe('PO purchases, MO manufacturing, DO transfers, WO dates of work orders, SO promised dates; default: all'),
  daysAhead: z.number().min(0).max(3_650).default(7).describe('new orders that start within so many days'),
  categories: names.optional().describe('categories of items'),
  suppliers: names.optional(),
  minimumValue: z.number().min(0).optional().describe("items' cost times quantity"),
  replaceDrafts: z
    .boolean()
    .optional()
    .describe(
      'whether drafts of earlier plans go that this export does not hold; default: when nothing but days limits it',
    ),
  dryRun: z.boolean().default(false).describe('say what would be done, without doing it'),
});
type WriteParameters = z.output<typeof WriteParameters>;

/** Lines of a dry run that the log shows. */
const LINES = 2_000;

export function createWriteStep(surroundings: PlannerSurroundings): Step {
  const { store, imports, account, now } = surroundings;
  const step: Step<typeof WriteParameters> = {
    name: 'odoo_write',
    title: 'Write the plan to Odoo',
    parameters: WriteParameters,
    async run({ parameters, who, signal, progress, log }): Promise<StepResult> {
      const { odoo, company } = await accountScope(surroundings);
      const plan = await currentPlan(store.query, { odoo, company: company ?? '' });
      if (plan === null) {
        throw new PlanbridgeError('PB_PLAN_REFUSED', 409, 'There is no plan to write.', { remedy: 'Run plan first.' });
      }
      const made = await wholeExport(store.query, plan, parameters);
      const request = { mode: modeOf(parameters), company, actualUser: null };
      const caller = await account();
      progress(0.1, `${made.posted.length} orders of plan ${plan.id}`);
      signal.throwIfAborted();
      if (parameters.dryRun) {
        const { lines, message, result } = await imports.preview(caller, { request, posted: made.posted });
        for (const line of lines.slice(0, LINES)) log('info', line);
        if (lines.length > LINES) log('info', `and ${lines.length - LINES} more`);
        log('info', message.replace(/^Orders:/, 'Would be:'));
        return { counts: countsOf(result.records, result.removed), report: reportOf(made, result.records) };
      }
      const { id, result } = await imports.run(caller, {
        ...made,
        request,
        source: 'plan',
        client: 'planbridge',
        repeats: null,
        signal,
        progress: (count) => progress(0.1 + (0.8 * count) / (made.posted.length + 1), `${count} records made`),
      });
      await noteExport(store.query, plan.id, id, result, who, now());
      for (const warning of result.warnings) log('warn', warning);
      log('info', `${messageOf(result)} (import ${id}, plan ${plan.id})`);
      return { counts: countsOf(result.records, result.removed), report: reportOf(made, result.records) };
    },
  };
  return step as unknown as Step;
}

/** 1 takes away drafts of earlier plans that this one does not hold; 3 only adds. */
function modeOf({ replaceDrafts, types, categories, suppliers, minimumValue }: WriteParameters): number {
  const limited = [types, categories, suppliers, minimumValue].some((limit) => limit !== undefined);
  return (replaceDrafts ?? !limited) ? 1 : 3;
}

function countsOf(records: readonly RecordResult[], removed: Readonly<Record<string, number>>): Record<string, number> {
  const drafts = Object.values(removed).reduce((sum, count) => sum + count, 0);
  return { ...summaryOf(records), ...(drafts > 0 ? { 'drafts replaced': drafts } : {}) };
}

function reportOf({ leftOut }: ExportDocument, records: readonly RecordResult[]) {
  const report = createReport<string>();
  for (const { reference, type, reason } of leftOut) report.skip(type, reference, reason);
  for (const { outcome, type, reference, item, note } of records) {
    if (outcome === 'refused') report.skip(type, reference || item, note);
    if (outcome === 'skipped') report.notice(type, reference || item, note);
  }
  return report.entries();
}
