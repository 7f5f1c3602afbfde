#!/usr/bin/env node
// Starts the program, `planbridge <command>`, with modules that were compiled before: 30 MB less, and a quicker start. Plain
// JavaScript, so that nothing has to be compiled to get here.
import { enableCompileCache } from 'node:module';

enableCompileCache();
const { startProgram } = await import('./cli.ts');
await startProgram();
