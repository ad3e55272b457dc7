/** Crafts, clubs and workshops. One entity a line: `plural | other names: columns`, in the shorthand of notation.ts. */
export const TRADES = `
activities | camp activities, group activities: name, description?, starts_at?, location?, capacity?
aircraft | planes, airplanes, aeroplanes, helicopters: registration!, model, seats?, status:available|in_use|maintenance|retired
boats | ships, yachts, vessels, sailboats: name, registration_number?, type?, length_m:numeric?, member->members?, owner->users?
moorings | berths, boat slips: number!, boat->boats?, length_m:numeric?, status:free|taken
beans | coffee beans, coffees, teas: name, origin?, roast_level?, price, stock, supplier->suppliers?
roasts | roast batches, roastings: bean->beans?, quantity_kg:numeric, roasted_at, notes?
fermenters | brewing tanks, tanks: name!, capacity_liters:numeric, status:empty|in_use|cleaning
kegs | barrels, casks: code!, batch->batches?, customer->customers?, volume_liters:numeric, status:filled|delivered|empty
beehives | hives: name!, apiary->apiaries?, location?, installed_at?
apiaries | bee yards: name, location?
plantings | sowings: field->fields?, plot->plots?, crop->crops?, plant->plants?, planted_at, quantity:numeric?
distributions | handouts: household->households?, product->products?, food->foods?, quantity:numeric, distributed_at, notes?
deadlines | due dates: case->cases?, project->projects?, title, due_at, is_done
language_pairs | : source_language, target_language, rate_per_word:money?
scorecards | interview feedback: interview->interviews?, candidate->candidates?, author->users?, rating:integer, comments:text?
read_receipts | message reads: message->messages?, direct_message->direct_messages?, user->users, read_at
direct_messages | dms, private messages: sender->users, recipient->users, body:text, sent_at, read_at?
favorites | favourites, saves, saved items, starred items: user->users, recipe->recipes?, product->products?, listing->listings?, property->properties?, photo->photos?, song->songs?, movie->movies?, book->books?, restaurant->restaurants?, job->jobs?, event->events?, post->posts?, album->photo_albums?, video->videos?, saved_at
price_alerts | stock alerts: user->users?, security->securities?, product->products?, target_price, direction:above|below, is_active
escape_rooms | puzzle rooms: name, description?, difficulty?, capacity?, duration_minutes, price?
waivers | liability waivers, consent forms, consents: player->players?, customer->customers?, member->members?, patient->patients?, booking->bookings?, signed_by:varchar, signed_at
mentors | advisers, buddies: name, email!, bio?, expertise:text?
mentees | proteges: name, email!, bio?
mentoring_sessions | : mentor->mentors?, mentee->mentees?, starts_at, ends_at?, status:booked|done|cancelled, notes?
downtimes | stoppages, breakdowns: machine->equipment?, technician->mechanics?, reason:text?, started_at, ended_at?
outages | service outages, interruptions: title, description?, status:open|resolved, started_at, ended_at?
routers | modems: serial_number!, model?, customer->customers?, contract->contracts?, installed_at?
customer_vehicles | : customer->customers?, license_plate!, make, model, year:integer?, color?
rehearsals | band practices: title?, starts_at, ends_at?, location?
on_call_schedules | on call shifts, on call rotations: service->environments?, user->users?, engineer->mechanics?, starts_at, ends_at
comics | comic books, graphic novels, manga: title, publisher->publishers?, author?, price?
pull_lists | pull list entries: customer->customers?, comic->comics?, series->series?
cabins | bunks, tents, huts: name!, capacity?, counselor->experts?
medical_forms | health forms: child->children?, patient->patients?, allergies:text?, medications:text?, emergency_contact, signed_at?
faculties | : name!, description?
lab_results | : test->lab_tests?, sample->lab_samples?, technician->mechanics?, value:numeric, unit?, measured_at
permits | building permits, licences, licenses: permit_number!, title, site->branches?, project->projects?, contractor->contractors?, status:applied|approved|rejected|expired, issued_at?, expires_at?
designs | sketches, tattoo designs: title, description?, image_url?, artist->artists?, customer->customers?
drone_flights | : pilot->experts?, drone->robots?, mission->robot_missions?, starts_at, ends_at?, location?
flight_logs | logbook entries: flight->flights?, mission->robot_missions?, pilot->experts?, drone->robots?, aircraft->aircraft?, duration_minutes, notes?
artwork_loans | : artwork->artworks?, museum->museums?, exhibition->exhibitions?, starts_at, ends_at?, returned_at?
museums | : name, city?, email?
vinyls | vinyl records, lps: title, artist->artists?, release_year:integer?, condition?, price_paid:money?
targeting_rules | flag rules: flag->feature_flags?, environment->environments?, name, conditions:json, is_enabled
attachments | attached files: issue->issues?, task->tasks?, ticket->tickets?, message->messages?, email->emails?, post->posts?, card->cards?, comment->comments?, note->notes?, project->projects?, name, path:text, mime_type, size_bytes:bigint, uploader->users?
service_jobs | : title, description?, project->projects?, customer->customers?, translator->translators?, technician->mechanics?, language_pair->language_pairs?, status:open|in_progress|done, due_at?, price?
game_campaigns | tabletop campaigns: name, description?, status:planned|active|done
film_scenes | : number:integer, title, description?, location?
new_hires | : name, email!, job_title?, starts_at?
site_visits | : site->branches?, technician->mechanics?, visited_at, notes?
floors | storeys: name!, parking_lot->parking_lots?
user_achievements | user badges, earned badges: user->users, achievement->achievements, unlocked_at
`;
