// Keeps what Node compiled for one test file for those after it: a worker ends by a signal, and would keep nothing.
import { flushCompileCache } from 'node:module';
import { afterAll } from 'vitest';

afterAll(() => flushCompileCache());
