import type { ValueKind } from './extent.ts';

/** What a function's value is made of. */
export interface FunctionResult {
  readonly kind: ValueKind;
  /** How many bytes can come of one byte of its arguments; 0 for a value of a fixed size. */
  readonly times: number;
}

/**
 * The functions whose value's size follows from the sizes of their arguments alone. For the others, what matters is
 * what the arguments say: `MEASURES` in measure-call.ts has them.
 */
export const FUNCTION_RESULTS: ReadonlyMap<string, FunctionResult> = new Map([
  ...results('text', 1, 'initcap btrim ltrim rtrim trim left right substr split_part reverse translate'),
  ...results('text', 1, 'concat jsonb_extract_path_text'),
  ...results('text', 4, 'encode unaccent'),
  ...results('text', 0, 'md5 chr timeofday jsonb_typeof json_typeof host text soundex metaphone'),
  ...results('integer', 0, 'length char_length character_length octet_length bit_length ascii width_bucket'),
  ...results('integer', 0, 'array_length array_position array_lower array_upper array_ndims cardinality'),
  ...results('integer', 0, 'num_nonnulls num_nulls jsonb_array_length json_array_length masklen family numnode'),
  ...results('integer', 0, 'levenshtein'),
  ...results('float', 0, 'date_part cbrt area similarity random'),
  ...results('other', 1, 'decode array_remove array_append jsonb_strip_nulls setweight strip range_merge'),
  // JSON spells a control character with six letters.
  ...results('other', 6, 'jsonb_build_object jsonb_build_array json_build_object json_build_array to_jsonb to_json'),
  // A word takes a header and its place; an array's item takes a header.
  ...results('other', 8, 'to_tsvector to_tsquery plainto_tsquery'),
  ...results('other', 16, 'string_to_array'),
  ...results('other', 1, 'int4range int8range daterange tsrange tstzrange'),
  ...results('other', 0, 'sha224 sha256 sha384 sha512 starts_with isfinite timezone'),
  ...results('other', 0, 'make_date make_time make_timestamp make_interval make_timestamptz date date_trunc age'),
  ...results('other', 0, 'lower_inf upper_inf lower_inc upper_inc isempty overlaps network isclosed center'),
  ...results('other', 0, 'now transaction_timestamp clock_timestamp statement_timestamp gen_random_uuid uuidv4 uuidv7'),
  ...results('other', 0, 'uuid_generate_v4 uuid_generate_v1 uuid_generate_v1mc'),
]);

function results(kind: ValueKind, times: number, names: string): [string, FunctionResult][] {
  return names.split(' ').map((name) => [name, { kind, times }]);
}
