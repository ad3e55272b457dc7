import type { DraftColumn } from '../draft.ts';
import { parseColumn } from '../notation.ts';
import { singularName } from '../names.ts';

/** What the rows of a table are, as far as its last word tells. */
type NounRole = 'happening' | 'payment' | 'document' | 'place' | 'machine' | 'animal' | 'goods' | 'concern' | 'measure';

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/).filter(Boolean));

const NOUNS: readonly (readonly [NounRole, ReadonlySet<string>])[] = [
  [
    'payment',
    words(`payout fee charge refund deposit dividend bonus commission tip allowance royalty grant stipend toll premium
      installment instalment levy fare advance prepayment surcharge reward prize donation pledge`),
  ],
  [
    'document',
    words(`declaration letter memo report chapter draft manuscript essay poem script brief guideline manual thesis paper
      transcript certificate statement notice announcement bulletin sheet template speech syllabus specification hypothesis
      proposal story scene lecture citation annotation publication disclosure protocol instruction regulation prompt
      snippet summary testimony verdict resolution`),
  ],
  [
    'measure',
    words(`measurement reading sample level metric statistic observation temperature weighing score reading telemetry`),
  ],
  [
    'place',
    words(`station center centre hall house garden park pool yard port harbor harbour pier dock studio lab laboratory
      kitchen kiosk booth stand temple mosque chapel cemetery mine quarry depot terminal stable lighthouse castle beach
      lake river mountain glacier cave island vineyard orchard greenhouse chalet villa barn bay district village town
      marina arena rink theatre theater auditorium playground forest reef volcano canyon nest colony burrow`),
  ],
  [
    'machine',
    words(`kiln oven printer pump turbine generator engine motor camera satellite telescope microscope forklift crane
      excavator tractor sprinkler boiler furnace freezer fridge mower loader saw drill compressor elevator lift inverter
      panel switch scanner projector amplifier lathe loom press conveyor reactor antenna radio tablet laptop computer
      phone handset kiosk meter thermostat lock lamp light`),
  ],
  [
    'animal',
    words(`horse pony cow bull sheep goat pig chicken hen bird fish snake lizard rabbit llama alpaca elephant tiger lion
      monkey parrot turtle tortoise foal calf puppy kitten duck goose donkey hamster ferret gecko whale dolphin seal
      penguin queen mare stallion lamb`),
  ],
  [
    'goods',
    words(`sneaker shoe shirt dress jacket hat bag watch necklace jewel lamp sofa chair cake bread pastry pizza sandwich
      salad drink juice cheese chocolate candle soap perfume flower bouquet seed seedling furniture gadget guitar glaze
      fabric yarn pattern kit souvenir spice snack cookie pie muffin loaf bagel sauce cupcake costume mug plate vase rug
      blanket sticker figurine knife tyre tire helmet ski snowboard surfboard kayak tent backpack`),
  ],
  [
    'concern',
    words(`problem anomaly defect fault error failure violation dispute concern enquiry inquiry query errand duty
      assignment mission request order demand appeal nomination submission entry candidacy referral`),
  ],
  [
    'happening',
    words(`launch pass visit scan raid dive hike swap exchange treatment repair cleaning delivery dropoff pickup survey call
      breakdown burial ceremony party festival show regatta round heat duel encounter swarm birth death ride drive flight
      walk climb march trip outing tour expedition voyage crossing load shipment relocation fight battle bout attack audit
      check checkup test trial review vote draw raffle lottery session class workshop retreat practice training match game
      scare shoot broadcast stream concert performance recital parade rally protest meeting call outage leak fire alert
      drop haul catch migration adoption rescue release transfer transplant surgery operation procedure scrub`),
  ],
];

/** They end as happenings do, and are things. */
const THINGS = words(`building painting drawing listing setting ring king string wing ceiling earring clothing offering
  recording saving pudding thing sibling duckling seedling railing bearing fitting housing coating topping filling dressing
  station section position condition option solution question institution organization organisation function fraction equation
  collection destination medication population attraction edition version formation constellation plantation illustration
  composition translation notation mansion pension extension dimension profession ration portion potion lotion cushion`);

/** The role of a table's last word; undefined when the word tells nothing. */
export function nounRole(table: string): NounRole | undefined {
  const noun = singularName(table).split('_').at(-1) ?? '';
  const listed = NOUNS.find(([, nouns]) => nouns.has(noun));
  if (listed) return listed[0];
  return /\w{3}(?:ing|[ts]ion)$/.test(noun) && !THINGS.has(noun) ? 'happening' : undefined;
}

/** In the shorthand of notation.ts: what a row of that role cannot well be without. */
const COLUMNS: Readonly<Record<NounRole, string>> = {
  happening: 'occurred_at, notes?',
  payment: 'amount, status:pending|paid|cancelled, paid_at?, notes?',
  document: 'title, body:text?',
  measure: 'value:numeric, unit?, measured_at',
  place: 'name, description?, address?',
  machine: 'name, model?, serial_number!?, status:active|maintenance|retired',
  animal: 'name, species?, birth_date?, notes?',
  goods: 'name, description?, price?, quantity:integer?',
  concern: 'title, description?, status:open|in_progress|resolved',
};

/** Columns for a table of which only its name is known; undefined when that tells nothing either. */
export function roleColumns(table: string): DraftColumn[] | undefined {
  const role = nounRole(table);
  if (role === undefined) return undefined;
  return COLUMNS[role].split(', ').flatMap((text) => {
    const column = parseColumn(text);
    return column ? [{ ...column, nullable: /\?[!]*$/.test(text) }] : [];
  });
}
