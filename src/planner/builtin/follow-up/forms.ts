import type { DatabaseSchema } from '../../../domain/database-schema.ts';
import { addTable, addTo } from './add.ts';
import type { ClauseChange, ClauseReader } from './clause-change.ts';
import { makeHow, oncePer, onePer, uniquePer } from './constrain.ts';
import { actOn, several } from './relate.ts';
import { removeColumn, removeEither } from './remove.ts';
import { rename } from './rename.ts';
import { addIndex, retype } from './retype.ts';
import { addState, addValue, dropDefault, setDefault, softDelete } from './values.ts';

const ARTICLE = '(?:(?:a|an|the|another|new|some|extra|their|its)\\s+)*';
const AUXILIARY = '(?:should|must|shall|can|could|may|might|will|need|needs|have\\s+to|has\\s+to|want|wants)';

/** Forms of a follow-up, the more telling first; the first that fits the schema is taken. */
export const FORMS: readonly (readonly [pattern: RegExp, read: ClauseReader])[] = [
  [form(`soft[-\\s]?delete\\s+${ARTICLE}(?<table>[\\w ]+?)`), softDelete],
  [form(`${ARTICLE}(?<table>[\\w ]+?)\\s+${AUXILIARY}\\s+be\\s+soft[-\\s]?deleted`), softDelete],
  [
    form(
      `(?:add|introduce|enable|use)\\s+${ARTICLE}soft[-\\s]?(?:deletes?|deletion|deleting)\\s+(?:to|for|on|in)\\s+${ARTICLE}(?<table>[\\w ]+?)`,
    ),
    softDelete,
  ],
  [
    form(
      `(?:add|create|put)\\s+${ARTICLE}index\\s+(?:on|for|to|over)\\s+${ARTICLE}(?<columns>.+?)(?:\\s+(?:of|in|on)\\s+${ARTICLE}(?<table>[\\w ]+?))?`,
    ),
    addIndex,
  ],
  [form(`index\\s+${ARTICLE}(?<table>[\\w ]+?)\\s+by\\s+${ARTICLE}(?<columns>.+)`), addIndex],
  [form(`index\\s+${ARTICLE}(?<columns>.+?)(?:\\s+(?:of|in|on)\\s+${ARTICLE}(?<table>[\\w ]+?))?`), addIndex],
  [
    form(
      `(?:remove|drop|delete|clear)\\s+${ARTICLE}default(?:\\s+value)?\\s+(?:of|from|for|on)\\s+${ARTICLE}(?<column>.+?)(?:\\s+(?:of|in|on)\\s+${ARTICLE}(?<table>[\\w ]+?))?`,
    ),
    dropDefault,
  ],
  [
    form(
      `(?:set|change|make)\\s+${ARTICLE}default(?:\\s+value)?(?:\\s+(?:of|for))?\\s+${ARTICLE}(?<column>.+?)(?:\\s+(?:of|in|on)\\s+${ARTICLE}(?<table>[\\w ]+?))?\\s+(?:to\\s+be|to|be|as)\\s+(?<value>\\S.*)`,
    ),
    setDefault,
  ],
  [
    form(
      `${ARTICLE}default\\s+(?:value\\s+of\\s+|for\\s+)?${ARTICLE}(?<column>.+?)(?:\\s+(?:of|in|on|for)\\s+${ARTICLE}(?<table>[\\w ]+?))?\\s+(?:should|must|shall|has\\s+to)\\s+be\\s+(?<value>\\S.*)`,
    ),
    setDefault,
  ],
  [
    form(
      `${ARTICLE}(?<column>.+?)\\s+(?:${AUXILIARY}\\s+)?defaults?\\s+to\\s+(?<value>\\S+?)(?:\\s+(?:in|on|for|of)\\s+${ARTICLE}(?<table>[\\w ]+?))?`,
    ),
    setDefault,
  ],
  [form(`make\\s+${ARTICLE}(?<column>.+?)\\s+(?<value>\\S+)\\s+by\\s+default`), setDefault],
  [
    form(
      `(?:change|convert|turn|alter)\\s+(?:the\\s+type\\s+of\\s+)?${ARTICLE}(?<column>.+?)\\s+(?:to|into)\\s+(?:be\\s+)?(?<type>.+)`,
    ),
    retype,
  ],
  [form(`make\\s+${ARTICLE}(?<column>.+?)\\s+(?<type>(?:an?\\s+)?\\S+(?:\\s+(?:number|text))?)`), retype],
  [
    form(
      `${ARTICLE}(?<column>.+?)\\s+${AUXILIARY}\\s+be(?:come)?\\s+(?:stored\\s+as\\s+|kept\\s+as\\s+|of\\s+type\\s+)?(?<type>.+)`,
    ),
    retype,
  ],
  [form(`(?:store|keep)\\s+${ARTICLE}(?<column>.+?)\\s+as\\s+(?<type>.+)`), retype],
  [
    form(
      `(?:add|allow|introduce)\\s+${ARTICLE}(?:value\\s+)?(?<values>.+?)\\s+(?:as\\s+${ARTICLE}|to\\s+the\\s+(?:values\\s+of\\s+)?)(?<column>[\\w ]+?)(?:\\s+(?:values?|option))?(?:\\s+(?:of|for|to|in|on)\\s+${ARTICLE}(?<table>[\\w ]+?))?`,
    ),
    addValue,
  ],
  [
    form(
      `(?:add|allow|introduce)\\s+${ARTICLE}(?<column>\\w+)\\s+(?:values?\\s+|called\\s+|of\\s+)?(?<values>.+?)\\s+(?:to|for|in|on)\\s+${ARTICLE}(?<table>[\\w ]+?)`,
    ),
    addValue,
  ],
  [form(`${ARTICLE}(?<column>.+?)\\s+(?:can|may|could|should|might)\\s+(?:also|now)\\s+be\\s+(?<values>.+)`), addValue],
  [
    form(
      `${ARTICLE}(?<table>[\\w ]+?)\\s+(?:can|may|could|should|might)\\s+(?:(?:also|now)\\s+be\\s+(?<values>.+)|be\\s+(?<other>.+?)\\s+(?:too|as\\s+well))`,
    ),
    (schema, parts) => addState(schema, { ...parts, values: parts['values'] || parts['other'] || '' }),
  ],
  [
    form(
      `${ARTICLE}(?<who>[\\w ]+?)\\s+(?:can|may|should|must)\\s+(?:only\\s+)?(?<verb>\\w+)(?:\\s+(?:on|for))?\\s+(?:only\\s+)?once\\s+(?:per|for\\s+each|for\\s+every|on\\s+each|on\\s+every)\\s+${ARTICLE}(?<what>[\\w ]+?)`,
    ),
    oncePer,
  ],
  [
    form(
      `(?:make\\s+)?${ARTICLE}(?<column>.+?)\\s+(?:(?:should|must|has\\s+to|is|are)\\s+(?:be\\s+)?)?unique\\s+(?:per|within|for\\s+each|for\\s+every|in\\s+each)\\s+${ARTICLE}(?<per>[\\w ]+?)(?:\\s+(?:in|of|on)\\s+${ARTICLE}(?<table>[\\w ]+?))?`,
    ),
    uniquePer,
  ],
  [
    form(
      `rename\\s+${ARTICLE}(?:column|field|table|property)?\\s*(?<from>.+?)\\s+(?:to|into|as)\\s+${ARTICLE}(?<to>[\\w -]+?)(?:\\s+(?:in|on|of|for)\\s+${ARTICLE}(?<table>[\\w ]+?)(?:\\s+table)?)?`,
    ),
    rename,
  ],
  [
    form(
      `(?:call|let)\\s+${ARTICLE}(?<from>.+?)\\s+(?:be\\s+)?(?:called\\s+)?(?<to>[\\w-]+)\\s+(?:instead|from now on)`,
    ),
    rename,
  ],
  [
    form(
      `(?:there\\s+(?:can|may|must)\\s+be\\s+)?(?:no\\s+more\\s+than|at\\s+most|only|allow\\s+only|just)\\s+(?:one|a\\s+single|1)\\s+(?<row>.+?)\\s+(?:per|for\\s+each|for\\s+every|by)\\s+(?<columns>.+)`,
    ),
    onePer,
  ],
  [
    form(
      `(?:make|mark|declare)\\s+${ARTICLE}(?<column>.+?)\\s+(?:to\\s+be\\s+|be\\s+)?(?<how>optional|nullable|not\\s+required|required|mandatory|not\\s+null|unique)(?:\\s+(?:in|on|for|of)\\s+${ARTICLE}(?<table>.+?))?`,
    ),
    makeHow,
  ],
  [
    form(
      `(?<column>.+?)\\s+${AUXILIARY}\\s+(?:no\\s+longer\\s+be|be|become)\\s+(?<how>optional|nullable|not\\s+required|required|mandatory|unique)(?:\\s+(?:in|on|for|of)\\s+${ARTICLE}(?<table>.+?))?`,
    ),
    makeHow,
  ],
  [
    form(
      `(?<column>.+?)\\s+(?:is|are)\\s+(?:now\\s+)?(?<how>optional|nullable|not\\s+required|required|mandatory|unique)(?:\\s+(?:in|on|for|of)\\s+${ARTICLE}(?<table>.+?))?`,
    ),
    makeHow,
  ],
  [
    form(
      `(?:remove|drop|delete|get\\s+rid\\s+of|take)\\s+${ARTICLE}(?:column|field)?\\s*(?<column>.+?)\\s+(?:away\\s+)?(?:from|of|in|on)\\s+${ARTICLE}(?<table>.+?)(?:\\s+table)?`,
    ),
    removeColumn,
  ],
  [
    form(
      `(?:remove|drop|delete|get\\s+rid\\s+of)\\s+${ARTICLE}(?:table\\s+)?(?<what>.+?)(?:\\s+(?:table|column|field))?(?:\\s+altogether)?`,
    ),
    removeEither,
  ],
  [
    form(
      `${ARTICLE}(?<one>[\\w ]+?)\\s+(?:can|may|should|could)\\s+(?:now\\s+)?(?:have|belong\\s+to|be\\s+written\\s+by)\\s+(?:several|many|multiple|more\\s+than\\s+one|any\\s+number\\s+of)\\s+(?<many>[\\w ]+?)`,
    ),
    severalOrMany,
  ],
  [
    form(
      `${ARTICLE}(?<who>[\\w ]+?)\\s+(?:can|may|should\\s+be\\s+able\\s+to|want\\s+to|could)\\s+(?<verb>like|favou?rite|bookmark|follow|upvote|star|save|vote\\s+(?:on|for)|watch|subscribe\\s+to|react\\s+to|rate|review|share|report|block|join)\\s+${ARTICLE}(?<what>[\\w ]+?)`,
    ),
    actOn,
  ],
  [
    form(
      `(?:add|create|introduce|make)\\s+${ARTICLE}table\\s+(?:of\\s+|for\\s+|called\\s+|named\\s+)?(?<name>[\\w ]+?)(?:\\s+(?:with|having|\\()\\s*(?<columns>.+?)\\)?)?`,
    ),
    addTable,
  ],
  [
    form(
      `(?:add|give|include|attach|store|track|record|introduce|put|create)\\s+${ARTICLE}(?:columns?\\s+|fields?\\s+)?(?<columns>.+?)\\s+(?:to|for|on|in|with)\\s+(?:each\\s+|every\\s+|all\\s+)?${ARTICLE}(?<table>[\\w ]+?)(?:\\s+table)?`,
    ),
    addTo,
  ],
  [form(`(?:give)\\s+(?:each\\s+|every\\s+)?${ARTICLE}(?<table>\\w+)\\s+${ARTICLE}(?<columns>.+)`), addTo],
  [
    form(
      `(?:each\\s+|every\\s+|all\\s+)?${ARTICLE}(?<table>[\\w ]+?)\\s+(?:${AUXILIARY}\\s+)?(?:also\\s+|now\\s+)?(?:to\\s+)?(?:have|has|get|gets|store|include|includes|carry|need|needs)\\s+(?<columns>.+)`,
    ),
    addTo,
  ],
];

function form(pattern: string): RegExp {
  return new RegExp(`^${pattern}$`, 'i');
}

/** Where nothing is there to be had several of, the many are new. */
function severalOrMany(schema: DatabaseSchema, parts: Parameters<ClauseReader>[1]): ClauseChange | undefined {
  return several(schema, parts) ?? addTo(schema, { table: parts['one'] ?? '', columns: parts['many'] ?? '' });
}
