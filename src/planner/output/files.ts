// Writes outputs of a planned network to files, at the pace of the disk.
import { createWriteStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Network } from '../engine/network.ts';
import type { PlanModel } from '../plan-document.ts';
import { recommendationsJson } from '../recommendations/json.ts';
import { recommend } from '../recommendations/recommend.ts';
import { planDocument } from './document.ts';
import { planJson } from './lines.ts';
import { referencesOf } from './orders.ts';
import { planPegging } from './pegging.ts';

export interface OutputFile {
  /** The plan as lines of JSON; the plan document that carries the orders to Odoo; or what to do, as JSON. */
  kind: 'json' | 'document' | 'recommendations';
  path: string;
}

export async function writeOutputs(net: Network, model: PlanModel, files: readonly OutputFile[]): Promise<void> {
  for (const { kind, path } of files) {
    await pipeline(piecesOf(net, model, kind), createWriteStream(path) as Writable);
  }
}

function piecesOf(net: Network, model: PlanModel, kind: OutputFile['kind']): Iterable<string> {
  switch (kind) {
    case 'json':
      return blocks(planJson(net));
    case 'document':
      return planDocument(net, model, referencesOf(net), planPegging(net));
    case 'recommendations':
      return recommendationsJson(net.current, recommend(net, model));
  }
}

/** Lines joined to blocks: a plan can have a million of them. */
export function* blocks(lines: Iterable<string>): Generator<string> {
  let block: string[] = [];
  for (const line of lines) {
    block.push(line);
    if (block.length < 250) continue;
    yield `${block.join('\n')}\n`;
    block = [];
  }
  if (block.length > 0) yield `${block.join('\n')}\n`;
}
