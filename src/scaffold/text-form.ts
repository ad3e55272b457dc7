/** How a text is written, by its column's name: what everybody knows the form of. */
interface TextForm {
  readonly format?: 'email' | 'uri';
  readonly pattern?: string;
  readonly minLength?: number;
}

/** The form of the column's text, where `length` characters have room for one; nothing for text like any other. */
export function textForm(columnName: string, length: number): TextForm {
  const name = columnName.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
  return FORMS.find(({ names, room }) => names.test(name) && length >= room)?.form ?? {};
}

const FORMS: readonly { readonly names: RegExp; readonly room: number; readonly form: TextForm }[] = [
  { names: /(^|_)e_?mail(_address)?$/, room: 40, form: { format: 'email' } },
  {
    names: /(^|_)(url|uri|website|homepage|web_site|home_page)$/,
    room: 40,
    form: { format: 'uri', pattern: '^[A-Za-z][A-Za-z0-9+.-]*:' },
  },
  {
    names: /(^|_)(phone|mobile|telephone|cell_?phone|fax)(_?(number|no))?$/,
    room: 15,
    form: { pattern: '^\\+?[0-9(][0-9 ()./-]{2,28}( ?(x|ext\\.?) ?[0-9]{1,6})?$' },
  },
  {
    names: /(^|_)(name|title|label|headline)$|^(user|nick|full|first|last|display)name$/,
    room: 1,
    form: { minLength: 1, pattern: '\\S' },
  },
];
