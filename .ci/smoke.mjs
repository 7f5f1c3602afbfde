// npm start comes up without configuration, answers one export, and ends within ten seconds when told to.
import { spawn } from 'node:child_process';

const started = Date.now();
let stopping = false;
const child = spawn('npm', ['start'], {
  env: { ...process.env, PORT: '0' },
  detached: true,
  stdio: ['ignore', 'pipe', 'inherit'],
});
const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)));

function fail(message) {
  console.error(`npm start: ${message}`);
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
  process.exit(1);
}

const limit = setTimeout(() => fail('nothing within two minutes'), 120_000);
let output = '';
const address = await new Promise((resolve) => {
  child.stdout.on('data', (data) => {
    output += data;
    const found = /open +(http\S+)\s+sign in +(\S+) \/ (\S+)[\s\S]*odoo\.company (.*)\)/.exec(output);
    if (found) resolve(found);
  });
  ended.then((how) => {
    if (!stopping) fail(`ended at once with ${how}\n${output}`);
  });
});

const [, open, login, password, company] = address;
const url = `${open}frepple/xml?${new URLSearchParams({ database: 'demo', company, mode: '1' })}`;
const authorization = `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}`;
const answer = await fetch(url, { headers: { authorization } });
const text = await answer.text();
if (answer.status !== 200 || !text.trimEnd().endsWith('</plan>'))
  fail(`answered ${answer.status}: ${text.slice(0, 500)}`);
for (const list of ['items', 'operations', 'demands', 'operationplans']) {
  if (!text.includes(`<${list}>`)) fail(`the export has no ${list}`);
}
const refused = await fetch(url);
if (refused.status !== 401) fail(`answered ${refused.status} without sign-in`);

const form = await fetch(`${open}signin`, {
  method: 'POST',
  body: new URLSearchParams({ login, password, next: '/' }),
});
const page = await form.text();
const script = /<script type="module" src="([^"]+)"/.exec(page)?.[1];
if (form.status !== 200 || !script) fail(`signing in to the screens answered ${form.status}: ${page.slice(0, 500)}`);
if (!(await fetch(new URL(script, open))).ok) fail('the screens have no script');

clearTimeout(limit);
const answered = Date.now();
setTimeout(() => fail('still runs ten seconds after SIGTERM'), 10_000).unref();
stopping = true;
process.kill(-child.pid, 'SIGTERM');
await ended;
// npm may end before the program does: the address must be free again.
while (
  await fetch(url).then(
    () => true,
    () => false,
  )
)
  await new Promise((resolve) => setTimeout(resolve, 100));
console.log(
  `npm start: answered ${text.length} bytes after ${answered - started} ms, ended after ${Date.now() - answered} ms`,
);
process.exit(0);
