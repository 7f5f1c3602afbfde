import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundaryOf, MULTIPART_LIMITS, readMultipart, textOf } from '../../src/connector/multipart.ts';
import { PlanbridgeError } from '../../src/errors.ts';
import { freppleBody, inChunks, recordedPosts } from './wire.ts';

async function partsOf(body: Uint8Array, boundary: string, chunk?: number): Promise<[string, string][]> {
  const parts: [string, string][] = [];
  for await (const part of readMultipart(inChunks(body, chunk), boundary))
    parts.push([part.name, await textOf(part, 1 << 20)]);
  return parts;
}

describe('boundary of a Content-Type', () => {
  it.each([
    ['multipart/form-data; boundary=**MessageBoundary**', '**MessageBoundary**'],
    ['multipart/form-data; boundary================5187390424508839401==', '===============5187390424508839401=='],
    ['multipart/form-data; boundary="with blank;"; charset=utf-8', 'with blank;'],
    ['Multipart/Form-Data;BOUNDARY=abc; charset=utf-8', 'abc'],
    ['application/xml', null],
  ])('%s', (header, boundary) => expect(boundaryOf(header)).toBe(boundary));

  it.each([
    'multipart/form-data',
    'multipart/form-data; boundary=',
    `multipart/form-data; boundary=${'x'.repeat(300)}`,
  ])('refuses %s', (header) => expect(() => boundaryOf(header)).toThrow(PlanbridgeError));
});

const posts = recordedPosts();

describe.skipIf(posts === null)('recorded requests', () => {
  it.skipIf(posts === null).each(posts ?? [])(
    '$name is read alike in chunks of any size',
    async ({ headers, body }) => {
      const boundary = boundaryOf(headers['content-type'])!;
      const whole = await partsOf(body, boundary);
      expect(whole.length).toBeGreaterThan(0);
      const names = whole.map(([name]) => name);
      if (names[0] !== 'recommendations.json') {
        expect(names).toEqual(expect.arrayContaining(['webtoken', 'database', 'company', 'frePPLe plan']));
        expect(whole.at(-1)?.[1].trim()).toMatch(/^<\?xml[\s\S]*<\/plan>$/);
        const company = whole.find(([name]) => name === 'company');
        expect(company?.[1]).toBe('My Company');
      }
      for (const size of [1, 7, 64, 4096]) expect(await partsOf(body, boundary, size)).toEqual(whole);
    },
  );
});

describe('multipart bodies', () => {
  it('gives back what was put in, whatever the line ends and chunks', async () => {
    const value = fc.string({ maxLength: 60 }).filter((text) => !text.includes('--B'));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.stringMatching(/^[a-z ]{1,12}$/), value, fc.boolean()), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 50 }),
        async (parts, chunk) => {
          const text = parts.map(([name, content, crlf]) => {
            const end = crlf ? '\r\n' : '\n';
            return `--B${end}Content-Disposition: file; name="${name}"${end}${end}${content}${end}`;
          });
          // A value that ends in CR in front of a bare LF cannot be told from CRLF.
          fc.pre(parts.every(([, content]) => !content.endsWith('\r')));
          const read = await partsOf(Buffer.from(`${text.join('')}--B--`), 'B', chunk);
          expect(read).toEqual(parts.map(([name, content]) => [name, content]));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('passes over parts that nobody reads, or reads in part', async () => {
    const body = freppleBody({ a: 'x'.repeat(5000), b: 'y'.repeat(5000) }, '<plan/>');
    const names: string[] = [];
    for await (const part of readMultipart(inChunks(body, 100), '**MessageBoundary**')) {
      names.push(part.name);
      if (part.name === 'b') for await (const _ of part.body) break;
    }
    expect(names).toEqual(['a', 'b', 'frePPLe plan']);
  });

  it('keeps lines in the content that look like the boundary', async () => {
    const body = '--B\nContent-Disposition: form-data; name="x"\n\none\n--Bx\n--\n--B--\n';
    expect(await partsOf(Buffer.from(body), 'B')).toEqual([['x', 'one\n--Bx\n--']]);
  });

  it.each([
    ['no boundary at all', 'hello'],
    ['cut in the content', '--B\nContent-Disposition: form-data; name="x"\n\nabc'],
    ['cut in the head', '--B\nContent-Disposition: form-data; na'],
    ['a part without a name', '--B\nContent-Type: text/plain\n\nabc\n--B--'],
    ['nothing', ''],
    ['too many parts', `${'--B\nContent-Disposition: form-data; name="x"\n\na\n'.repeat(70)}--B--`],
    ['a head without end', `--B\nContent-Disposition: form-data; name="${'x'.repeat(40_000)}`],
  ])('refuses: %s', async (_, body) => {
    await expect(partsOf(Buffer.from(body), 'B', 1000)).rejects.toMatchObject({ code: 'PB_REQUEST_BODY', status: 400 });
  });

  it('refuses a body that is too large as soon as that is known', async () => {
    let sent = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('--B\nContent-Disposition: form-data; name="x"\n\n');
      for (;;) {
        sent += 65_536;
        yield Buffer.alloc(65_536, 97);
      }
    }
    const limits = { ...MULTIPART_LIMITS, bytes: 1 << 20 };
    const read = async () => {
      for await (const part of readMultipart(endless(), 'B', limits)) for await (const _ of part.body);
    };
    await expect(read()).rejects.toMatchObject({ code: 'PB_REQUEST_TOO_LARGE', status: 413 });
    expect(sent).toBeLessThan(2 << 20);
  });
});
