import type { Answer, Call, Programs } from '../call';
import { isKnown, type Text } from '../text';
import type { Key } from '../world';

/** How a client goes on after a statement that fails. */
interface Client {
  /** It ends with a status of its own; undefined: it goes on and ends well. */
  readonly status: number | undefined;
  readonly database: Text;
}

const identifier =
  '(?:[`"\\[]?[\\w$-]+[`"\\]]?\\.)?[`"\\[\']?([\\w$@%.\\uE000\\uE001-]+)[`"\\]\']?';

const made = new RegExp(
  `^create\\s+(?:or\\s+replace\\s+)?(?:(?:unique|global|temporary|temp|materialized|unlogged)\\s+)*(database|schema|table|user|role|index|view|sequence|trigger|extension|type|function|procedure|event|publication|subscription)\\s+(?:concurrently\\s+)?(if\\s+not\\s+exists\\s+)?${identifier}`,
  'i',
);
const dropped = new RegExp(
  `^drop\\s+(database|schema|table|user|role|index|view|sequence|trigger|extension|type|function)\\s+(if\\s+exists\\s+)?${identifier}`,
  'i',
);
const column = new RegExp(
  `^alter\\s+table\\s+(?:if\\s+exists\\s+)?(?:only\\s+)?${identifier}\\s+add\\s+(?:column\\s+)?(if\\s+not\\s+exists\\s+)?${identifier}`,
  'i',
);
const inserted = new RegExp(
  `^insert\\s+(or\\s+(?:ignore|replace)\\s+|ignore\\s+)?into\\s+${identifier}\\s*(\\([^)]*\\))?`,
  'i',
);
const cleared = new RegExp(`^(?:delete\\s+from|truncate(?:\\s+table)?)\\s+${identifier}\\s*$`, 'i');

/** Statements of SQL, one after another, as a client runs them. */
function runSql(call: Call, sql: Text, client: Client): Answer {
  const { world, by } = call;
  const key = (kind: string, name: Text): Key =>
    `${kind}:${kind === 'table' ? `${client.database}/` : ''}${name}`;
  for (const written of statementsOf(sql)) {
    const statement = written.replace(/\s+/g, ' ').trim();
    const failed = run(statement);
    if (!failed) continue;
    // A client that goes on hides it.
    const answer = call.fail(client.status ?? 0, failed);
    if (client.status !== undefined) return answer;
  }
  return { out: sqlOutput(call, sql, client.database) };

  function run(statement: Text): { kind: 'there' | 'gone'; key: Key } | undefined {
    const create = made.exec(statement);
    if (create) {
      const kind = create[1]!.toLowerCase().replace('role', 'user');
      const at = key(kind, create[3]!);
      const replaces = /^create\s+or\s+replace/i.test(statement);
      if (/^create\s+(?:temp|temporary)\s/i.test(statement)) return undefined;
      if (world.at(at)?.present)
        return create[2] || replaces ? undefined : { kind: 'there', key: at };
      world.make(at, { content: uniqueColumns(statement) }, by);
      return undefined;
    }
    const drop = dropped.exec(statement);
    if (drop) {
      const at = key(drop[1]!.toLowerCase().replace('role', 'user'), drop[3]!);
      if (world.at(at)?.present === false && !drop[2]) return { kind: 'gone', key: at };
      world.remove(at, by);
      world.forget(`rows:${at}`);
      return undefined;
    }
    const add = column.exec(statement);
    if (add) {
      const isConstraint = /^(?:primary|foreign|constraint|unique|index|key)$/i.test(add[3]!);
      const at = `column:${add[1]}.${isConstraint ? statement : add[3]}`;
      if (world.at(at)?.present) return add[2] ? undefined : { kind: 'there', key: at };
      world.make(at, {}, by);
      return undefined;
    }
    const insert = inserted.exec(statement);
    if (insert) {
      const careful =
        /on\s+(?:conflict|duplicate\s+key)|where\s+not\s+exists|except\s+select/i.test(statement);
      const ignores = insert[1] !== undefined || careful;
      const table = key('table', insert[2]!);
      const unique = (world.at(table)?.content ?? '').split(',').filter(Boolean);
      const columns: readonly string[] = (insert[3] ?? '').toLowerCase().match(/\w+/g) ?? [];
      const clashes = unique.some((each) => columns.length === 0 || columns.includes(each));
      // Where nothing is unique there is nothing to clash with; of a table made elsewhere that is not known.
      const isKnownTable = world.at(table)?.content !== undefined;
      if (ignores && (clashes || !isKnownTable || /where\s+not\s+exists/i.test(statement)))
        return undefined;
      const rows = `rows:${table}`;
      if (clashes && world.read(rows).includes(statement))
        return { kind: 'there', key: `row:of ${insert[2]}` };
      world.add(rows, `${statement}\n`, by);
      return undefined;
    }
    const setting = /^pragma\s+(\w+)\s*=\s*(\S+)$/i.exec(statement);
    if (setting) {
      const at = `setting:${setting[1]} of ${client.database}`;
      if (world.at(at)?.content !== setting[2]) world.write(at, setting[2]!, by);
      return undefined;
    }
    const clear = cleared.exec(statement);
    if (clear) {
      world.write(`rows:${key('table', clear[1]!)}`, '', by);
      return undefined;
    }
    const update = /^update\s+(\S+)\s+set\s+(.*)$/i.exec(statement);
    if (update && new RegExp(/(\w+)\s*=\s*(?:\w+\.)?\1\s*[-+*/|]/).test(update[2]!)) {
      world.add(`rows:${key('table', update[1]!)}`, `${statement}\n`, by);
    }
    return undefined;
  }
}

/** Columns of a new table that take no value twice. */
const uniqueColumns = (statement: Text): Text =>
  [
    ...statement.matchAll(
      /[(,]\s*["`]?(\w+)["`]?\s+[^,()]*(?:\([^)]*\)[^,()]*)?\b(?:primary\s+key|unique)\b/gi,
    ),
  ]
    .map((match) => match[1]!.toLowerCase())
    .join(',');

function statementsOf(sql: Text): Text[] {
  const out: Text[] = [];
  let current = '';
  for (const piece of sql
    .replace(/^\s*(?:--|#).*$/gm, '')
    .match(/'(?:[^']|'')*'|\$\$[\s\S]*?\$\$|;|[^;'$]+|\$/g) ?? []) {
    if (piece === ';') {
      out.push(current);
      current = '';
    } else current += piece;
  }
  out.push(current);
  return out.filter((each) => each.trim() !== '');
}

/** Questions about what there is, answered from what the script made: the catalogue of databases, users, tables. */
function sqlOutput(call: Call, sql: Text, database = ''): Text {
  const pragma = /^\s*pragma\s+(\w+)\s*;?\s*$/i.exec(sql)?.[1];
  if (pragma !== undefined)
    return `${call.world.read(`setting:${pragma} of ${database}`).trim()}\n`;
  const asks = /^\s*(?:select\b|show\s+(?:databases|tables)|\\l|\\d)/i.test(sql);
  if (!asks) return '';
  const kind = /database|\\l/i.test(sql)
    ? 'database'
    : /user|role|pg_authid/i.test(sql)
      ? 'user'
      : 'table';
  const counted = /^\s*select\s+count\(\*\)\s+from\s+["`]?(\w+)/i.exec(sql)?.[1];
  if (counted !== undefined) {
    const rows = call.world.read(`rows:table:${database}/${counted}`);
    return `${call.world.unknowns.derived(sql, rows)}\n`;
  }
  const equals = /=\s*'([^']+)'/.exec(sql)?.[1] ?? /like\s+'([^'%]+)'/i.exec(sql)?.[1];
  if (equals !== undefined) {
    const key = `${kind}:${kind === 'table' ? '/' : ''}${equals}`;
    return call.world.exists(key) ? (/select\s+1/i.test(sql) ? '1\n' : `${equals}\n`) : '';
  }
  return `${[...call.world.named(kind), call.world.unknowns.stable(`list ${kind}`, { name: `the ${kind}s`, lines: true })].join('\n')}\n`;
}

function psql(call: Call): Answer {
  const database = call.option('-d', '--dbname') ?? '';
  const command = call.option('-c', '--command');
  const stops = /ON_ERROR_STOP=?(?:1|on|true)?/i.test(call.args.join(' '));
  if (
    call.has('-l', '--list') ||
    call.args.some((arg) => /^-\w*l\w*$/.test(arg) && !arg.startsWith('--'))
  ) {
    return { out: sqlOutput(call, '\\l') };
  }
  if (command !== undefined) return runSql(call, command, { status: 1, database });
  if (call.has('-f', '--file') || call.stdin === undefined) return {};
  return runSql(call, call.stdin, { status: stops ? 3 : undefined, database });
}

function mysql(call: Call): Answer {
  const database = call.option('-D', '--database') ?? call.operands[0] ?? '';
  const command = call.option('-e', '--execute') ?? eBundled(call);
  const status = call.has('--force', '-f') ? undefined : 1;
  if (command !== undefined) return runSql(call, command, { status, database });
  return call.stdin !== undefined && isKnown(call.stdin.slice(0, 200))
    ? runSql(call, call.stdin, { status, database })
    : {};
}

/** `-uroot -Be "…"` */
const eBundled = (call: Call): Text | undefined => {
  const at = call.args.findIndex((arg) => /^-[A-Za-z]*e$/.test(arg));
  return at < 0 ? undefined : call.args[at + 1];
};

function sqlite(call: Call): Answer {
  const [file = '', ...rest] = call.operands;
  const sql = rest.join(' ') || call.stdin || '';
  return runSql(call, sql, { status: 1, database: call.path(file) });
}

function mongo(call: Call): Answer {
  const script = call.option('--eval') ?? call.stdin ?? '';
  const grows = /\.insert(?:One|Many)?\(|\$push|\$inc/.exec(script);
  if (grows) call.world.add('documents:of the database', `${script}\n`, call.by);
  const creates =
    /\.(createUser|createRole|createCollection)\(\s*(?:\{\s*user:\s*)?["']?([\w.-]+)/.exec(script);
  if (!creates) return {};
  const key = `user:${creates[2]} of the database`;
  if (call.world.at(key)?.present) return call.fail(1, { kind: 'there', key });
  call.world.make(key, {}, call.by);
  return {};
}

export const databases: Programs = {
  psql,
  mysql,
  mariadb: mysql,
  sqlite3: sqlite,
  mongosh: mongo,
  mongo,
};
