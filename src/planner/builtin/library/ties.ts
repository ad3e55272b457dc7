import { singularName } from '../names.ts';

/** How firmly a row of the library hangs on what it points at, where its notation leaves the key optional. */

const names = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/).filter(Boolean));

/** A row of these is on one thing of several: with one of them in the design, it is always on that. */
const ON_ONE = names(`
  comments replies messages reactions likes votes reviews ratings payments shipments bids registrations invoices
  attachments answers questions responses poll_options revisions mentions episodes checklists cards
  maintenance_records alarms fines donations leases maintenance_requests habit_logs seats pets vaccinations treatments
  medical_records tickets menu_items sends grades ledger_entries waitlist_entries event_tickets stays interviews
  stock_movements batches interactions lessons subscriptions maintenance_fees complaints shifts reminders damages
  pickups invoices favorites price_alerts deadlines moorings kegs waivers read_receipts lab_results medical_forms
  distributions plantings flight_logs pull_lists scorecards downtimes`);

/** A row of these is of everyone it names: an appointment of its patient and of its doctor. */
const OF_ALL = names(`
  appointments bookings reservations loans enrollments rentals readings attendance_records class_bookings
  gps_positions trips applications adoptions tutoring_sessions prescriptions sales certificates timetables standings
  race_results game_sessions mentoring_sessions artwork_loans harvests rides charging_sessions ride_requests approvals`);

/** They stand on their own, whatever they are sorted under or whoever made them. */
const STANDALONE = names(`
  products books albums songs movies series recipes artworks players employees members students courses classes
  devices events contacts deals projects assets equipment exhibitions comic_issues relocations posts pages notes files
  folders categories vehicles properties listings polls surveys quizzes teams venues photos videos games contracts
  customers teachers doctors quotes leads incidents gym_classes lists boards patients experiments calendars wines
  crops organizations sports_teams feature_flags inspections interactions contact_notes matches performance_reviews
  milestones boats beans activities comics permits designs routers vinyls cabins programs departments children
  on_call_schedules`);

/** What a row is sorted under, or who looks after it: known later, or never. */
const LOOSE = names(`
  category brand supplier parent assignee organizer manager department venue genre director artist album publisher
  plan classroom teacher trainer instructor doctor driver mechanic coach host agent supervisor season group folder
  author source interviewer inspector reported_by assigned_to reporter cleaner guide destination airline class
  contractor vendor copy budget tariff zone station plot exhibition approver stylist task route owner vehicle truck
  store seat winner editor environment technician counselor judge phase level`);

/** They are kept when what they are about goes: money, care, and what somebody may be asked about later. */
const KEPT = names(`
  orders payments invoices transactions loans bookings reservations rentals sales donations appointments prescriptions
  claims policies contracts leases subscriptions memberships holdings trades shipments deliveries work_orders trips
  rides grades medical_records treatments adoptions pets wines bottles blood_units fundraisers jobs robots sensors
  chargers shifts attendees insurances sale_items purchase_orders rent_payments repayments time_entries harvests
  artwork_loans roasts downtimes flight_logs permits kegs inspections timetables applications parking_sessions charging_sessions fines stays event_tickets job_offers
  interviews stock_movements batches`);

/** Whether an optional key of the entity is needed in every row once the table it points at is there. */
export function isFirm(entity: string, key: string, alternatives: number): boolean {
  if (OF_ALL.has(entity)) return true;
  if (entity === 'pets' && key === 'owner_id') return alternatives === 0;
  if (STANDALONE.has(entity) || isLoose(key)) return false;
  return alternatives <= 1 || !ON_ONE.has(entity);
}

/** Whether rows of the entity go with the thing they point at: a line of an order with the order, never with the product. */
export function isPartOf(entity: string, whole: string): boolean {
  if (/^(?!cart|wishlist).*_(items|ingredients|parts)$/.test(entity))
    return entity.startsWith(`${singularName(whole)}_`);
  return !KEPT.has(entity) && !STANDALONE.has(entity);
}

/** Whether a key of the entity is one of several ways to say what the row is on. */
export function isAlternative(entity: string, key: string): boolean {
  return ON_ONE.has(entity) && !isLoose(key);
}

/** Whether rows of the entity are each on a thing of another kind: a like on a post or on a comment. */
export function isOnEither(entity: string): boolean {
  return /^(likes|reactions|votes|attachments|reports|favorites|interactions|photos|comments)$/.test(entity);
}

/** Who made or looks after a thing, or what it is sorted under, says nothing of those who come to it. */
export function isLoose(key: string): boolean {
  return LOOSE.has(key.replace(/_id$/, ''));
}

/** Somebody pays, subscribes or takes part, whoever that is in a design. */
export function isForSomebody(table: string): boolean {
  return /(^|_)(invoices|payments|subscriptions|memberships)$/.test(table);
}
