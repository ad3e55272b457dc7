/** Things whose names end as those of people do. */
const THINGS = new Set(
  (
    'order folder offer letter number tower drawer trailer flyer container charger chapter paper newspaper layer voucher ' +
    'sticker poster trigger filter server router printer computer tracker counter meter timer marker river shelter theater ' +
    'center corner semester quarter cover flower weather tender ledger register header footer banner buffer cluster boiler ' +
    'burner heater cooler freezer lever planner slider career beer deer pier lighter helicopter disaster answer water matter ' +
    'chamber character remainder reminder transfer tier dinner list checklist playlist watchlist wishlist shortlist waitlist ' +
    'parameter identifier barrier controller adapter scanner wrapper newsletter propeller locker pointer modifier transformer ' +
    'amplifier speaker cylinder powder fiber liter waiver fermenter roaster grinder mower loader cutter mixer dryer chiller ' +
    'inverter transmitter hanger boiler blender toaster oscillator dispenser coaster sweater jumper slipper cracker burger ' +
    'glacier sneaker monster sprinkler encounter hammer ladder bumper buzzer thruster rover lander orbiter booster bunker cider ' +
    'feeder opener stapler zipper gutter rafter filler hopper stroller trawler ' +
    'dropper supper poker cucumber pepper ginger butter lumber plaster cancer fever ulcer blister chapter ' +
    'fee coffee committee tree bee degree guarantee jubilee entree settee toffee knee twist wrist mist'
  ).split(' '),
);

/** People whose names end as those of things do. */
const PEOPLE =
  /^(mentor|respondent|recipient|opponent|attendant|assistant|consultant|contestant|applicant|tenant|resident|participant)$/;

/** `picker`, `archivist`, `trainee`, `roommate`: a word that no list knows, but that names who does something. */
export function looksLikePerson(noun: string): boolean {
  if (PEOPLE.test(noun)) return true;
  return /^\w{2,}(er|ist|eer|ee|[emsty]mate|woman|person|ician|arian)$/.test(noun) && !THINGS.has(noun);
}
