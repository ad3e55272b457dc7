/** Things whose names end as those of people do. */
const THINGS = new Set(
  (
    'order folder offer letter number tower drawer trailer flyer container charger chapter paper newspaper layer voucher ' +
    'sticker poster trigger filter server router printer computer tracker counter meter timer marker river shelter theater ' +
    'center corner semester quarter cover flower weather tender ledger register header footer banner buffer cluster boiler ' +
    'burner heater cooler freezer lever planner slider career beer deer pier lighter helicopter disaster answer water matter ' +
    'chamber character remainder reminder transfer tier dinner list checklist playlist watchlist wishlist shortlist waitlist ' +
    'parameter identifier barrier controller adapter scanner wrapper newsletter propeller locker pointer modifier transformer ' +
    'amplifier speaker cylinder powder fiber liter'
  ).split(' '),
);

/** `picker`, `archivist`, `babysitter`: a word that no list knows, but that names who does something. */
export function looksLikePerson(noun: string): boolean {
  return /^\w{2,}(er|ist|eer)$/.test(noun) && !THINGS.has(noun);
}
