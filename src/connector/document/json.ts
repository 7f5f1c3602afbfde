// JSON form of a plan document: the same objects, attributes and lists as in XML, as frePPLe's JSON reader takes them.
import { type Emitter, formatDate, formatDuration } from './emitter.ts';

export function jsonEmitter(): Emitter {
  let out = '';
  // Inside an object: whether something stands in it already. Inside a list: likewise, marked by the second array.
  const filled: boolean[] = [];
  const lists: boolean[] = [];
  const comma = () => {
    const depth = filled.length - 1;
    if (depth < 0) return;
    if (filled[depth]) out += ',';
    filled[depth] = true;
  };
  const key = (name: string) => {
    comma();
    out += `${JSON.stringify(name)}:`;
  };
  const push = (list: boolean) => {
    filled.push(false);
    lists.push(list);
  };
  const pop = () => {
    filled.pop();
    lists.pop();
  };
  return {
    start(tag) {
      if (lists.at(-1) === false) key(tag);
      else comma();
      out += '{';
      push(false);
    },
    end() {
      out += '}';
      pop();
      if (lists.at(-1) !== false) out += '\n';
    },
    type(name) {
      if (name !== undefined) {
        key('type');
        out += JSON.stringify(name);
      }
    },
    text(name, value) {
      if (value === undefined) return;
      key(name);
      out += JSON.stringify(value.toWellFormed());
    },
    number(name, value) {
      if (value === undefined) return;
      key(name);
      out += String(value);
    },
    boolean(name, value) {
      if (value === undefined) return;
      key(name);
      out += value ? 'true' : 'false';
    },
    date(name, value) {
      if (value === undefined) return;
      key(name);
      out += `"${formatDate(value)}"`;
    },
    duration(name, value) {
      if (value === undefined) return;
      key(name);
      out += `"${formatDuration(value)}"`;
    },
    reference(tag, name, field = 'name') {
      if (name === undefined) return;
      key(tag);
      out += `{${JSON.stringify(field)}:${JSON.stringify(name.toWellFormed())}}`;
    },
    list(name) {
      key(name);
      out += '[';
      push(true);
    },
    endList() {
      out += ']';
      pop();
    },
    property(_kind, name, value) {
      key(name);
      out += JSON.stringify(value);
    },
    take() {
      const text = out;
      out = '';
      return text;
    },
    get length() {
      return out.length;
    },
  };
}
