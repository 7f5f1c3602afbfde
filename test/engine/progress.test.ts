// Documents with orders in progress: what they say of movements, resources, alternates and places is kept.
import { describe, expect, it } from 'vitest';
import { planParser } from '../../src/connector/document/reader.ts';
import type { Network } from '../../src/planner/engine/network.ts';
import { DEFAULT_ARGUMENTS, planModel } from '../../src/planner/engine/run.ts';
import { planLines } from '../../src/planner/engine/text.ts';
import { emptyPlanModel, modelSink } from '../../src/planner/plan-document.ts';

function planned(body: string, args = {}): Network {
  const model = emptyPlanModel();
  const parser = planParser(modelSink(model), 'test');
  parser.write(
    `<plan xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><current>2026-01-05T00:00:00</current>${body}</plan>`,
  );
  parser.close();
  return planModel(model, { ...DEFAULT_ARGUMENTS, ...args });
}
const lines = (net: Network, kind: string): string[] =>
  [...planLines(net)]
    .filter((l) => l.startsWith(`${kind}\t`))
    .map((l) => l.slice(kind.length + 1).replaceAll('\t', ' '));

const MAKE = `<operations><operation name="make" xsi:type="operation_fixed_time" duration="P1D"><item name="A"/><location name="L"/>
  <flows><flow xsi:type="flow_end" quantity="1"><item name="A"/></flow><flow xsi:type="flow_start" quantity="-1"><item name="B"/></flow></flows>
  </operation></operations>`;
const order = (attributes: string, more = '') =>
  `<operationplans><operationplan ${attributes}>${more}</operationplan></operationplans>`;

describe('an order in progress', () => {
  it('keeps the dates that its movements have', () => {
    const net = planned(
      `${MAKE}${order(
        'reference="1" start="2026-02-01T00:00:00" end="2026-02-03T00:00:00" quantity="4" status="confirmed"',
        `<operation name="make"/><flowplans><flowplan><item name="B"/><status>confirmed</status><quantity>-3</quantity>
         <date>2026-01-20T00:00:00</date></flowplan></flowplans>`,
      )}`,
    );
    expect(lines(net, 'BUFFER')).toEqual(['A @ L 2026-02-03T00:00:00 4 4', 'B @ L 2026-01-20T00:00:00 -3 -3']);
  });

  it('that was only proposed is proposed anew', () => {
    const demand =
      '<demands><demand name="D" quantity="4" due="2026-03-01T00:00:00"><item name="A"/><location name="L"/></demand></demands>';
    const proposal = order(
      'reference="1" start="2026-02-01T00:00:00" quantity="4" status="proposed"',
      '<operation name="make"/>',
    );
    const net = planned(`${MAKE}${demand}${proposal}`, { constraints: 0, plantype: 2 });
    expect(lines(net, 'OPERATION')).toEqual(['make 2026-02-28T00:00:00 2026-03-01T00:00:00 4']);
  });

  it('of an alternate is the one that the document names', () => {
    const alternate = `<operations><operation name="either" xsi:type="operation_alternate"><item name="A"/><location name="L"/><suboperations>
      ${['one', 'two']
        .map(
          (n, i) =>
            `<suboperation priority="${i + 1}"><operation name="${n}" xsi:type="operation_fixed_time" duration="P1D"><location name="L"/></operation></suboperation>`,
        )
        .join('')}</suboperations></operation></operations>`;
    const dates = 'start="2026-02-01T00:00:00" end="2026-02-05T00:00:00" quantity="4" status="confirmed"';
    const named = planned(
      `${alternate}${order(`reference="1" ${dates}`, '<operation name="either"/>')}${order(`reference="2" ${dates}`, '<owner reference="1"/><operation name="two"/>')}`,
    );
    const names = (net: Network) => lines(net, 'OPERATION').map((l) => l.split(' ')[0]);
    expect(names(named)).toEqual(['either', 'two']);
    expect(names(planned(`${alternate}${order(`reference="1" ${dates}`, '<operation name="either"/>')}`))).toEqual([
      'either',
      'one',
    ]);
  });

  it('makes its item at its place too when its flows make it elsewhere only', () => {
    const elsewhere = MAKE.replace('<item name="A"/></flow>', '<item name="A"/><location name="M"/></flow>');
    const dates = 'reference="1" start="2026-02-01T00:00:00" quantity="4" status="confirmed"';
    const made = lines(planned(`${elsewhere}${order(dates, '<operation name="make"/>')}`), 'BUFFER');
    expect(made.filter((l) => l.startsWith('A'))).toEqual([
      'A @ L 2026-02-02T00:00:00 4 4',
      'A @ M 2026-02-02T00:00:00 4 4',
    ]);
  });

  it('uses one tool in all steps of a routing', () => {
    const resources = `<resources><resource name="tools" tool="true"><members><resource name="t1"/><resource name="t2"/></members></resource></resources>`;
    const steps = ['s1', 's2']
      .map(
        (n) =>
          `<suboperation><operation name="${n}" xsi:type="operation_fixed_time" duration="P1D"><location name="L"/><loads><load><resource name="tools"/></load></loads></operation></suboperation>`,
      )
      .join('');
    const routing = `<operations><operation name="r" xsi:type="operation_routing"><item name="A"/><location name="L"/><suboperations>${steps}</suboperations></operation></operations>`;
    const dates = 'end="2026-02-03T00:00:00" quantity="1" status="approved"';
    for (const tool of ['t1', 't2']) {
      const load = `<loadplans><loadplan><resource name="${tool}"/></loadplan></loadplans>`;
      const net = planned(
        `${resources}${routing}${order(`reference="1" ${dates}`, '<operation name="r"/>')}${order(`reference="2" ${dates}`, `<owner reference="1"/><operation name="s2"/>${load}`)}`,
      );
      expect(new Set(lines(net, 'RESOURCE').map((l) => l.split(' ')[0]))).toEqual(new Set([tool]));
    }
  });
});

describe('a document', () => {
  it('makes a resource of the type that it names first', () => {
    const load = '<loads><load><resource name="R" xsi:type="resource_buckets"/></load></loads>';
    const operation = MAKE.replace('</operation>', `${load}</operation>`);
    const kind = (first: string) => planned(`${first}${operation}`).resources.get('R')?.kind;
    expect(kind('<resources><resource name="R" maximum="2"/></resources>')).toBe('default');
    expect(kind('')).toBe('buckets');
  });

  it('keeps spaces at the ends of a name', () => {
    const demand =
      '<demand name=" D " quantity="1" due="2026-02-01T00:00:00"><item name="A"/><location name="L"/></demand>';
    expect([...planned(`<demands>${demand}</demands>`).demands.keys()]).toEqual([' D ']);
  });

  it('plans an order that outlasts a bucket of capacity', () => {
    const calendar = `<calendars><calendar name="days" default="0"><buckets>
      <bucket value="20" days="62" start="2026-01-12T00:00:00" end="2026-03-30T00:00:00"/></buckets></calendar></calendars>`;
    const operation = `<operations><operation name="make" xsi:type="operation_time_per" duration="P10D" duration_per="P10D" size_multiple="1">
      <item name="A"/><location name="L"/><loads><load quantity="1"><resource name="R" xsi:type="resource_buckets"><maximum_calendar name="days"/>
      </resource></load></loads></operation></operations>`;
    const demand =
      '<demands><demand name="D" quantity="2" minshipment="2" due="2025-11-01T00:00:00"><item name="A"/><location name="L"/></demand></demands>';
    const late = planned(`${calendar}${operation}${demand}`).demands.get('D');
    expect(late?.planned()).toBe(2);
    const first = Date.UTC(2026, 0, 12) / 1000;
    for (const o of late?.deliveries ?? []) expect(o.end).toBeLessThanOrEqual(first + 30 * 86_400);
  });
});
