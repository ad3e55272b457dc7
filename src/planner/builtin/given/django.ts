import { plainRecord } from '../../../domain/plain-record.ts';
import { snakeCase } from '../names.ts';
import { deleteRule, type GivenSchema, sqlConstant } from './given-schema.ts';
import { fromObjectTypes, type ObjectField, type ObjectType } from './object-types.ts';
import {
  type PythonAssignment,
  type PythonClass,
  pythonConstant,
  pythonList,
  readCall,
  readClasses,
  type PythonCall,
} from './python-classes.ts';

/** Django's fields as its Postgres backend writes them. */
const TYPES: Readonly<Record<string, string>> = plainRecord<string>(
  Object.entries({
    AutoField: 'integer',
    BigAutoField: 'bigint',
    CharField: 'varchar',
    TextField: 'text',
    SlugField: 'varchar(50)',
    EmailField: 'varchar(254)',
    URLField: 'varchar(200)',
    UUIDField: 'uuid',
    IntegerField: 'integer',
    PositiveIntegerField: 'integer',
    SmallIntegerField: 'smallint',
    PositiveSmallIntegerField: 'smallint',
    BigIntegerField: 'bigint',
    PositiveBigIntegerField: 'bigint',
    FloatField: 'double precision',
    DecimalField: 'numeric',
    BooleanField: 'boolean',
    NullBooleanField: 'boolean',
    DateField: 'date',
    DateTimeField: 'timestamptz',
    TimeField: 'time',
    DurationField: 'interval',
    JSONField: 'jsonb',
    BinaryField: 'bytea',
    FileField: 'varchar(100)',
    ImageField: 'varchar(100)',
    FilePathField: 'varchar(100)',
    GenericIPAddressField: 'inet',
    ArrayField: 'jsonb',
  }),
);

/** The models of a Django module. */
export function readDjango(text: string): GivenSchema {
  const classes = readClasses(text);
  const isModel = ({ bases }: PythonClass): boolean =>
    bases.some(
      (base) => /Model$|AbstractUser/.test(base) || classes.some((other) => other.name === base && isModel(other)),
    );
  const models = classes.filter(isModel);
  const choices = new Map(classes.flatMap(choicesOf));
  const abstract = models.filter(({ inner }) =>
    inner.get('Meta')?.some(({ name, value }) => name === 'abstract' && value === 'True'),
  );
  const types = models.filter((model) => !abstract.includes(model)).map((model) => readModel(model, models, choices));
  return fromObjectTypes(withUsers(types));
}

/** Values by the names of what declares them: `class Status(models.TextChoices)` and `STATUS = [('a', 'A')]`, inside models too. */
function choicesOf({ name, bases, assignments, inner }: PythonClass): (readonly [string, readonly string[]])[] {
  const own = bases.some((base) => /Choices$|Enum$/.test(base)) ? [[name, valuesOf(assignments)] as const] : [];
  const lists = assignments.flatMap((one) => {
    const values = pairs(one.value);
    return values.length > 0 ? [[one.name, values] as const] : [];
  });
  return [...own, ...lists, ...[...inner].map(([key, members]) => [key, valuesOf(members)] as const)];
}

function valuesOf(members: readonly PythonAssignment[]): string[] {
  return members.flatMap(({ value }) => {
    const first = pythonConstant(value) ?? pythonConstant(value.split(',')[0]?.trim());
    return typeof first === 'string' ? [first] : [];
  });
}

/** The first ones of `[('draft', 'Draft'), …]`. */
function pairs(text: string | undefined): string[] {
  return pythonList(text).flatMap((pair) => {
    const first = pythonConstant(pythonList(pair)[0]);
    return typeof first === 'string' ? [first] : [];
  });
}

function readModel(
  model: PythonClass,
  models: readonly PythonClass[],
  choices: ReadonlyMap<string, readonly string[]>,
): ObjectType {
  const inherited = models.filter(({ name }) => model.bases.includes(name)).flatMap(({ assignments }) => assignments);
  const fields = [...inherited, ...model.assignments].flatMap((one) => readField(one, model.name, choices));
  const user = model.bases.some((base) => base.includes('AbstractUser')) ? accountFields() : [];
  const meta = (name: string) => model.inner.get('Meta')?.find((one) => one.name === name)?.value;
  const table = pythonConstant(meta('db_table'));
  const sets = pythonList(meta('unique_together'));
  const together = sets.some((set) => /^[[(]/.test(set))
    ? sets.map((set) => pythonList(set))
    : sets.length > 0
      ? [sets]
      : [];
  const constraints = pythonList(meta('constraints')).flatMap((text) => {
    const call = readCall(text);
    return call?.name === 'UniqueConstraint' ? [pythonList(call.named.get('fields'))] : [];
  });
  return {
    name: model.name,
    table: typeof table === 'string' ? table : undefined,
    fields: [...keyOf(fields), ...user, ...fields],
    uniques: [...together, ...constraints].map((set) =>
      set.map((item) => columnOf(String(pythonConstant(item) ?? item), fields)),
    ),
  };
}

/** The key that Django adds. */
function keyOf(fields: readonly ObjectField[]): ObjectField[] {
  return fields.some(({ isKey }) => isKey)
    ? []
    : [{ name: 'id', type: 'bigint', isCounted: true, isKey: true, nullable: false }];
}

/** What Django's own user has, as far as a backend needs it. */
function accountFields(): ObjectField[] {
  return [
    { name: 'username', type: 'varchar(150)', nullable: false, unique: true },
    { name: 'email', type: 'varchar(254)', nullable: false },
    { name: 'password_hash', type: 'varchar(128)', nullable: false },
  ];
}

function columnOf(field: string, fields: readonly ObjectField[]): string {
  const found = fields.find(({ name }) => name === field);
  return found?.column ?? (found?.target === undefined ? field : `${field}_id`);
}

function readField(
  { name, value }: PythonAssignment,
  owner: string,
  choices: ReadonlyMap<string, readonly string[]>,
): ObjectField[] {
  const call = readCall(value);
  if (!call) return [];
  const option = (key: string) => call.named.get(key);
  const isKey = option('primary_key') === 'True' || undefined;
  const common = {
    name,
    nullable: option('null') === 'True' && !isKey,
    unique: option('unique') === 'True' || undefined,
    isKey,
    column: stringOf(option('db_column')),
  };
  if (/^(?:ForeignKey|OneToOneField|ManyToManyField)$/.test(call.name))
    return [{ ...common, ...relationOf(call, owner) }];
  const base = TYPES[call.name];
  if (base === undefined) return [];
  const values = chosen(option('choices'), choices);
  return [
    {
      ...common,
      type: typeOf(base, call),
      isCounted: call.name.endsWith('AutoField') || undefined,
      values,
      default: defaultOf(call),
    },
  ];
}

function relationOf(call: PythonCall, owner: string): Partial<ObjectField> {
  const written = (call.args[0] ?? call.named.get('to') ?? '').replaceAll(/['"]/g, '').split('.').at(-1) ?? '';
  const target = written === 'self' ? owner : /AUTH_USER_MODEL|get_user_model/.test(written) ? 'User' : written;
  if (call.name === 'ManyToManyField') return { target, isList: true, isMutual: true };
  const onDelete = deleteRule(call.named.get('on_delete')?.split('.').at(-1)?.replace('PROTECT', 'RESTRICT'));
  return { target, type: 'bigint', onDelete, unique: call.name === 'OneToOneField' || undefined };
}

/** Django's own user is a table of the design, when something points at it. */
function withUsers(types: readonly ObjectType[]): ObjectType[] {
  const isPointedAt = types.some(({ fields }) => fields.some(({ target }) => target === 'User'));
  if (!isPointedAt || types.some(({ name }) => name === 'User')) return [...types];
  const own = types.find(({ name }) => name.endsWith('User'))?.name;
  if (own === undefined) return [{ name: 'User', fields: [...keyOf([]), ...accountFields()] }, ...types];
  const pointed = (field: ObjectField) => (field.target === 'User' ? { ...field, target: own } : field);
  return types.map((type) => ({ ...type, fields: type.fields.map(pointed) }));
}

function typeOf(base: string, { name, named }: PythonCall): string {
  if (name === 'CharField') return `varchar(${named.get('max_length') ?? '255'})`;
  if (name === 'DecimalField')
    return `numeric(${named.get('max_digits') ?? '12'},${named.get('decimal_places') ?? '2'})`;
  return base;
}

function chosen(
  written: string | undefined,
  choices: ReadonlyMap<string, readonly string[]>,
): readonly string[] | undefined {
  if (written === undefined) return undefined;
  const direct = pairs(written);
  const name =
    written
      .replace(/\.choices$/, '')
      .split('.')
      .at(-1) ?? '';
  const values = direct.length > 0 ? direct : choices.get(name);
  return values && values.length > 0 ? values : undefined;
}

function defaultOf({ named }: PythonCall): string | undefined {
  if (
    named.get('auto_now_add') === 'True' ||
    named.get('auto_now') === 'True' ||
    /timezone\.now|datetime\.now/.test(named.get('default') ?? '')
  )
    return 'now()';
  if (/uuid4/.test(named.get('default') ?? '')) return 'gen_random_uuid()';
  const member = /^\w+\.([A-Z_]+)$/.exec(named.get('default') ?? '')?.[1];
  const value = pythonConstant(named.get('default')) ?? (member === undefined ? undefined : snakeCase(member));
  return value === undefined ? undefined : sqlConstant(value);
}

function stringOf(text: string | undefined): string | undefined {
  const value = pythonConstant(text);
  return typeof value === 'string' ? value : undefined;
}
