/** Type names of other databases and tools, as Postgres calls them. Sizes stay: `nvarchar(40)` is `varchar(40)`. */
const RENAMED: Readonly<Record<string, string>> = {
  int: 'integer',
  int2: 'smallint',
  int4: 'integer',
  int8: 'bigint',
  tinyint: 'smallint',
  mediumint: 'integer',
  long: 'bigint',
  number: 'numeric',
  float: 'double precision',
  float4: 'real',
  float8: 'double precision',
  double: 'double precision',
  dec: 'numeric',
  decimal: 'numeric',
  currency: 'numeric(12,2)',
  bool: 'boolean',
  datetime: 'timestamptz',
  datetime2: 'timestamptz',
  smalldatetime: 'timestamptz',
  string: 'text',
  str: 'text',
  nvarchar: 'varchar',
  nchar: 'char',
  varchar2: 'varchar',
  longtext: 'text',
  mediumtext: 'text',
  tinytext: 'text',
  ntext: 'text',
  blob: 'bytea',
  longblob: 'bytea',
  binary: 'bytea',
  varbinary: 'bytea',
  object: 'jsonb',
  uniqueidentifier: 'uuid',
  year: 'integer',
};

/** Types that take no size in Postgres, whatever is pasted behind them. */
const SIZELESS = /^(?:smallint|integer|bigint|boolean|text|bytea|jsonb?|uuid|date|real|double precision)$/;

/** The Postgres type that a pasted type name means; `text` where it means none. */
export function sqlType(written: string): string {
  const [, base = '', size = '', list = ''] =
    /^\s*([\w ]+?)\s*(\([^)]*\))?\s*(?:unsigned)?\s*(\[\])?\s*$/i.exec(written) ?? [];
  const name = base.toLowerCase();
  const type = Object.hasOwn(RENAMED, name) ? RENAMED[name] : KNOWN.has(name) ? name : undefined;
  if (type === undefined) return `text${list}`;
  const isSized = size !== '' && !SIZELESS.test(type) && !type.includes('(');
  return `${type}${isSized ? size : ''}${list}`;
}

const KNOWN = new Set(
  (
    'smallint,integer,bigint,numeric,real,double precision,money,boolean,text,varchar,character varying,char,character,uuid,' +
    'json,jsonb,date,time,timetz,timestamp,timestamptz,interval,bytea,bit,varbit,inet,cidr,macaddr,serial,bigserial,' +
    'smallserial,tsvector,xml,point,citext,time with time zone,timestamp with time zone,timestamp without time zone'
  ).split(','),
);
