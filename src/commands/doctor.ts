// planbridge doctor: what an export needs, looked at one by one.
import type { Command } from 'commander';
import type { Config, OdooConfig } from '../config.ts';
import { type Examine, examineOdoo, type Finding } from '../connector/doctor.ts';
import { openMapping } from '../connector/mapping-current.ts';
import { openWriter } from '../connector/odoo/writer.ts';
import { describeError, PlanbridgeError } from '../errors.ts';
import { silentLog } from '../log.ts';
import { missingRights } from '../mail/orders/rights.ts';
import type { MappingRules } from '../mapping/rules.ts';
import { redact } from '../redact.ts';
import { addOdooOptions } from './export.ts';
import { configOf, type OdooFlags, requireOdoo, requireUser } from './options.ts';
import type { CommandSurroundings } from './surroundings.ts';

const MARKS = { ok: 'ok     ', warning: 'warning', fault: 'FAULT  ' } as const;

export function registerDoctorCommand(program: Command, surroundings: CommandSurroundings): void {
  addOdooOptions(program.command('doctor').description('check each connection and right, and say what to do')).action(
    (flags: OdooFlags) => runDoctor(flags, surroundings),
  );
}

async function runDoctor(flags: OdooFlags, { environment, print, setExitCode }: CommandSurroundings): Promise<void> {
  const counted = { ok: 0, warning: 0, fault: 0 };
  const report = ({ state, subject, found, remedy }: Finding) => {
    counted[state] += 1;
    print(`${MARKS[state]}  ${subject.padEnd(22)}  ${redact(found).replaceAll('\n', ' ')}\n`);
    if (remedy) print(`${' '.repeat(33)}-> ${redact(remedy)}\n`);
  };

  const config = configOf(environment, flags);
  const odoo = requireOdoo(config);
  report({ state: 'ok', subject: 'Configuration', found: 'every variable can be read', remedy: '' });
  let rules: MappingRules | null = null;
  try {
    const mapping = await openMapping(config.mappingFile, silentLog, false);
    rules = mapping.rules();
    report({
      state: 'ok',
      subject: 'Mapping sheet',
      found: mapping.path ?? 'none; the mapping as shipped is in force',
      remedy: '',
    });
  } catch (error) {
    const remedy = error instanceof PlanbridgeError ? error.remedy : '';
    const found = error instanceof PlanbridgeError ? error.message : describeError(error);
    report({ state: 'fault', subject: 'Mapping sheet', found, remedy });
  }
  await examineOdoo(config, odoo, (bySql) => requireUser(config, bySql), rules, report);
  if (config.mailAnswers.from !== null) await examineMailRights(config, odoo, report);
  print(`\n${counted.fault} faults, ${counted.warning} warnings.\n`);
  if (counted.fault > 0) setExitCode(1);
}

/** Orders by mail are made in the service's own name, through the API. */
async function examineMailRights(config: Config, { url, defaultDatabase }: OdooConfig, report: Examine): Promise<void> {
  const { login, password } = config.user;
  if (url === null || login === null || password === null) return;
  const subject = 'Orders by mail';
  try {
    const writer = await openWriter({ url, database: defaultDatabase }, { login, password });
    try {
      const lacking = await missingRights(writer);
      if (lacking === null)
        report({ state: 'ok', subject, found: `${login} has the rights that they need`, remedy: '' });
      else report({ state: 'fault', subject, found: lacking, remedy: '' });
    } finally {
      await writer.close();
    }
  } catch (error) {
    report({ state: 'fault', subject, found: describeError(error), remedy: '' });
  }
}
