// Roles: one decision for who signs in on a screen and for who calls the API with an Odoo login.
import { describe, expect, it } from 'vitest';
import type { PlanningUser } from '../../src/screens/sign-on/planning-users.ts';
import { roleThatCounts } from '../../src/screens/sign-on/roles.ts';

const NOBODY: ReadonlySet<string> = new Set();
const nobodyNamed = { administrators: NOBODY, planners: NOBODY };
const user = (values: Partial<PlanningUser> = {}): PlanningUser => ({
  ...{ login: 'ann', name: 'Ann', lang: 'en_US', role: 'planner', givenRole: null, active: true },
  ...values,
});

describe('the role that counts', () => {
  it.each([
    ['whoever Odoo does not name is no user', null, nobodyNamed, null],
    ['nor who is archived', user({ active: false }), nobodyNamed, null],
    [
      'even an administrator of the configuration',
      user({ active: false }),
      { ...nobodyNamed, administrators: new Set(['ann']) },
      null,
    ],
    ['members of the planning group plan', user(), nobodyNamed, 'planner'],
    ['administrators of Odoo’s settings administrate', user({ role: 'administrator' }), nobodyNamed, 'administrator'],
    [
      'named administrators too',
      user({ givenRole: 'viewer' }),
      { ...nobodyNamed, administrators: new Set(['ann']) },
      'administrator',
    ],
    [
      'a role given here goes before Odoo’s',
      user({ role: 'administrator', givenRole: 'viewer' }),
      nobodyNamed,
      'viewer',
    ],
    ['where planners are named, others look only', user(), { ...nobodyNamed, planners: new Set(['bob']) }, 'viewer'],
    ['and those named plan', user(), { ...nobodyNamed, planners: new Set(['ann']) }, 'planner'],
    [
      'a given role stands above that',
      user({ givenRole: 'planner' }),
      { ...nobodyNamed, planners: new Set(['bob']) },
      'planner',
    ],
  ])('%s', (_, known, named, expected) => {
    expect(roleThatCounts(known, named)).toBe(expected);
  });
});
