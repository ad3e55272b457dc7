/** Tables that belong to a bundle or hang on another. One entity a line: `plural | other names: columns`. */
export const PARTS = `
work_order_parts | : work_order->work_orders, part->parts, quantity
households | : name, address?
home_rooms | : home->homes?, name, floor?
automations | scenes: home->homes?, device->devices?, name, trigger_rule:text, is_enabled
walks | dog walks: dog->dogs?, pet->pets?, walker->walkers?, starts_at, ends_at?, price?
sends | newsletter deliveries: campaign->campaigns?, newsletter->newsletters?, subscriber->subscribers?, sent_at, opened_at?
reading_entries | : user->users, book->books, status:to_read|reading|finished, started_at?, finished_at?
watchlist_entries | : user->users, movie->movies?, series->series?, status:to_watch|watching|watched, added_at
list_items | grocery items, shopping items, shopping list items: list->lists, name, quantity?, is_done
emails | mails: folder->folders?, user->users?, subject, body:text, sender:varchar(254), recipient:varchar(254), sent_at
dating_matches | : first_user->users, second_user->users, matched_at
dating_likes | : liker->users, liked->users, liked_at
poll_votes | : option->poll_options, voter->users
answer_choices | answer options, question options: question->questions, text, is_correct
exam_attempts | : exam->exams, student->students, score:numeric?, started_at, submitted_at?
card_reviews | : user->users, flashcard->flashcards, rating:integer, reviewed_at
sitters | pet sitters, babysitters, dog sitters: name, email!, phone?, hourly_rate:money?, bio?
voters | : name, email!
feature_requests | : title, description?, author->users, status:open|planned|done|rejected
chore_assignments | : chore->chores, member->members, due_at, is_done
chores | household chores: name, description?, frequency:daily|weekly|monthly, assignee->users?
wedding_tasks | : title, due_at?, is_done
shift_assignments | : shift->shifts, employee->employees
asset_assignments | : asset->assets, employee->employees, assigned_at, returned_at?
freelancers | contractors: name, email!, bio?, hourly_rate:money?
production_orders | : product->products, machine->machines?, quantity, starts_at, ends_at?, status:planned|running|done
sale_items | : sale->sales, product->products, quantity, unit_price:money
ledger_transactions | : description, posted_at
work_orders | repair orders: customer->customers?, vehicle->vehicles?, mechanic->mechanics?, description:text, status:open|in_progress|done, cost?
mechanics | technicians, engineers, repairmen: name, email!, phone?
itinerary_items | : trip->trips, title, location?, starts_at, notes?
snippets | code snippets, pastes: title, language?, body:text, owner->users?, is_public
file_shares | shares of files: file->files, shared_with->users, permission:read|write
vaults | : owner->users, name
vault_items | : vault->vaults, title, username:varchar?, secret_encrypted:text, url?
pet_visits | : pet->pets, reason:text, visited_at
adopters | : name, email!, phone?, address?
enclosures | : name, type?, capacity?
keepers | : name, email!
fantasy_teams | : league->leagues, owner->users, name
runners | : name, email!, birth_date?
collections | : name, owner->users, description?
collection_items | : collection->collections, name, condition?, acquired_at?
volunteer_opportunities | opportunities for volunteers: organization->organizations, title, description?, starts_at?
event_registrations | : event->events, member->members, registered_at
membership_fees | fees: member->members, amount, paid_at
lawyers | attorneys: name, email!, specialty?
case_documents | : case->cases, title, path:text
cases | legal cases, matters, legal matters: title, client->customers?, lawyer->lawyers?, status:open|closed, opened_at
construction_tasks | : project->projects, contractor->contractors?, title, due_at?, status:open|done
materials | supplies: name, unit, quantity:numeric?, unit_price:money?
cleaners | : name, email!, phone?
citizens | residents, inhabitants: first_name, last_name, email!, address?
composers | : name, birth_date?
pieces | music pieces, sheet music, compositions: title, composer->composers?, instrument?
found_items | lost items: name, description?, found_at, location?, status:open|claimed
item_claims | : found_item->found_items, claimant->users, claimed_at
contact_groups | : name!
relationships | family relations, kinships: person->people, relative->people, type:parent|child|spouse|sibling
blood_requests | : hospital?, blood_type, quantity_ml:integer, requested_at, status:open|fulfilled
session_notes | : patient->patients, therapist->therapists?, body:text
tutoring_sessions | : student->students, tutor->tutors, car->vehicles?, aircraft->aircraft?, starts_at, ends_at, status:booked|done|cancelled
gates | airport gates: code!, terminal?
weather_stations | stations for weather: name, location, latitude?, longitude?
weather_measurements | weather readings: weather_station->weather_stations, temperature, humidity?, pressure?, measured_at
election_candidates | : election->elections?, name, party?
election_votes | : election->elections?, candidate->candidates?, voter->voters?, voted_at
contact_notes | : contact->contacts?, deal->deals?, company->companies?, author->users?, body:text
project_members | : project->projects?, user->users?, name, email, role?
game_items | : player->players?, name, description?, rarity?, price?
complaints | customer complaints, grievances: customer->customers?, employee->employees?, resident->citizens?, property->properties?, subject, description:text, status:open|in_progress|resolved
blood_units | blood bags, blood stock: donation->blood_donations?, hospital->hospitals?, blood_type, volume_ml:integer, expires_at, status:available|reserved|used|expired
property_residents | : first_name, last_name, email!, phone?, property->properties?, moved_in_at?
maintenance_fees | service charges, community fees, condo fees: property->properties?, resident->citizens?, amount, due_at, paid_at?
board_game_matches | chess games: tournament->tournaments?, white_player->players, black_player->players, result:varchar?, played_at
player_ratings | elo ratings: player->players, rating:integer, rated_at
flight_tickets | boarding passes: flight->flights, passenger->customers, seat_number?, price, status:booked|checked_in|cancelled
seating_tables | : name, seats:integer
wedding_guests | : table->seating_tables?, name, email?, rsvp:pending|accepted|declined
device_schedules | : device->devices?, scene->automations?, name, runs_at, is_enabled
monitoring_stations | measuring stations: name, location, latitude?, longitude?
robot_missions | : robot->robots?, zone->zones?, status:planned|running|done|failed, started_at?, finished_at?
auth_sessions | login sessions, user sessions: user->users, token_hash!, expires_at
truck_schedules | : vehicle->vehicles?, location->branches?, starts_at, ends_at
motions | debate topics: text, description?
debates | rounds of debate: motion->motions?, judge->experts?, starts_at, result?
damages | damage reports, damage claims: loan->loans?, rental->rentals?, equipment->equipment?, vehicle->vehicles?, description:text, cost?, reported_at
camps | summer camps: name, starts_at, ends_at, location?, capacity?
plots | garden plots, allotments: number!, area_sqm:numeric?, is_available
waitlist_entries | waiting lists, waitlists, waiting list entries: event->events?, course->courses?, plot->plots?, name, email?, position
streaks | : habit->habits?, length_days:integer, starts_at, ends_at?
families | households of people: name
photo_shootings | shootings, photo shoots, photoshoots: customer->customers?, photographer->experts?, title, location?, starts_at, status:booked|done|cancelled
service_packages | : name, description?, price
relocations | house moves, removals: customer->customers?, truck->vehicles?, from_address, to_address, moves_at, status:booked|done|cancelled
lab_samples | : experiment->experiments?, label, collected_at
experiments | studies, trials: title, description?, researcher->experts?, started_at, ended_at?
experiment_results | : experiment->experiments?, sample->lab_samples?, value:numeric, recorded_at
comic_issues | : series->series?, comic->comics?, publisher->publishers?, number:integer, title?, published_at?
fictional_characters | : name, description?
course_modules | : course->courses?, title, position
playback_positions | playback progress, listening progress: user->users, episode->episodes, position_seconds:integer
crews | : name, description?
stage_plays | : title, playwright?, duration_minutes?
play_performances | : play->stage_plays?, venue->venues?, starts_at, price?
job_offers | : job->jobs?, candidate->candidates?, salary, status:sent|accepted|declined, offered_at
stays | boardings: pet->pets?, guest->guests?, room->rooms?, starts_at, ends_at, price?
batches | lots of goods, product batches: product->products?, medication->medications?, bean->beans?, recipe->recipes?, batch_number!, quantity, expires_at?
`;
