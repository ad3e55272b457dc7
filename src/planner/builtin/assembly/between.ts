import { libraryName } from '../library/entity-library.ts';

/** Pairs of which everybody expects a table between them: `left right = table`, by their names in the library. */
export const BETWEEN: readonly (readonly [string, string, string])[] = [
  ['orders', 'products', 'order_items'],
  ['orders', 'menu_items', 'order_items'],
  ['orders', 'books', 'order_items'],
  ['carts', 'products', 'cart_items'],
  ['invoices', 'products', 'invoice_items'],
  ['purchase_orders', 'products', 'purchase_order_items'],
  ['students', 'courses', 'enrollments'],
  ['members', 'books', 'loans'],
  ['patients', 'doctors', 'appointments'],
  ['candidates', 'jobs', 'applications'],
  ['playlists', 'songs', 'playlist_songs'],
  ['recipes', 'ingredients', 'recipe_ingredients'],
  ['workouts', 'exercises', 'workout_exercises'],
  ['work_orders', 'parts', 'work_order_parts'],
  ['polls', 'users', 'votes'],
  ['teams', 'users', 'team_members'],
  ['responses', 'questions', 'answers'],
  ['members', 'gym_classes', 'class_bookings'],
  ['pets', 'adopters', 'adoptions'],
  ['teams', 'members', 'team_members'],
  ['members', 'events', 'event_registrations'],
  ['children', 'camps', 'registrations'],
  ['patients', 'beds', 'admissions'],
  ['orders', 'medications', 'order_items'],
  ['orders', 'beans', 'order_items'],
  ['orders', 'plants', 'order_items'],
  ['orders', 'parts', 'order_items'],
  ['orders', 'wines', 'order_items'],
  ['orders', 'comics', 'order_items'],
  ['users', 'achievements', 'user_achievements'],
];

/** The first of them hold in any text; the others only where the text leaves room. */
export const SURE_PAIRS = 7;

/** «an order contains products»: by a table between the two, not by a key in either. */
export function isExpectedBetween(owner: string, part: string): boolean {
  const pair = [libraryName(owner), libraryName(part)];
  return BETWEEN.slice(0, SURE_PAIRS).some(([left, right]) => left === pair[0] && right === pair[1]);
}
