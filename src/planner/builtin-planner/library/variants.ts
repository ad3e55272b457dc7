import type { TableNotation } from '../notation.ts';
import { findEntity } from './entity-library.ts';

/** A word that means another thing beside certain tables: rooms beside messages are for chatting. */
interface Variant {
  readonly table: string;
  readonly beside: readonly string[];
  readonly entity: string;
}

const VARIANTS: readonly Variant[] = [
  { table: 'sessions', beside: ['roles', 'permissions', 'api_keys'], entity: 'auth_sessions' },
  { table: 'sessions', beside: ['chargers', 'charging_stations', 'charge_points'], entity: 'charging_sessions' },
  { table: 'tickets', beside: ['spots', 'parking_spots', 'parking_lots', 'parking_spaces'], entity: 'parking_sessions' },
  { table: 'tickets', beside: ['flights', 'airlines', 'passengers'], entity: 'flight_tickets' },
  { table: 'tickets', beside: ['exhibitions', 'visitors', 'shows', 'movies', 'screenings'], entity: 'event_tickets' },
  { table: 'matches', beside: ['profiles', 'likes', 'swipes'], entity: 'dating_matches' },
  { table: 'likes', beside: ['dating_matches', 'profiles', 'matches', 'swipes'], entity: 'dating_likes' },
  { table: 'listings', beside: ['agents', 'viewings', 'realtors'], entity: 'properties' },
  { table: 'issues', beside: ['newsletters', 'subscribers', 'editors', 'magazines'], entity: 'newsletters' },
  { table: 'programs', beside: ['hosts', 'songs', 'radio_stations', 'stations'], entity: 'radio_programs' },
  { table: 'donations', beside: ['blood_units', 'blood_requests'], entity: 'blood_donations' },
  { table: 'games', beside: ['tournaments', 'moves', 'openings'], entity: 'board_game_matches' },
  { table: 'ratings', beside: ['tournaments'], entity: 'player_ratings' },
  { table: 'missions', beside: ['robots', 'drones', 'zones'], entity: 'robot_missions' },
  { table: 'schedules', beside: ['devices', 'scenes', 'automations'], entity: 'device_schedules' },
  { table: 'schedules', beside: ['trucks', 'food_trucks', 'vehicles'], entity: 'truck_schedules' },
  { table: 'stations', beside: ['sensors', 'measurements', 'readings'], entity: 'monitoring_stations' },
  { table: 'residents', beside: ['apartments', 'buildings', 'properties', 'units', 'flats'], entity: 'property_residents' },
  { table: 'check_ins', beside: ['habits', 'streaks'], entity: 'habit_logs' },
  { table: 'packages', beside: ['photos', 'shootings', 'services', 'photo_shoots'], entity: 'service_packages' },
  { table: 'items', beside: ['suppliers', 'stock_levels', 'warehouses', 'purchase_orders'], entity: 'products' },
  { table: 'requests', beside: ['rides', 'passengers'], entity: 'ride_requests' },
  { table: 'hours', beside: ['lawyers', 'employees', 'projects'], entity: 'time_entries' },
  { table: 'rooms', beside: ['messages', 'chats'], entity: 'chat_rooms' },
  { table: 'rooms', beside: ['devices', 'homes'], entity: 'home_rooms' },
  { table: 'homes', beside: ['devices', 'automations'], entity: 'households' },
  { table: 'rooms', beside: ['talks', 'classes', 'courses', 'lessons', 'lectures'], entity: 'classrooms' },
  { table: 'cards', beside: ['decks'], entity: 'flashcards' },
  { table: 'classes', beside: ['trainers', 'memberships', 'members', 'instructors'], entity: 'gym_classes' },
  { table: 'tickets', beside: ['venues', 'events', 'attendees', 'concerts'], entity: 'event_tickets' },
  {
    table: 'tables',
    beside: ['menus', 'dishes', 'reservations', 'waiters', 'menu_items'],
    entity: 'restaurant_tables',
  },
  { table: 'items', beside: ['menus'], entity: 'menu_items' },
  { table: 'items', beside: ['players', 'characters', 'guilds'], entity: 'game_items' },
  { table: 'items', beside: ['orders'], entity: 'order_items' },
  { table: 'items', beside: ['auctions', 'bids'], entity: 'listings' },
  { table: 'items', beside: ['lists', 'shopping_lists'], entity: 'list_items' },
  { table: 'campaigns', beside: ['donors', 'donations', 'pledges'], entity: 'fundraisers' },
  { table: 'candidates', beside: ['elections', 'voters', 'votes'], entity: 'election_candidates' },
  { table: 'votes', beside: ['elections', 'candidates'], entity: 'election_votes' },
  { table: 'notes', beside: ['deals', 'contacts', 'leads'], entity: 'contact_notes' },
  { table: 'shows', beside: ['episodes', 'podcasts'], entity: 'podcasts' },
  { table: 'shows', beside: ['venues', 'tickets'], entity: 'events' },
  { table: 'options', beside: ['questions'], entity: 'answer_choices' },
  { table: 'answers', beside: ['questions', 'votes', 'threads'], entity: 'answers' },
  { table: 'visits', beside: ['pets', 'vets'], entity: 'pet_visits' },
  { table: 'visits', beside: ['patients', 'doctors'], entity: 'appointments' },
  { table: 'sessions', beside: ['movies', 'cinemas'], entity: 'screenings' },
  { table: 'sessions', beside: ['speakers', 'conferences', 'talks'], entity: 'talks' },
  { table: 'sessions', beside: ['patients', 'therapists', 'clients', 'trainers'], entity: 'appointments' },
  { table: 'records', beside: ['artists', 'labels'], entity: 'albums' },
  { table: 'stocks', beside: ['portfolios', 'holdings', 'trades'], entity: 'securities' },
  { table: 'routes', beside: ['stops', 'buses', 'stations', 'drivers'], entity: 'delivery_routes' },
  { table: 'lessons', beside: ['tutors', 'instructors', 'pupils', 'instruments'], entity: 'tutoring_sessions' },
  { table: 'units', beside: ['tenants', 'leases', 'properties', 'buildings'], entity: 'property_units' },
  { table: 'games', beside: ['leagues', 'seasons'], entity: 'matches' },
  { table: 'results', beside: ['races', 'runners'], entity: 'race_results' },
  { table: 'results', beside: ['quizzes'], entity: 'quiz_attempts' },
  { table: 'entries', beside: ['users', 'moods', 'journals'], entity: 'journal_entries' },
  { table: 'entries', beside: ['employees', 'timesheets'], entity: 'time_entries' },
  { table: 'loans', beside: ['customers', 'repayments', 'borrowers'], entity: 'debts' },
  { table: 'plans', beside: ['members', 'gym_classes', 'trainers'], entity: 'membership_plans' },
  { table: 'team_members', beside: ['projects', 'tasks'], entity: 'project_members' },
  { table: 'returns', beside: ['loans', 'books'], entity: 'loans' },
  { table: 'positions', beside: ['portfolios', 'trades'], entity: 'holdings' },
  { table: 'services', beside: ['incidents', 'log_entries', 'deployments'], entity: 'environments' },
  { table: 'accounts', beside: ['posts', 'followers', 'contacts', 'leads'], entity: 'organizations' },
  { table: 'tracks', beside: ['courses', 'conferences', 'talks'], entity: 'categories' },
];

/** The library's entity for a table among these others. */
export function entityBeside(table: string, others: readonly string[]): TableNotation | undefined {
  const variant = VARIANTS.find((one) => one.table === table && one.beside.some((name) => others.includes(name)));
  return findEntity(variant?.entity ?? table);
}
