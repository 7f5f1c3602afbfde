// Keeps the process small while much data streams through it. V8 lets garbage grow to several times the live heap before it
// collects; with a live heap of some ten MB that costs hundreds of MB for nothing. Imported first by each entry; the size of the
// young generation (--max-semi-space-size) can only be given when node is started, see package.json.
import { setFlagsFromString } from 'node:v8';

setFlagsFromString('--heap-growing-percent=60');
