// planbridge doctor: what an export needs, looked at one by one.
import type { Command } from 'commander';
import { examineOdoo, type Finding } from '../connector/doctor.ts';
import { openMapping } from '../connector/mapping-current.ts';
import { describeError, PlanbridgeError } from '../errors.ts';
import { silentLog } from '../log.ts';
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
  print(`\n${counted.fault} faults, ${counted.warning} warnings.\n`);
  if (counted.fault > 0) setExitCode(1);
}
